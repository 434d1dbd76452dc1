"""What the month's data lacks: slices that never came, days without rows, rows that nobody owns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from etl.sqlfiles import statement
from etl.warehouse import Warehouse
from scoring.period import Period

MISSING_SLICE = "missing_slice"
MISSING_DAYS = "missing_days"
UNOWNED_ROWS = "unowned_rows"


@dataclass(frozen=True, slots=True)
class ExpectedSlice:
    """An account that should have data for the month, and its facts that have rows on every day."""

    source: str
    entity: str
    daily_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """One thing that is missing; `days` are those concerned, none where it is the whole month."""

    source: str
    entity: str
    month: Period
    code: str
    days: tuple[date, ...]


def find_gaps(warehouse: Warehouse, month: Period, expected: Sequence[ExpectedSlice]) -> list[Gap]:
    """All gaps of the month, in the order of accounts; none where the data is complete."""
    window = {"start": month.start, "end": month.end}
    with warehouse.opened() as connection:
        loaded = {
            (row.source, row.entity)
            for row in connection.execute(
                sa.text("select source, entity from load_record where slice_month = :start"), window
            )
        }
        days = _days_with_rows(connection, warehouse.dialect, window)
        unowned = _unowned_days(connection, warehouse.dialect, window)
    gaps = [
        gap
        for account in expected
        for gap in _gaps_of(account, month, (account.source, account.entity) in loaded, days)
    ]
    gaps += [
        Gap(source, entity, month, UNOWNED_ROWS, tuple(which)) for (source, entity), which in unowned.items()
    ]
    return sorted(gaps)


def _gaps_of(
    account: ExpectedSlice,
    month: Period,
    is_loaded: bool,
    days: dict[tuple[str, str, str], set[date]],
) -> list[Gap]:
    if not is_loaded:
        return [Gap(account.source, account.entity, month, MISSING_SLICE, ())]
    missing = {
        day
        for fact in account.daily_facts
        for day in month.days()
        if day not in days[fact, account.source, account.entity]
    }
    if not missing:
        return []
    return [Gap(account.source, account.entity, month, MISSING_DAYS, tuple(sorted(missing)))]


def _days_with_rows(
    connection: sa.Connection, dialect: str, window: dict[str, date]
) -> dict[tuple[str, str, str], set[date]]:
    days: defaultdict[tuple[str, str, str], set[date]] = defaultdict(set)
    for row in connection.execute(sa.text(statement("checks", "days_with_rows", dialect)), window):
        days[row.fact, row.source, row.entity].add(row.activity_date)
    return days


def _unowned_days(
    connection: sa.Connection, dialect: str, window: dict[str, date]
) -> dict[tuple[str, str], list[date]]:
    unowned: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for row in connection.execute(sa.text(statement("checks", "unowned_rows", dialect)), window):
        if not row.is_owned:
            unowned[row.source, row.entity].add(row.activity_date)
    return {key: sorted(which) for key, which in unowned.items()}
