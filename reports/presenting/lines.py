"""The lines of the card: the table of page 1 and the detail behind it."""

from __future__ import annotations

from reports.figures import NOTHING, digits_of
from reports.presenting.reader import Reader
from reports.presenting.trends import kpi_bullet, kpi_sparkline
from reports.presenting.workings import short_reason, steps_of
from reports.views import AreaView, KpiDetail, KpiRow
from reports.wording import msgid
from scoring.arithmetic import HUNDRED
from scoring.kpi import Unit
from scoring.scorecard import AreaResult, KpiResult

DIRECTIONS = {"higher": msgid("Higher is better."), "lower": msgid("Lower is better.")}


def area_view(area: AreaResult, reader: Reader) -> AreaView:
    """An area with its subtotal and lines."""
    return AreaView(
        name=area.name.to(reader.words.language),
        status=reader.status(area.band),
        score=reader.score(area.score),
        weight=reader.weight(area.weight),
        points=reader.points(area.points),
        rows=tuple(_row(result, reader) for result in area.results),
        details=tuple(_detail(result, reader) for result in area.results),
    )


def direction_text(direction: str, reader: Reader) -> str:
    """Which way is better; an unknown direction by its own name."""
    return reader.words.say(DIRECTIONS[direction]) if direction in DIRECTIONS else direction.replace("_", " ")


def target_decimals(result: KpiResult) -> int:
    """The digits that show an agreed target as it was agreed, at most two more than the KPI's own."""
    if result.target is None:
        return result.decimals
    shown = result.target * HUNDRED if result.unit == Unit.PERCENT else result.target
    return min(max(result.decimals, digits_of(shown)), result.decimals + 2)


def _row(result: KpiResult, reader: Reader) -> KpiRow:
    figures = reader.figures
    return KpiRow(
        name=result.name.to(reader.words.language),
        status=reader.status(result.band),
        actual=figures.in_table(result.actual, result.unit, result.decimals),
        target=figures.in_table(result.target, result.unit, target_decimals(result)),
        attainment=figures.percent(result.attainment, 1).text,
        weight=reader.weight(result.weight),
        score=reader.score(result.score),
        sparkline=kpi_sparkline(result, reader),
        bullet=kpi_bullet(result, reader),
        reason=short_reason(result, reader),
    )


def _detail(result: KpiResult, reader: Reader) -> KpiDetail:
    figures = reader.figures
    is_rescaled = result.score is not None and result.effective_weight != result.weight
    return KpiDetail(
        name=result.name.to(reader.words.language),
        status=reader.status(result.band),
        target=figures.value(result.target, result.unit, target_decimals(result)),
        actual=figures.value(result.actual, result.unit, result.decimals),
        attainment=figures.percent(result.attainment, 2).text,
        weight=reader.weight(result.weight),
        effective_weight=_effective(result, reader) if is_rescaled or result.score is None else "",
        score=reader.score(result.score),
        points=reader.points(result.points),
        steps=steps_of(result, reader),
    )


def _effective(result: KpiResult, reader: Reader) -> str:
    return NOTHING if result.score is None else reader.figures.number(result.effective_weight, 2)
