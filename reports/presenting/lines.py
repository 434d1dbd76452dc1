"""The lines of the card: the table of page 1 and the detail behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reports.columns import AGREED, WIDE, is_long
from reports.figures import NOTHING
from reports.presenting.before import values_before
from reports.presenting.drivers import change_steps, drivers_view
from reports.presenting.firstpage import FirstPage
from reports.presenting.levels import judged_figure
from reports.presenting.outlooks import outlook_steps
from reports.presenting.reader import Reader
from reports.presenting.targets import target_figure, target_in_table
from reports.presenting.to_date import year_in_table, year_steps
from reports.presenting.trends import kpi_bullet, kpi_sparkline
from reports.presenting.workings import short_reason, steps_of
from reports.views import AreaView, KpiDetail, KpiRow, Subtotal, WorkingStep
from reports.wording import msgid
from scoring.scorecard import AreaResult, KpiResult

DIRECTIONS = {
    "higher": msgid("Higher is better."),
    "lower": msgid("Lower is better."),
    "range": msgid("Best is what was agreed, neither more nor less."),
}


Said = Mapping[str, tuple[WorkingStep, ...]]
"""What people say of lines, by KPI."""


def area_view(area: AreaResult, reader: Reader, said: Said, page_1: FirstPage) -> AreaView:
    """An area with its subtotal and lines, what is `said` of them, set as `page_1` says."""
    rows = tuple(_row(result, reader, page_1) for result in area.results)
    return AreaView(**_subtotal(area, reader), rows=rows, details=details_of(area, reader, said))


def subtotal_of(area: AreaResult, reader: Reader) -> Subtotal:
    """The area without its lines."""
    return Subtotal(**_subtotal(area, reader))


def _subtotal(area: AreaResult, reader: Reader) -> dict[str, Any]:
    return {
        "name": area.name.to(reader.words.language),
        "status": reader.status(area.band),
        "score": reader.score(area.score),
        "weight": reader.weight(*(result.kpi_id for result in area.results)),
        "points": reader.points(area.points),
        "veto": _veto(area, reader),
    }


def details_of(area: AreaResult, reader: Reader, said: Said) -> tuple[KpiDetail, ...]:
    """The lines of an area with their workings; the table of page 1 and its charts are drawn apart."""
    return tuple(_detail(result, reader, said.get(result.kpi_id, ())) for result in area.results)


def further_steps(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """What is said beside the score, if anything: the year to date, what is left to do, what moved it."""
    return (
        *year_steps(result, reader),
        *outlook_steps(result, reader),
        *change_steps(result, reader),
    )


def direction_text(direction: str, reader: Reader) -> str:
    """Which way is better; an unknown direction by its own name."""
    return reader.words.say(DIRECTIONS[direction]) if direction in DIRECTIONS else direction.replace("_", " ")


def _veto(area: AreaResult, reader: Reader) -> str:
    if area.overruled_by is None:
        return ""
    return reader.words.say("vetoed by “%(kpi)s”", kpi=reader.kpi(area.overruled_by))


def _row(result: KpiResult, reader: Reader, page_1: FirstPage) -> KpiRow:
    figures = reader.figures
    return KpiRow(
        kpi_id=result.kpi_id,
        name=result.name.to(reader.words.language),
        status=reader.status(result.band),
        actual=judged_figure(result, reader) or figures.in_table(result.actual, result.unit, result.decimals),
        target=target_in_table(result, figures),
        attainment=figures.percent(result.attainment, 1).text,
        weight=_weight(result, reader),
        score=reader.score(result.score),
        sparkline=kpi_sparkline(result, reader),
        bullet=kpi_bullet(result, reader),
        reason=short_reason(result, reader),
        turns=result.kpi_id in page_1.turns,
        before=values_before(result, page_1.before, reader),
        year=year_in_table(result, reader),
    )


def _detail(result: KpiResult, reader: Reader, comment: tuple[WorkingStep, ...]) -> KpiDetail:
    figures = reader.figures
    is_rescaled = result.score is not None and result.effective_weight != result.weight
    return KpiDetail(
        kpi_id=result.kpi_id,
        name=result.name.to(reader.words.language),
        status=reader.status(result.band),
        target=target_figure(result, figures),
        actual=judged_figure(result, reader) or figures.value(result.actual, result.unit, result.decimals),
        attainment=figures.percent(result.attainment, 2).text,
        weight=_weight(result, reader),
        effective_weight=_effective(result, reader) if is_rescaled or result.score is None else "",
        score=reader.score(result.score),
        points=reader.points(result.points),
        steps=(*steps_of(result, reader), *further_steps(result, reader)),
        comment=comment,
        drivers=drivers_view(result, reader),
    )


def _weight(result: KpiResult, reader: Reader) -> str:
    return reader.weight(result.kpi_id) if result.weight else reader.words.say("info")


def _effective(result: KpiResult, reader: Reader) -> str:
    return NOTHING if result.score is None else reader.figures.number(result.effective_weight, 2)


def figures_room(areas: Iterable[AreaView]) -> float:
    """How wide the workings' columns of targets and actuals are, in mm: wider for large amounts."""
    figures = [figure for area in areas for item in area.details for figure in (item.target, item.actual)]
    fits = all(figure.is_long or not is_long(figure, AGREED) for figure in figures)
    return AGREED if fits else WIDE
