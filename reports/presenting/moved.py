"""What a KPI was in the period before and is now, where the two can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from reports.presenting.reader import Reader
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import HistoryPoint

DIRECTED = ("higher", "lower")


@dataclass(frozen=True, slots=True)
class Moved:
    """A KPI's value in the period `before` and now."""

    result: KpiResult
    before: str
    past: Decimal
    now: Decimal

    @property
    def better(self) -> Decimal:
        """How much better it is, as a part of what it was; below zero where it is worse."""
        change = (self.now - self.past) / abs(self.past)
        return -change if self.result.direction == "lower" else change

    def shown(self, reader: Reader) -> tuple[str, str]:
        """Both as they are printed, the past one first."""
        return shown(self.past, self.result, reader), shown(self.now, self.result, reader)


def moved_seen(card: Scorecard, reader: Reader) -> list[Moved]:
    """The KPIs whose values as they are printed show that they moved since the period before."""
    before = str(Period.parse(card.period).shift(-1))
    found = chain.from_iterable(_moved(result, before) for result in filter(_can_be_compared, card.results))
    return [moved for moved in found if _is_seen(reader, moved)]


def shown(value: Decimal, result: KpiResult, reader: Reader) -> str:
    """A value of the KPI as the pages behind the first print it."""
    return reader.figures.value(value, result.unit, result.decimals).text


def is_something(text: str) -> bool:
    """Whether a printed number is not zero."""
    return any(digit in text for digit in "123456789")


def _can_be_compared(result: KpiResult) -> bool:
    """Not where neither more nor less is better, or where the days are others, as of a year to date.

    No more where its own figure is not whole.
    """
    is_alike = not any(point.unlike for point in result.history[-1:])
    return result.direction in DIRECTED and result.span is None and is_alike


def _moved(result: KpiResult, before: str) -> Iterator[Moved]:
    """Nothing where the period before had no target, and so perhaps other days, is unlike, or began at 0."""
    past = next((point for point in result.history if point.period == before and _is_alike(point)), None)
    if past and past.actual and result.actual not in (None, past.actual):
        yield Moved(result, before, past.actual, result.actual)


def _is_alike(point: HistoryPoint) -> bool:
    """Whether it has a target, and is of whole data and the same days and teams."""
    return not point.unlike and _has_target(point)


def _has_target(point: HistoryPoint) -> bool:
    return point.target is not None or point.target_high is not None


def _is_seen(reader: Reader, moved: Moved) -> bool:
    """Whether the values as they are printed show the movement."""
    past, now = moved.shown(reader)
    return now != past and is_something(past)
