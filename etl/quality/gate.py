"""Gaps in the month's data: missing or empty slices, days without rows, far fewer rows than before,
unreadable rows, unowned rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from scoring.period import Period
from warehouse import LoadRecord, Warehouse, load_records
from warehouse.checks import check
from warehouse.facts import WITH_IDS, fact_catalog
from warehouse.sql_files import Translate

MISSING_SLICE = "missing_slice"
MISSING_DAYS = "missing_days"
UNOWNED_ROWS = "unowned_rows"
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

    The rows of its `counted_facts` may fall by `largest_drop` percent below the months before.
    """

    source: str
    entity: str
    daily_facts: tuple[str, ...]
    counted_facts: tuple[str, ...] = ()
    largest_drop: Decimal = Decimal(80)


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """One gap; `days` are the days it affects, none if it is the whole month.

    `reason` is why a file was refused.
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


def find_gaps(warehouse: Warehouse, month: Period, expected: Sequence[ExpectedSlice]) -> list[Gap]:
    """All gaps of the month, in the order of accounts; none if the data is complete."""
    window = {"start": month.start, "end": month.end}
    records = _by_account(load_records(warehouse, month.window(MONTHS_BEFORE + 1)))
    with warehouse.opened() as connection:
        days = _days_with_rows(connection, warehouse.translated, window)
        unowned = _unowned_days(connection, warehouse.translated, window)
    gaps = [
        gap
        for account in expected
        for gap in _gaps_of(account, month, records.get((account.source, account.entity), {}), days)
    ]
    gaps += [
        Gap(source, entity, month, UNOWNED_ROWS, tuple(which)) for (source, entity), which in unowned.items()
    ]
    return sorted(gaps)


def _by_account(records: Iterable[LoadRecord]) -> dict[tuple[str, str], dict[Period, LoadRecord]]:
    found: defaultdict[tuple[str, str], dict[Period, LoadRecord]] = defaultdict(dict)
    for record in records:
        found[record.source, record.entity][record.month] = record
    return found


def _gaps_of(
    account: ExpectedSlice,
    month: Period,
    records: Mapping[Period, LoadRecord],
    days: Mapping[tuple[str, str, str], set[date]],
) -> list[Gap]:
    if month not in records:
        return [Gap(account.source, account.entity, month, MISSING_SLICE, ())]
    found = [(code, ()) for code in records[month].findings] + _lost(account, month, records, days)
    if records[month].rows.rows_quarantined:
        found.append((QUARANTINED_ROWS, ()))
    return [Gap(account.source, account.entity, month, code, which) for code, which in found]


def _lost(
    account: ExpectedSlice,
    month: Period,
    records: Mapping[Period, LoadRecord],
    days: Mapping[tuple[str, str, str], set[date]],
) -> list[tuple[str, tuple[date, ...]]]:
    """What a slice that was loaded lacks; only the largest loss, which the others come with."""
    if _came_empty(month, records):
        return [(EMPTY_SLICE, ())]
    missing = _missing_days(account, month, records, days)
    if missing:
        return [(MISSING_DAYS, missing)]
    return [(FEWER_ROWS, ())] if _has_far_fewer(account, month, records) else []


def _came_empty(month: Period, records: Mapping[Period, LoadRecord]) -> bool:
    before = records.get(month.shift(-1))
    return before is not None and _rows(before) > 0 and not _rows(records[month])


def _rows(record: LoadRecord) -> int:
    return sum(record.facts.values())


def _missing_days(
    account: ExpectedSlice,
    month: Period,
    records: Mapping[Period, LoadRecord],
    days: Mapping[tuple[str, str, str], set[date]],
) -> tuple[date, ...]:
    if NO_DAYS in records[month].findings:
        return ()
    loaded = [fact for fact in account.daily_facts if fact in records[month].facts]
    return tuple(
        day
        for day in month.days()
        if any(day not in days[fact, account.source, account.entity] for fact in loaded)
    )


def _has_far_fewer(account: ExpectedSlice, month: Period, records: Mapping[Period, LoadRecord]) -> bool:
    """Whether a fact has lost more than the account's share of what is usual, the median of three months."""
    *before, now = (records.get(each) for each in month.window(MONTHS_BEFORE + 1))
    known = [record for record in before if record is not None]
    if now is None or len(known) < MONTHS_BEFORE:
        return False
    kept = 100 - account.largest_drop
    return any(_is_far_below(now, known, fact, kept) for fact in account.counted_facts)


def _is_far_below(now: LoadRecord, before: Iterable[LoadRecord], fact: str, percent: Decimal) -> bool:
    usual = sorted(record.facts.get(fact, 0) for record in before)[MONTHS_BEFORE // 2]
    return usual >= SMALLEST_MEDIAN and now.facts.get(fact, 0) * 100 < usual * percent


def _days_with_rows(
    connection: sa.Connection, translated: Translate, window: dict[str, date]
) -> dict[tuple[str, str, str], set[date]]:
    days: defaultdict[tuple[str, str, str], set[date]] = defaultdict(set)
    for row in connection.execute(sa.text(check("days_with_rows", translated)), window):
        days[row.fact, row.source, row.entity].add(row.activity_date)
    return days


def _unowned_days(
    connection: sa.Connection, translated: Translate, window: dict[str, date]
) -> dict[tuple[str, str], list[date]]:
    unowned: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for row in connection.execute(sa.text(check("unowned_rows", translated)), window):
        if not row.is_owned:
            unowned[row.source, row.entity].add(row.activity_date)
    return {key: sorted(which) for key, which in unowned.items()}
