"""Which measures, over which days, the key results on a period's cards need."""

from __future__ import annotations

from dataclasses import dataclass

from book.model import Book
from scoring.formula import Formula
from scoring.okr.agreed import KeyResult, Objective, Way
from scoring.period import Period
from scoring.spans import Days
from warehouse import measure_catalog


@dataclass(frozen=True, slots=True)
class MeasuredResult:
    """A key result by its ref, the measures behind it, and the days that they are summed over."""

    ref: str
    names: tuple[str, ...]
    days: Days


def objectives_shown(book: Book, period: Period) -> tuple[Objective, ...]:
    """The objectives whose period contains the last day of `period`."""
    return tuple(objective for objective in book.objectives if period.last_day in objective.period)


def days_so_far(objective: Objective, period: Period) -> Days:
    """From the objective's first day to the last day of a period that ends within it."""
    return objective.period.start, period.end


def measured_results(book: Book, period: Period, team_id: str) -> tuple[MeasuredResult, ...]:
    """The team's key results that get their number from a KPI or a measure."""
    return tuple(
        MeasuredResult(objective.ref(item), _names(book, item), days_so_far(objective, period))
        for objective in book.objectives_by_team.get(team_id, ())
        if period.last_day in objective.period
        for item in objective.key_results
        if item.way in (Way.KPI, Way.MEASURE)
    )


def measure_units() -> dict[str, str]:
    """The unit of each measure, by its name."""
    return {name: spec.unit.value for name, spec in measure_catalog().items()}


def _names(book: Book, item: KeyResult) -> tuple[str, ...]:
    return Formula.parse(book.kpis[item.of].formula).names if item.way is Way.KPI else (item.of,)
