"""Load records: a slice's current one, its history, and its quarantined rows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlglot import exp

from scoring.errors import DataError
from scoring.period import Period
from warehouse.conformed import Control
from warehouse.records import Content, LoadedFile, LoadRecord, Provenance, RowCounts, Slice, SliceLoad
from warehouse.sql_files import parse, sql_file


@cache
def table_of(name: str) -> sa.TableClause:
    """The table as its file in `sql/schema/` declares it."""
    columns = parse(sql_file("schema", name)).find_all(exp.ColumnDef)
    return sa.table(name, *(sa.column(column.name) for column in columns))


RECORD, HISTORY, QUARANTINE = map(table_of, ("load_record", "load_history", "quarantine"))
CONTENT = tuple(RECORD.c[name] for name in ("content_sha256", "reader", "schema_sha256", "account_sha256"))
"""The columns that make a slice's content; see `content_of`."""


def is_slice(which: Slice) -> sa.ColumnElement[bool]:
    """The condition that a row belongs to the slice."""
    return is_in([which])


def is_of_account(source: str, entity: str) -> sa.ColumnElement[bool]:
    """The condition that a row belongs to the account, whatever its month."""
    return sa.and_(sa.column("source") == source, sa.column("entity") == entity)


def is_in(slices: Iterable[Slice]) -> sa.ColumnElement[bool]:
    """The condition that a row belongs to one of the slices."""
    months: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for which in slices:
        months[which.source, which.entity].append(which.month.start)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                sa.column("source") == source,
                sa.column("entity") == entity,
                sa.column("slice_month").in_(of_account),
            )
            for (source, entity), of_account in months.items()
        ),
    )


def slice_of(row: Any) -> Slice:
    """Which slice a row of `load_record` is of."""
    return Slice(row.source, row.entity, Period.containing(row.slice_month))


def content_of(row: Any) -> Content:
    """The slice's content according to a row of `load_record`."""
    return Content(row.content_sha256, row.reader, row.schema_sha256, row.account_sha256)


def provenance_of(row: Any) -> Provenance:
    """What a row of `load_record` says of the way the slice came by."""
    return Provenance(row.api_version, row.time_zone, _zoned(row.landed_at), row.landing_seal)


def refuse_lost_rows(load: SliceLoad) -> None:
    """Raise `DataError` unless every row of every file is used, quarantined or set aside by declaration."""
    quarantined = Counter(row.file for row in load.conformed.quarantined)
    for tally in load.conformed.tallies:
        found = tally.rows_used + tally.rows_quarantined + tally.rows_set_aside
        if found != tally.rows_in or quarantined[tally.name] != tally.rows_quarantined:
            raise DataError(
                f"{load.slice}: expected the {tally.rows_in} rows of {tally.name} to be loaded, quarantined "
                f"or set aside, found {tally.rows_used}, {tally.rows_quarantined} (with a reason: "
                f"{quarantined[tally.name]}) and {tally.rows_set_aside}; nothing of it was loaded, for the "
                f"reader of {load.slice.source} has a fault."
            )


def recorded(connection: sa.Connection, slices: Iterable[Slice]) -> dict[Slice, Content]:
    """What those of the slices that are loaded were last loaded from."""
    rows = connection.execute(sa.select(RECORD).where(is_in(slices)))
    return {slice_of(row): content_of(row) for row in rows}


def write_records(connection: sa.Connection, loads: Sequence[SliceLoad]) -> None:
    """Replace the slices' records with the loads', add them to the history, and keep the quarantined rows.

    Each slice is loaded once.
    """
    slices = [load.slice for load in loads]
    for table in (RECORD, QUARANTINE):
        connection.execute(sa.delete(table).where(is_in(slices)))
    connection.execute(sa.insert(RECORD), write_history(connection, loads))
    quarantined = [row for load in loads for row in quarantined_of(load)]
    if quarantined:
        connection.execute(sa.insert(QUARANTINE), quarantined)


def write_history(connection: sa.Connection, loads: Sequence[SliceLoad]) -> list[dict[str, object]]:
    """Add the loads' records to the history, each as its slice's next vintage; returns the rows.

    Each slice is loaded once.
    """
    newest = _newest_vintages(connection, [load.slice for load in loads])
    rows = [
        {**slice_values(load.slice), "vintage": newest.get(load.slice, 0) + 1, **values_of(load)}
        for load in loads
    ]
    connection.execute(sa.insert(HISTORY), rows)
    return rows


def _newest_vintages(connection: sa.Connection, slices: Iterable[Slice]) -> dict[Slice, int]:
    key = HISTORY.c.source, HISTORY.c.entity, HISTORY.c.slice_month
    newest = sa.select(*key, sa.func.max(HISTORY.c.vintage).label("vintage"))
    rows = connection.execute(newest.where(is_in(slices)).group_by(*key))
    return {slice_of(row): row.vintage for row in rows}


@lru_cache(maxsize=2**13)  # each account with news is held against the records of all others of its source
def record_of(row: Any) -> LoadRecord:
    """A row of `load_record` or `load_history` as a value."""
    return LoadRecord(
        row.source,
        row.entity,
        Period.containing(row.slice_month),
        row.vintage,
        content_of(row),
        provenance_of(row),
        RowCounts(row.rows_in, row.rows_loaded, row.rows_quarantined, row.rows_set_aside),
        json.loads(row.facts_json),
        tuple(LoadedFile(**file) for file in json.loads(row.files_json)),
        tuple(
            Control(control["name"], Decimal(control["declared"]), Decimal(control["computed"]))
            for control in json.loads(row.controls_json)
        ),
        tuple(json.loads(row.findings_json)),
        _zoned(row.loaded_at),
    )


def slice_values(which: Slice) -> dict[str, object]:
    """The columns by which rows of a slice are found."""
    return {"source": which.source, "entity": which.entity, "slice_month": which.month.start}


def values_of(load: SliceLoad) -> Mapping[str, object]:
    """What a row of `load_record` says of a load beside its slice and vintage."""
    return {
        "content_sha256": load.content.sha256,
        "reader": load.content.reader,
        "api_version": load.provenance.api_version,
        "schema_sha256": load.content.schema_sha256,
        "account_sha256": load.content.account_sha256,
        "time_zone": load.provenance.time_zone,
        **_flat(load.rows),
        "facts_json": json.dumps({name: table.num_rows for name, table in load.conformed.tables.items()}),
        "files_json": _json(load.files),
        "tallies_json": _json(load.conformed.tallies),
        "controls_json": _json(load.conformed.controls),
        "findings_json": json.dumps(load.conformed.findings),
        "landed_at": _plain(load.provenance.landed_at),
        "landing_seal": load.provenance.landing_seal,
        "loaded_at": _plain(load.loaded_at),
    }


def quarantined_of(load: SliceLoad) -> Iterable[dict[str, object]]:
    """The rows of `quarantine` that a load makes."""
    for row in load.conformed.quarantined:
        yield {
            **slice_values(load.slice),
            "file_name": row.file,
            "row_number": row.row,
            "column_name": row.column,
            "expected": row.expected,
            "found": row.found,
        }


def _json(values: Iterable[Any]) -> str:
    return json.dumps([_flat(value) for value in values], ensure_ascii=False, default=str)


def _flat(value: Any) -> dict[str, object]:
    """The fields of a value that holds no other values; `asdict` would copy each of them."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _plain(at: datetime) -> datetime:
    """UTC without the zone: the column has none on either engine."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _zoned(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
