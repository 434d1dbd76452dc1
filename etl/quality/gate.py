"""Gaps in the month's data: missing or empty slices, days without rows, far fewer rows than before,
unreadable rows, unowned rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, dropwhile, product

import sqlalchemy as sa

from scoring.evidence import LANDED_BEFORE_END, UNOWNED_ROWS
from scoring.period import Period
from warehouse import LoadRecord, Warehouse, load_records
from warehouse.catalog import ENDS_BEFORE, parted
from warehouse.checks import check
from warehouse.engine import Facts
from warehouse.facts import WITH_IDS, fact_catalog

MISSING_SLICE = "missing_slice"
MISSING_DAYS = "missing_days"
EMPTY_SLICE = "empty_slice"
FEWER_ROWS = "fewer_rows"
QUARANTINED_ROWS = "quarantined_rows"

NO_DAYS = "no_days"

MONTHS_BEFORE = 3
SMALLEST_MEDIAN = 10
"""Below this many rows a month, a loss cannot be distinguished from a quiet month."""


@dataclass(frozen=True, slots=True)
class ExpectedSlice:
    """An account that should have data for the month, and its facts that have rows on every day.

    The rows of its `counted_facts` may fall by `largest_drop` percent below the months before. `asked_on` is
    the day on which whatever answers for it was asked last; None where somebody drops its files.
    """

    source: str
    entity: str
    daily_facts: tuple[str, ...]
    counted_facts: tuple[str, ...] = ()
    largest_drop: Decimal = Decimal(80)
    asked_on: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """One gap; `days` are the days it affects, none if it is the whole month.

    `reason` is why a file was refused, or what its finding tells beside its code.
    """

    source: str
    entity: str
    month: Period
    code: str
    days: tuple[date, ...]
    reason: str = ""


def counted_facts(facts: Iterable[str]) -> tuple[str, ...]:
    """The facts whose rows are events: a month with far fewer of them is likely cut off."""
    return tuple(name for name in facts if fact_catalog()[name].kind in WITH_IDS)


def find_gaps(
    warehouse: Warehouse,
    months: Collection[Period],
    expected: Sequence[ExpectedSlice],
    day_of: Callable[[datetime], date] = datetime.date,
) -> list[Gap]:
    """All gaps of the months, in the order of accounts; none if the data is complete.

    `day_of` is the day of a moment (with its zone) in the organisation's calendar.
    """
    window = {"start": min(months).start, "end": max(months).end}
    looked_at = set(chain.from_iterable(month.window(MONTHS_BEFORE + 1) for month in months))
    records = _by_account(load_records(warehouse, sorted(looked_at)))
    with warehouse.opened() as connection:
        days = _days_with_rows(connection, warehouse.facts, window)
        unowned = _unowned_days(connection, warehouse.facts, window)
    gaps = [
        Gap(source, entity, month, UNOWNED_ROWS, tuple(sorted(which)))
        for (source, entity, month), which in unowned.items()
        if month in months
    ]
    for month, account in product(months, expected):
        gaps += _Loads(account, month, records[account.source, account.entity], days, day_of).gaps()
    return sorted(gaps)


def _by_account(records: Iterable[LoadRecord]) -> defaultdict[tuple[str, str], dict[Period, LoadRecord]]:
    found: defaultdict[tuple[str, str], dict[Period, LoadRecord]] = defaultdict(dict)
    for record in records:
        found[record.source, record.entity][record.month] = record
    return found


@dataclass(frozen=True, slots=True)
class _Loads:
    """What was loaded of an account, for the month and those before; `days` are those of each fact with rows,
    by the slice that has them.
    """

    account: ExpectedSlice
    month: Period
    records: Mapping[Period, LoadRecord]
    days: Mapping[tuple[str, str, str, date], set[date]]
    day_of: Callable[[datetime], date]

    def gaps(self) -> list[Gap]:
        """The gaps of the account, in no order."""
        now = self.records.get(self.month)
        found = [(MISSING_SLICE, ())] if now is None else self._gaps_of(now)
        return [self._gap(*each) for each in found]

    def _gap(self, finding: str, days: tuple[date, ...]) -> Gap:
        code, reason = parted(finding)
        return Gap(self.account.source, self.account.entity, self.month, code, days, reason)

    def _gaps_of(self, now: LoadRecord) -> Iterable[tuple[str, tuple[date, ...]]]:
        lost = self._lost(now)
        # that it is empty says that it ends before, too
        yield from ((code, ()) for code in now.findings if code != ENDS_BEFORE or not lost)
        yield from lost
        yield from self._not_over_yet(now, lost)
        if now.rows.rows_quarantined:
            yield QUARANTINED_ROWS, ()

    def _lost(self, now: LoadRecord) -> list[tuple[str, tuple[date, ...]]]:
        """What the slice lacks; only the largest loss, which the others come with."""
        if self._came_empty(now):
            return [(EMPTY_SLICE, ())]
        missing = self._missing_days(now)
        if missing:
            return [(MISSING_DAYS, missing)]
        return [(FEWER_ROWS, ())] if self._has_far_fewer(now) else []

    def _not_over_yet(
        self, now: LoadRecord, lost: Iterable[tuple[str, tuple[date, ...]]]
    ) -> Iterator[tuple[str, tuple[date, ...]]]:
        """The days that were not over when the slice was landed, unless it is said of all that they are lost.

        Nothing else tells of facts that need no rows on a day that these may still come. Plans may be as old
        as they are, and an answer that is the same again is not landed again.
        """
        landed = max(self.day_of(now.provenance.landed_at), self.account.asked_on or date.min)
        days = tuple(dropwhile(landed.__gt__, self.month.days()))
        has_happened = any(fact_catalog()[fact].ahead for fact in now.facts)
        if has_happened and {*days} - {*chain.from_iterable(days for _, days in lost)}:
            yield LANDED_BEFORE_END, days

    def _came_empty(self, now: LoadRecord) -> bool:
        before = self.records.get(self.month.shift(-1))
        return before is not None and _rows(before) > 0 and not _rows(now)

    def _missing_days(self, now: LoadRecord) -> tuple[date, ...]:
        if NO_DAYS in now.findings:
            return ()
        which = (self.account.source, self.account.entity, self.month.start)
        days = {*self.month.days()}
        loaded = [self.days[fact, *which] for fact in self.account.daily_facts if fact in now.facts]
        return tuple(sorted(days - days.intersection(*loaded)))

    def _has_far_fewer(self, now: LoadRecord) -> bool:
        """Whether a fact has lost more than the account's share of what is usual in three months."""
        *months, _ = self.month.window(MONTHS_BEFORE + 1)
        known = [*filter(None, map(self.records.get, months))]
        kept = 100 - self.account.largest_drop
        return len(known) == MONTHS_BEFORE and any(
            _is_far_below(now, known, fact, kept) for fact in self.account.counted_facts
        )


def _rows(record: LoadRecord) -> int:
    return sum(record.facts.values())


def _is_far_below(now: LoadRecord, before: Iterable[LoadRecord], fact: str, percent: Decimal) -> bool:
    """Whether a month has fewer rows than so many percent of the median of those before."""
    usual = sorted(record.facts.get(fact, 0) for record in before)[MONTHS_BEFORE // 2]
    return usual >= SMALLEST_MEDIAN and now.facts.get(fact, 0) * 100 < usual * percent


def _days_with_rows(
    connection: sa.Connection, facts: Facts, window: dict[str, date]
) -> dict[tuple[str, str, str, date], set[date]]:
    days: defaultdict[tuple[str, str, str, date], set[date]] = defaultdict(set)
    for row in facts.ask(connection, check("days_with_rows"), window):
        days[row.fact, row.source, row.entity, row.slice_month].add(row.activity_date)
    return days


def _unowned_days(
    connection: sa.Connection, facts: Facts, window: dict[str, date]
) -> dict[tuple[str, str, Period], set[date]]:
    unowned: defaultdict[tuple[str, str, Period], set[date]] = defaultdict(set)
    for row in facts.ask(connection, check("unowned_rows"), window):
        unowned[row.source, row.entity, Period.containing(row.slice_month)].add(row.activity_date)
    return unowned
