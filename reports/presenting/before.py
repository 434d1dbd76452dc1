"""What stands pale beside actual and target on page 1: the period before, and the same one a year before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.reader import Reader
from reports.presenting.unlike import marked
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import HistoryPoint


def periods_before(card: Scorecard) -> tuple[str, ...]:
    """Those of the two of which any KPI knows its value, the newer first; for a year both are one.

    They are of the card's own history, so that no number is printed that its JSON does not have.
    """
    own = Period.parse(card.period)
    known = {point.period for result in card.results for point in result.history if point.actual is not None}
    wished = dict.fromkeys((str(own.shift(-1)), str(own.a_year_before())))
    return tuple(period for period in wished if period in known)


def values_before(result: KpiResult, periods: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """The KPI's values in these periods, short."""
    known = {point.period: _short(result, point, reader) for point in result.history}
    return tuple(known.get(period, NOTHING) for period in periods)


def _short(result: KpiResult, point: HistoryPoint, reader: Reader) -> str:
    """A value with the mark of a period that cannot be read like the others."""
    return NOTHING if point.actual is None else marked(shortly(result, point.actual, reader), point)


def shortly(result: KpiResult, value: Decimal | None, reader: Reader) -> str:
    """A value of the KPI beside its actual; a dash where there is none."""
    return NOTHING if value is None else reader.figures.compact(value, result.unit, result.decimals)


def headings_before(periods: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """What the column is headed with: the periods, short."""
    return tuple(map(reader.figures.periods.short, periods))
