"""The past periods as charts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from reports.charts import TrendPoint, TrendSpec, bullet_graph, sparkline, trend_chart
from reports.palette import TONES
from reports.presenting.reader import Reader
from reports.presenting.unlike import marked, unlike_lines
from reports.views import TrendView
from scoring.period import Cadence, Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import HistoryPoint

TOTALS_SHOWN = 12
FIGURES_SHOWN = 13
ON_TARGET = 100.0
ZERO = Decimal(0)


def total_chart(card: Scorecard, reader: Reader) -> Markup:
    """The last 12 totals, each labelled, against the line at 100."""
    history = card.total_history[-TOTALS_SHOWN:]
    points = [_total_point(point, reader, is_first=index == 0) for index, point in enumerate(history)]
    title = reader.words.say("Total score over time: %(values)s", values=_in_words(history, points, reader))
    spec = TrendSpec(
        width=392,
        height=126,
        size=8.6,
        colour=TONES[card.band].fill,
        title=title,
        desc=reader.words.say("The dashed line at 100 is the target."),
        target_label="100",
        every_label=True,
        low_label=_zero_label(points),
        has_years=True,
    )
    return trend_chart(points, spec)


def _total_point(point: HistoryPoint, reader: Reader, *, is_first: bool) -> TrendPoint:
    return TrendPoint(
        actual=_float(point.actual),
        target=ON_TARGET,
        label="" if point.actual is None else marked(reader.score(point.actual), point),
        tick=reader.figures.periods.tick(point.period),
        year=_year_told(point.period, reader, is_first=is_first),
        is_unlike=bool(point.unlike),
    )


def has_trend(result: KpiResult) -> bool:
    """Whether there is anything to draw: levels that people chose have no figures."""
    return any(point.actual is not None or point.target is not None for point in result.history)


def kpi_trend(result: KpiResult, reader: Reader) -> TrendView:
    """The last 13 figures of a KPI against its target, the newest and the ends of the scale labelled."""
    history = result.history[-FIGURES_SHOWN:]
    name = result.name.to(reader.words.language)
    ends = (0, len(history) - 1)
    points = [_point(result, point, reader, has_tick=at in ends) for at, point in enumerate(history)]
    spec = TrendSpec(
        width=212,
        height=92,
        size=8,
        colour=TONES[result.band].fill,
        title=reader.words.say("%(name)s: %(values)s", name=name, values=_in_words(history, points, reader)),
        desc=reader.words.say("Line: actual. Dashed: target."),
        target_label=_target_label(result, reader),
        low_label=_end_label(result, min(_drawn(history)), reader),
        high_label=_high_label(result, history, reader),
    )
    return TrendView(
        name=name,
        status=reader.status(result.band),
        chart=trend_chart(points, spec),
        unlike=unlike_lines(history, reader),
    )


def _point(result: KpiResult, point: HistoryPoint, reader: Reader, *, has_tick: bool) -> TrendPoint:
    return TrendPoint(
        actual=_float(point.actual),
        target=_float(point.target),
        target_high=_float(point.target_high),
        label=_label(result, point, reader),
        tick=reader.figures.periods.short(point.period) if has_tick else "",
        is_unlike=bool(point.unlike),
    )


def _drawn(history: Sequence[HistoryPoint]) -> list[Decimal]:
    """Every number that a trend shows, and 0, where its scale begins."""
    shown = [each for point in history for each in (point.actual, point.target, point.target_high)]
    return [ZERO, *(each for each in shown if each is not None)]


def _end_label(result: KpiResult, end: Decimal, reader: Reader) -> str:
    """The number at an end of the scale; 0 has no unit."""
    return _short(result, end, reader) if end else "0"


def _high_label(result: KpiResult, history: Sequence[HistoryPoint], reader: Reader) -> str:
    """The number at the upper end, if it does not stand on the right already."""
    high = max(_drawn(history))
    newest = (point.actual for point in history[-1:] if point.actual is not None)
    on_the_right = {_target_label(result, reader), *(_short(result, value, reader) for value in newest)}
    label = _end_label(result, high, reader) if high else ""
    return "" if label in on_the_right else label


def _label(result: KpiResult, point: HistoryPoint, reader: Reader) -> str:
    return "" if point.actual is None else marked(_short(result, point.actual, reader), point)


def _zero_label(points: Sequence[TrendPoint]) -> str:
    """What stands at the lower end of the totals: 0, unless a total is below it."""
    return "" if any(point.actual is not None and point.actual < 0 for point in points) else "0"


def _target_label(result: KpiResult, reader: Reader) -> str:
    """The target's number; of a range the lower end, where its lower line is."""
    target = result.target if result.target_low is None else result.target_low
    return "" if target is None else _short(result, target, reader)


def kpi_sparkline(result: KpiResult, reader: Reader) -> Markup:
    """The last 13 figures of a KPI at the size of a word."""
    history = result.history[-FIGURES_SHOWN:]
    return sparkline(
        [_float(point.actual) for point in history],
        TONES[result.band].fill,
        title=_sparkline_in_words(result, history, reader),
        desc=reader.words.say("The dot is the newest figure, the pale line its target."),
        target=_float(history[-1].target) if history else None,
        hollow=[index for index, point in enumerate(history) if point.unlike],
    )


def _sparkline_in_words(result: KpiResult, history: Sequence[HistoryPoint], reader: Reader) -> str:
    name = result.name.to(reader.words.language)
    known = [point.actual for point in history if point.actual is not None]
    if not known:
        return reader.words.say("%(name)s: no past figures", name=name)
    return reader.words.say(
        "%(name)s over %(number)s periods, from %(first)s to %(last)s",
        name=name,
        number=len(history),
        first=_short(result, known[0], reader),
        last=_short(result, known[-1], reader),
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


def _in_words(history: Sequence[HistoryPoint], points: Sequence[TrendPoint], reader: Reader) -> str:
    """The chart for somebody who cannot see it: each period with its value."""
    none, short = reader.words.say("none"), reader.figures.periods.short
    drawn = zip(history, points, strict=True)
    return reader.words.listing([f"{short(past.period)} {point.label or none}" for past, point in drawn])


_SAYS_YEAR = {Cadence.YEAR, Cadence.FISCAL_YEAR, Cadence.SPAN}


def _year_told(text: str, reader: Reader, *, is_first: bool) -> str:
    """The year under the first period and under the first one of each year; a year says itself."""
    period = Period.parse(text)
    is_told = period.cadence not in _SAYS_YEAR and (is_first or period.number == 1)
    return reader.figures.periods.year(text) if is_told else ""


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
