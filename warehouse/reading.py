"""Reads from the warehouse where its numbers came from: load records, exchange rates, owner keys, the
quarantine."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from scoring.errors import DataError
from scoring.period import Period
from warehouse.asking import question
from warehouse.checks import check
from warehouse.conformed import QuarantinedRow
from warehouse.engine import Warehouse
from warehouse.recording import CONTENT, HISTORY, QUARANTINE, RECORD, content_of, record_of, slice_of
from warehouse.records import Content, KnownPull, LoadRecord, RateSpan, Slice
from warehouse.refusals import REFUSAL


def load_records(
    warehouse: Warehouse, months: Sequence[Period], source: str | None = None
) -> list[LoadRecord]:
    """The load record of each slice of `months` (in order, gaps allowed), in the order of slices.

    Of all sources, or only of one.
    """
    with warehouse.opened() as connection:
        return _records(connection, RECORD, months, source)


def contents_in(warehouse: Warehouse, months: Sequence[Period]) -> dict[Slice, Content]:
    """What every slice of `months` was last loaded from."""
    key = RECORD.c.source, RECORD.c.entity, RECORD.c.slice_month
    query = sa.select(*key, *CONTENT).where(RECORD.c.slice_month.in_([month.start for month in months]))
    with warehouse.opened() as connection:
        return {slice_of(row): content_of(row) for row in connection.execute(query)}


def records_sha256(warehouse: Warehouse, until: date) -> str:
    """A hash of all load records and refusals of the months before a day: while it is the same, so is all
    that the facts and the measures of these months say by the same program and book.
    """
    digest = hashlib.sha256()
    with warehouse.opened() as connection:
        for table in (RECORD, REFUSAL):
            rows = connection.execute(sa.select(table).where(table.c.slice_month < until))
            digest.update(repr(sorted(map(repr, rows))).encode())
    return digest.hexdigest()


def load_history(warehouse: Warehouse, months: Sequence[Period]) -> list[LoadRecord]:
    """All load records of the slices of `months`, oldest vintage of each slice first."""
    with warehouse.opened() as connection:
        return _records(connection, HISTORY, months)


def known_pulls(warehouse: Warehouse) -> list[KnownPull]:
    """The pulls that every load was made of, as far as a warehouse of whatever version says.

    Raises `DataError` where it cannot be read.
    """
    if not warehouse.exists():
        return []
    with warehouse.opened() as connection:
        tables = warehouse.table_names(connection)
        if HISTORY.name not in tables:
            return []
        rows = connection.execute(sa.select(sa.text("*")).select_from(HISTORY)).mappings()
        return [
            KnownPull(
                row["source"],
                row["entity"],
                Period.containing(row["slice_month"]),
                row["content_sha256"],
                # a warehouse of an older program has no such column
                row.get("landing_seal"),
            )
            for row in rows
        ]


def _records(
    connection: sa.Connection, table: sa.TableClause, months: Sequence[Period], source: str | None = None
) -> list[LoadRecord]:
    wanted = [month.start for month in months]
    query = (
        sa.select(table)
        .where(table.c.slice_month.in_(wanted))
        .order_by(*(table.c[name] for name in ("slice_month", "source", "entity", "vintage")))
    )
    if source is not None:
        query = query.where(table.c.source == source)
    return [record_of(row) for row in connection.execute(query)]


def rates(warehouse: Warehouse, period: Period) -> list[RateSpan]:
    """The first and last exchange rate of each currency in `period`."""
    window = {"start": period.start, "end": period.end}
    with warehouse.opened() as connection:
        return [
            RateSpan(row.currency_code, Decimal(row.first_rate), Decimal(row.last_rate), row.rate_source)
            for row in warehouse.facts.ask(connection, question("rollups", "rates"), window)
        ]


def used_currencies(warehouse: Warehouse, period: Period) -> frozenset[str]:
    """The currencies of the amounts that arose in `period`."""
    window = {"start": period.start, "end": period.end}
    with warehouse.opened() as connection:
        rows = warehouse.facts.ask(connection, check("used_currencies"), window)
        return frozenset(row.currency_code for row in rows)


def keys_with_rows(
    warehouse: Warehouse, months: Sequence[Period]
) -> Mapping[tuple[str, str], frozenset[str]]:
    """The owner keys of each account (source, entity) that has any row in consecutive `months`.

    Raises `DataError` if the warehouse exists but cannot be read.
    """
    return _keys(warehouse, months, "owner_keys")


def unowned_keys(warehouse: Warehouse, months: Sequence[Period]) -> Mapping[tuple[str, str], frozenset[str]]:
    """The same of the rows that no team owns; raises what `keys_with_rows` raises."""
    return _keys(warehouse, months, "unowned_rows")


def _keys(
    warehouse: Warehouse, months: Sequence[Period], name: str
) -> Mapping[tuple[str, str], frozenset[str]]:
    window = {"start": months[0].start, "end": months[-1].end}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    try:
        with warehouse.opened() as connection:
            for row in warehouse.facts.ask(connection, check(name), window):
                found[row.source, row.entity].add(row.owner_key)
    except sa.exc.DBAPIError as error:
        raise DataError(
            f"warehouse: expected to read its owner keys, found {str(error.orig).splitlines()[0]}; run the "
            "month again, or rebuild the warehouse from the landing."
        ) from None
    return {account: frozenset(keys) for account, keys in found.items()}


@dataclass(frozen=True, slots=True)
class SetApart:
    """A quarantined row and the slice it is missing from."""

    slice: Slice
    row: QuarantinedRow


def quarantined_rows(warehouse: Warehouse, months: Sequence[Period]) -> list[SetApart]:
    """The quarantined rows of `months`, in the order of months, accounts, files and rows."""
    order = ("slice_month", "source", "entity", "file_name", "row_number")
    query = (
        sa.select(QUARANTINE)
        .where(QUARANTINE.c.slice_month.in_([month.start for month in months]))
        .order_by(*(QUARANTINE.c[name] for name in order))
    )
    with warehouse.opened() as connection:
        return [
            SetApart(
                Slice(row.source, row.entity, Period.containing(row.slice_month)),
                QuarantinedRow(row.file_name, row.row_number, row.column_name, row.expected, row.found),
            )
            for row in connection.execute(query)
        ]
