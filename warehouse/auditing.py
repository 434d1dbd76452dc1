"""The warehouse held against what it was made of: records, rows and measures, to the last value."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from scoring.period import Period
from warehouse.converting import rates_missing, unconverted
from warehouse.engine import Facts, Warehouse
from warehouse.facts import fact_catalog
from warehouse.freshness import stale_months
from warehouse.measure_rows import selection
from warehouse.measuring import files_with_rows
from warehouse.reading import load_records
from warehouse.recording import (
    HISTORY,
    QUARANTINE,
    RECORD,
    content_of,
    is_slice,
    quarantined_of,
    slice_of,
    values_of,
)
from warehouse.records import Content, Ownership, Slice, SliceLoad
from warehouse.schema import check_version

_NOT_OF_THE_PULL = ("vintage", "loaded_at")
_BATCH = 1 << 14
_OWNED = ("source", "entity", "owner_key", "team_id", "share")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A load that the warehouse remembers: of which slice and content, by which manifest's seal, if any."""

    slice: Slice
    vintage: int
    content: Content
    seal: str | None
    is_newest: bool


def recorded_loads(warehouse: Warehouse) -> list[Recorded]:
    """Every load record there ever was, in the order of slices and vintages."""
    with warehouse.opened() as connection:
        rows = [*connection.execute(sa.select(HISTORY))]
    newest: dict[Slice, int] = {}
    for row in rows:
        newest[slice_of(row)] = max(newest.get(slice_of(row), 0), row.vintage)
    found = (
        Recorded(
            slice_of(row),
            row.vintage,
            content_of(row),
            row.landing_seal,
            newest[slice_of(row)] == row.vintage,
        )
        for row in rows
    )
    return sorted(found, key=lambda each: (each.slice, each.vintage))


def audit_schema(warehouse: Warehouse) -> None:
    """Raise `UsageError` where a table was made by another version of its file."""
    with warehouse.opened() as connection:
        check_version(connection, warehouse.table_names(connection))


def audit_files(warehouse: Warehouse) -> list[str]:
    """Which files of facts are lost or changed; nothing else of them can be read then."""
    with warehouse.opened() as connection:
        return [*warehouse.facts.damaged(connection)]


def audit_records(warehouse: Warehouse) -> list[str]:
    """What the records of now, the history and the facts say differently of one slice."""
    with warehouse.opened() as connection:
        now = _by_slice(connection, sa.select(RECORD))
        last = _by_slice(connection, sa.select(HISTORY).order_by(HISTORY.c.vintage))
        with_rows = {
            slice_of(row): table
            for table in (*fact_catalog(), "quarantine")
            for row in _slices_of(connection, warehouse, table)
        }
    differing = sorted(which for which in now.keys() | last.keys() if now.get(which) != last.get(which))
    found = [f"{which}: its load record is not the newest of its history" for which in differing]
    unknown = sorted(with_rows.keys() - now.keys())
    return found + [f"{which}: {with_rows[which]} has rows of it, and no load record" for which in unknown]


def audit_counts(warehouse: Warehouse, months: Sequence[Period]) -> Iterator[str]:
    """Which loads of these months do not account for every row they read, or have lost or won some since."""
    records = load_records(warehouse, months)
    with warehouse.opened() as connection:
        for record in records:
            which, rows = Slice(record.source, record.entity, record.month), record.rows
            if rows.rows_in != rows.rows_loaded + rows.rows_quarantined + rows.rows_set_aside:
                yield f"{which}: {rows.rows_in} rows were read, and fewer or more accounted for"
            for fact, count in record.facts.items():
                counted = sa.select(sa.func.count()).select_from(sa.table(fact))
                found = warehouse.facts.ask(connection, counted, of=is_slice(which)).scalar_one()
                if found != count:
                    yield f"{which}: {count} rows of {fact} were loaded, {found} are there"


def _by_slice(connection: sa.Connection, query: sa.Select[Any]) -> dict[Slice, Mapping[str, object]]:
    """The last row of each slice."""
    return {slice_of(row): dict(row._mapping) for row in connection.execute(query)}


def audit_load(warehouse: Warehouse, recorded: Recorded, load: SliceLoad) -> Iterator[str]:
    """What of a recorded load is not what its landed files give: its record and, of the newest, its rows."""
    with warehouse.opened() as connection:
        yield from _of_record(connection, recorded, load)
        if recorded.is_newest:
            yield from _of_rows(connection, warehouse.facts, load)


def _of_record(connection: sa.Connection, recorded: Recorded, load: SliceLoad) -> Iterator[str]:
    of_vintage = sa.and_(is_slice(recorded.slice), HISTORY.c.vintage == recorded.vintage)
    kept = connection.execute(sa.select(HISTORY).where(of_vintage)).mappings().one_or_none()
    if kept is None:
        return
    for name, value in values_of(load).items():
        if name not in _NOT_OF_THE_PULL and kept[name] != value:
            yield f"its load record has another {name}"


def _of_rows(connection: sa.Connection, facts: Facts, load: SliceLoad) -> Iterator[str]:
    for name, table in load.conformed.tables.items():
        query = _select(name, *table.column_names).execution_options(yield_per=_BATCH)
        rows = facts.ask(connection, query, of=is_slice(load.slice))
        if _digest(rows) != _digest(_arrow_rows(table)):
            yield f"the rows of {name} are not those of the landed files"
    quarantined = connection.execute(sa.select(QUARANTINE).where(is_slice(load.slice)))
    if _digest(quarantined) != _digest(tuple(row.values()) for row in quarantined_of(load)):
        yield "the rows set apart are not those of the landed files"


def audit_measures(warehouse: Warehouse, ownership: Iterable[Ownership], home: str) -> tuple[int, list[str]]:
    """How many months have measures that are not old, and what of these is not what the facts give."""
    owned = list(ownership)
    with warehouse.opened() as connection:
        rows = connection.execute(_select("measured_month", "*")).all()
        measured = [Period.containing(row.month_date) for row in rows]
        [*connection.execute(_select("measure_daily", "*"))]
        kept = {tuple(row) for row in connection.execute(_select("dim_ownership", *_OWNED))}
        fresh = _fresh(warehouse, measured, owned, home)
        if kept != set(map(attrgetter(*_OWNED), owned)):
            return 0, ["dim_ownership is not what the book says"] if fresh else []
        return len(fresh), [*_wrong_measures(connection, warehouse, fresh, owned)]


def _wrong_measures(
    connection: sa.Connection, warehouse: Warehouse, months: Iterable[Period], owned: Sequence[Ownership]
) -> Iterator[str]:
    for month in months:
        if _measured(connection, warehouse, month, owned) != _kept(connection, month):
            yield f"the measures of {month} are not those of the facts"


def _fresh(
    warehouse: Warehouse, measured: Sequence[Period], owned: Sequence[Ownership], home: str
) -> list[Period]:
    """The months from the first to the last that was measured, without those whose measures are old."""
    if not measured:
        return []
    months = min(measured).through(max(measured))
    old = set(stale_months(warehouse, months, owned, home))
    return [month for month in months if month not in old]


def _measured(
    connection: sa.Connection, warehouse: Warehouse, month: Period, owned: Sequence[Ownership]
) -> Counter[tuple[object, ...]]:
    window = {"start": month.start, "end": month.end}
    found: Counter[tuple[object, ...]] = Counter()
    for file in files_with_rows(connection, warehouse.facts):
        found.update(map(tuple, warehouse.facts.ask(connection, selection(file), window)))
    left_out = unconverted(rates_missing(connection, warehouse.facts, [month]), owned)
    return Counter({row: count for row, count in found.items() if (month, row[1], row[2]) not in left_out})


def _kept(connection: sa.Connection, month: Period) -> Counter[tuple[object, ...]]:
    query = _select("measure_daily", "activity_date", "team_id", "measure", "value")
    day: sa.ColumnElement[Any] = sa.column("activity_date")
    return Counter(map(tuple, connection.execute(query.where(day >= month.start, day < month.end))))


def _select(table: str, *names: str) -> sa.Select[Any]:
    columns: list[Any] = [sa.text("*") if name == "*" else sa.column(name) for name in names]
    return sa.select(*columns).select_from(sa.table(table))


def _slices_of(connection: sa.Connection, warehouse: Warehouse, table: str) -> Sequence[sa.Row[Any]]:
    query = _select(table, "source", "entity", "slice_month").distinct()
    answered = warehouse.facts.ask if table in fact_catalog() else sa.Connection.execute
    return answered(connection, query).all()


def _arrow_rows(table: pa.Table) -> Iterator[tuple[object, ...]]:
    for batch in table.to_batches(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _digest(rows: Iterable[Iterable[object]]) -> tuple[int, int]:
    """The number of rows and a hash that does not hang on their order."""
    count = total = 0
    for row in rows:
        spelled = repr([_PLAIN.get(type(value), _same)(value) for value in row])
        total += int.from_bytes(hashlib.blake2b(spelled.encode(), digest_size=20).digest())
        count += 1
    return count, total % (1 << 160)


def _same(value: object) -> object:
    return value


_PLAIN: Mapping[type, Callable[[Any], object]] = {Decimal: lambda value: f"{value:f}", date: date.isoformat}
