"""The rows of a figure on a card and of the same figure in an earlier period, if they make both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, product

from scoring.canonical import plain_number
from scoring.drivers.note import DriversNote
from scoring.drivers.noting import note_of
from scoring.drivers.quotient import Quotient, quotient_of
from scoring.formula import Formula
from scoring.kpi import Kpi, Unit
from scoring.period import Period
from scoring.scorecard import AreaResult, KpiResult, Scorecard
from scoring.spans import Days, days_of, split_name
from scoring.working import MeasureValue, Reason
from warehouse.catalog import measure_catalog
from warehouse.engine import Warehouse
from warehouse.member_rows import MemberRows
from warehouse.members import MeasureRows, drivers_by, ways
from warehouse.tracing import SourceRow, summed

MORE_DIGITS = 2
"""Digits of the parts behind those of the figure, so that small ones can be seen."""
_MORE_DIGITS = {Unit.PERCENT.value: MORE_DIGITS + 2}
"""Those of what is held as a fraction."""

Read = Callable[[str, Days], tuple[SourceRow, ...]]
"""What reads the rows of a measure over days."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a card's period, and what it was `before`, in an earlier period `base`, as a card shows it.

    All of its measures are still computed by a SQL file.
    """

    result: KpiResult
    period: Period
    base: Period
    before: Decimal

    @property
    def figures(self) -> tuple[Decimal, Decimal]:
        """The figure of `base`, and that of now."""
        return self.before, self.result.actual or Decimal(0)

    @property
    def days(self) -> tuple[Days, ...]:
        """All days of both figures."""
        both = ((self._days_before(each), self._days(each)) for each in self.result.measures)
        return tuple(chain.from_iterable(both))

    def rows(self, read: Read) -> tuple[MeasureRows, ...]:
        """The rows of each measure in both periods."""
        return tuple(self._rows(measure, read) for measure in self.result.measures)

    def misfit(self, rows: Sequence[MeasureRows]) -> str:
        """Which figure the rows do not make as the card has it; empty where they make both."""
        return next(chain(self._misfits_now(rows), self._misfits_before(rows)), "")

    def is_of_other_days(self, read: Read) -> bool:
        """Whether the figure of `base` is that of its own days, while that of now is of others."""
        alone = replace(self, result=replace(self.result, target_workings=()))
        return self.result.span is not None and not [*alone._misfits_before(alone.rows(read))]

    def _rows(self, measure: MeasureValue, read: Read) -> MeasureRows:
        name = split_name(measure.name)[0]
        rows = read(name, self._days_before(measure)), read(name, self._days(measure))
        return MeasureRows(measure.name, measure_catalog()[name].fact, *rows)

    def _days(self, measure: MeasureValue) -> Days:
        return days_of(self.period, split_name(measure.name)[1] or self.result.span)

    def _days_before(self, measure: MeasureValue) -> Days:
        """The days of the measure in `base`: all of it, where the card's own span has none there."""
        days = days_of(self.base, split_name(measure.name)[1] or self.result.span)
        return days if days[0] < days[1] else days_of(self.base)

    def _misfits_now(self, rows: Sequence[MeasureRows]) -> Iterator[str]:
        for of, measure in zip(rows, self.result.measures, strict=True):
            found, expected = summed(of.now), measure.value or Decimal(0)
            if found != expected:
                yield _instead(of.name, found, expected, str(self.period))

    def _misfits_before(self, rows: Sequence[MeasureRows]) -> Iterator[str]:
        found = Formula.parse(self.result.formula).evaluate({of.name: summed(of.before) for of in rows})
        if isinstance(found, Reason):
            yield f"no figure of {self._base} ({found})"
        elif found != self.before:
            yield _instead("the figure", found, self.before, self._base)

    @property
    def _base(self) -> str:
        """The days of the figure of `base`, which a year to date has more of."""
        days = [*map(self._days_before, self.result.measures)]
        first, until = min(first for first, _ in days), max(until for _, until in days)
        is_base = (first, until) == days_of(self.base)
        return str(self.base) if is_base else f"{first} to {until - timedelta(days=1)}"


def _instead(name: str, found: Decimal, expected: Decimal, days: str) -> str:
    return f"{name} {plain_number(found)} of {days} instead of {plain_number(expected)}"


def rows_for(warehouse: Warehouse, kpis: Iterable[Kpi], period: Period) -> MemberRows:
    """What cards of the period with these KPIs need of the rows behind the figures that ask for it."""
    rows = MemberRows(warehouse)
    asked = (Formula.parse(kpi.formula).names for kpi in kpis if kpi.drivers)
    for name, of in product(chain.from_iterable(asked), (period, period.shift(-1))):
        measure, span = split_name(name)
        rows.know(measure, days_of(of, span))
    return rows


def with_drivers(
    rows: MemberRows, card: Scorecard, kpis: Mapping[str, Kpi], members: Sequence[str]
) -> Scorecard:
    """The card with what moved those of its figures whose KPIs ask for it, since the period before.

    `members` are the teams whose rows a department's card adds up. A figure has none where rows do not make
    it, or its figure in the trend, such as a year to date after a single month.
    """
    teams = tuple(members) or (card.team_id,)
    read = partial(rows.read, teams)
    asking = (result for result in card.results if kpis[result.kpi_id].drivers)
    found = {result.kpi_id: _note(card, result, read) for result in asking}
    return replace(card, areas=tuple(_with_notes(area, found) for area in card.areas)) if found else card


def _with_notes(area: AreaResult, notes: Mapping[str, DriversNote | None]) -> AreaResult:
    results = (replace(each, drivers=notes.get(each.kpi_id)) for each in area.results)
    return replace(area, results=tuple(results))


def _note(card: Scorecard, result: KpiResult, read: Read) -> DriversNote | None:
    compared = _compared(card, result)
    quotient = quotient_of(Formula.parse(result.formula))
    if compared is None or quotient is None:
        return None
    rows = compared.rows(read)
    return None if compared.misfit(rows) else _noted(compared, quotient, rows)


def _noted(compared: Compared, quotient: Quotient, rows: Sequence[MeasureRows]) -> DriversNote:
    by = {of.fact: ways(of.fact)[0] for of in rows}
    return note_of(
        str(compared.base),
        compared.figures,
        quotient,
        drivers_by(rows, by, quotient),
        compared.result.decimals + _MORE_DIGITS.get(compared.result.unit, MORE_DIGITS),
        has_rates=len(by) == 1 and quotient.below is not None,
    )


def _compared(card: Scorecard, result: KpiResult) -> Compared | None:
    """The figure and that of the period before; None where one is missing."""
    period = Period.parse(card.period)
    base = period.shift(-1)
    past = next((point.actual for point in result.history if point.period == str(base)), None)
    return None if past is None or result.actual is None else Compared(result, period, base, past)
