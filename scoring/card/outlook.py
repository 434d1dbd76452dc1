"""The outlook of each line whose days are not over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.aims import Cumulative
from scoring.card.inputs import CardInputs
from scoring.card.line import Line
from scoring.card.results import with_results
from scoring.card.window import Past
from scoring.formula import Formula
from scoring.known import Known
from scoring.kpi import Kpi
from scoring.outlook import Ahead, Outlook, Stretch, outlook, run_rate, stretch_of, tried_on
from scoring.period import Period
from scoring.scorecard import AreaResult, KpiResult
from scoring.spans import days_of, months_in, shifted


def with_outlooks(
    areas: tuple[AreaResult, ...], inputs: CardInputs, window: Sequence[Past]
) -> tuple[AreaResult, ...]:
    """The areas with what is left to do for each line, where the card looks ahead."""
    ahead = inputs.ahead
    if ahead is None or inputs.period in inputs.parted:
        return areas
    lines = {line.kpi.id: line for line in window[-1].lines}

    def look(result: KpiResult) -> KpiResult:
        return replace(result, outlook=_outlook(lines[result.kpi_id], ahead, window))

    return with_results(areas, look)


def _outlook(line: Line, ahead: Ahead, window: Sequence[Past]) -> Outlook | None:
    goal, until = _goal(line), ahead.until.get(line.kpi.id)
    stretch = None if until is None else stretch_of(line.kpi, line.terms, until)
    return None if goal is None or stretch is None else _told(line.kpi, (stretch, goal), ahead, window)


def _told(kpi: Kpi, reached: tuple[Stretch, Decimal], ahead: Ahead, window: Sequence[Past]) -> Outlook | None:
    so_far = _so_far(kpi, reached[0], window[-1].known)
    if so_far is None:
        return None
    return outlook(*reached, so_far, ahead.counts, [*_tried(kpi, reached[0], ahead, window)])


def _goal(line: Line) -> Decimal | None:
    """What is to be reached on the last day: of a year to date all of what was agreed."""
    if isinstance(line.terms.row.aim, Cumulative):
        return line.terms.row.target
    return None if line.target is None else line.target.number


def _so_far(kpi: Kpi, stretch: Stretch, known: Known) -> Decimal | None:
    return _value(kpi, shifted(known.measures, stretch.so_far))


def _value(kpi: Kpi, measures: Mapping[str, Decimal]) -> Decimal | None:
    value = Formula.parse(kpi.formula).evaluate(measures)
    return value if isinstance(value, Decimal) else None


def _tried(
    kpi: Kpi, stretch: Stretch, ahead: Ahead, window: Sequence[Past]
) -> Iterator[tuple[Decimal, Decimal]]:
    """What would have been said of the earlier periods that lack nothing, and what each came to."""
    whole = {past.period: past.known for past in window[:-1] if not _lacks(kpi, past.period, ahead)}
    for period, part in tried_on(stretch, window[-1].period, whole, ahead.counts).items():
        yield from _said(kpi, part, whole[period], ahead)


def _lacks(kpi: Kpi, period: Period, ahead: Ahead) -> bool:
    return any(str(month) in ahead.lacking.get(kpi.id, ()) for month in months_in(days_of(period)))


def _said(kpi: Kpi, part: Stretch, known: Known, ahead: Ahead) -> Iterator[tuple[Decimal, Decimal]]:
    """Nothing where there are no figures."""
    so_far, came_to = _so_far(kpi, part, known), _value(kpi, known.measures)
    said = None if so_far is None else run_rate(so_far, *part.days(ahead.counts))
    if said is not None and came_to is not None:
        yield said, came_to
