"""The past months as charts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from reports.charts import TrendPoint, TrendSpec, bullet_graph, sparkline, trend_chart
from reports.palette import TONES
from reports.presenting.reader import Reader
from reports.views import TrendView
from scoring.scorecard import HistoryPoint, KpiResult, Scorecard

TOTAL_MONTHS = 12
KPI_MONTHS = 13
ON_TARGET = 100.0


def total_chart(card: Scorecard, reader: Reader) -> Markup:
    """The totals of the last 12 months, each labelled, against the line at 100."""
    history = card.total_history[-TOTAL_MONTHS:]
    points = [
        TrendPoint(
            actual=_float(point.actual),
            target=ON_TARGET,
            label="" if point.actual is None else reader.score(point.actual),
            tick=reader.figures.month_tick(point.period),
            # the year is told once: under the first month and under each January
            year=point.period[:4] if index == 0 or point.period.endswith("-01") else "",
        )
        for index, point in enumerate(history)
    ]
    title = reader.words.say(
        "Total score, last %(number)s months: %(values)s",
        number=len(history),
        values=_in_words([(point.period, label.label) for point, label in _pairs(history, points)], reader),
    )
    spec = TrendSpec(
        width=392,
        height=126,
        size=8.6,
        colour=TONES[card.band].fill,
        title=title,
        desc=reader.words.say("The dashed line at 100 is the target."),
        target_label="100",
        every_label=True,
        has_years=True,
    )
    return trend_chart(points, spec)


def kpi_trend(result: KpiResult, reader: Reader) -> TrendView:
    """The last 13 months of a KPI against its target, the first and the newest month labelled."""
    history = result.history[-KPI_MONTHS:]
    name = result.name.to(reader.words.language)
    points = [
        TrendPoint(
            actual=_float(point.actual),
            target=_float(point.target),
            label="" if point.actual is None else _short(result, point.actual, reader),
            tick=reader.figures.month_short(point.period) if index in (0, len(history) - 1) else "",
        )
        for index, point in enumerate(history)
    ]
    spoken = [(point.period, label.label) for point, label in _pairs(history, points)]
    spec = TrendSpec(
        width=212,
        height=92,
        size=8,
        colour=TONES[result.band].fill,
        title=reader.words.say("%(name)s: %(values)s", name=name, values=_in_words(spoken, reader)),
        desc=reader.words.say("Line: actual. Dashed: target."),
        target_label="" if result.target is None else _short(result, result.target, reader),
    )
    return TrendView(
        name=name,
        status=reader.status(result.band),
        chart=trend_chart(points, spec),
    )


def kpi_sparkline(result: KpiResult, reader: Reader) -> Markup:
    """The last 13 months of a KPI at the size of a word."""
    history = result.history[-KPI_MONTHS:]
    name = result.name.to(reader.words.language)
    known = [point.actual for point in history if point.actual is not None]
    title = reader.words.say("%(name)s: no past months", name=name)
    if known:
        title = reader.words.say(
            "%(name)s over %(number)s months, from %(first)s to %(last)s",
            name=name,
            number=len(history),
            first=_short(result, known[0], reader),
            last=_short(result, known[-1], reader),
        )
    return sparkline(
        [_float(point.actual) for point in history],
        TONES[result.band].fill,
        title=title,
        desc=reader.words.say("The dot is the newest month."),
    )


def kpi_bullet(result: KpiResult, reader: Reader) -> Markup | None:
    """The attainment as a bullet graph; None where there is no attainment."""
    if result.attainment is None:
        return None
    title = reader.words.say(
        "%(name)s: %(attainment)s of target",
        name=result.name.to(reader.words.language),
        attainment=reader.figures.percent(result.attainment, 1).text,
    )
    desc = reader.words.say("The bar is the attainment, the line is the target.")
    return bullet_graph(float(result.attainment), TONES[result.band].fill, title=title, desc=desc)


def _short(result: KpiResult, value: Decimal, reader: Reader) -> str:
    return reader.figures.compact(value, result.unit, result.decimals)


def _in_words(months: Sequence[tuple[str, str]], reader: Reader) -> str:
    """The chart for somebody who cannot see it: each month with its value."""
    none = reader.words.say("none")
    return reader.words.listing(
        [f"{reader.figures.month_short(period)} {label or none}" for period, label in months]
    )


def _pairs(
    history: Sequence[HistoryPoint], points: Sequence[TrendPoint]
) -> list[tuple[HistoryPoint, TrendPoint]]:
    return list(zip(history, points, strict=True))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
