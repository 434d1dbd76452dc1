"""Slices in: replaced whole, in one transaction with the record of what they were made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import sqlalchemy as sa

from etl.facts import SLICE_COLUMNS, FactSpec, fact_catalog
from etl.warehouse.engine import Warehouse
from etl.warehouse.recording import RECORD, content_of, is_slice, refuse_lost_rows, write_record
from etl.warehouse.records import Content, Slice, SliceLoad
from scoring.errors import DataError
from scoring.period import Period


def loaded_contents(warehouse: Warehouse, source: str) -> dict[Slice, Content]:
    """What every slice of `source` was last loaded from."""
    query = sa.select(RECORD).where(RECORD.c.source == source)
    with warehouse.opened() as connection:
        return {
            Slice(row.source, row.entity, Period.containing(row.slice_month)): content_of(row)
            for row in connection.execute(query)
        }


def replace_slices(warehouse: Warehouse, loads: Iterable[SliceLoad]) -> int:
    """Replace the slices that are new, all in one transaction; returns how many were.

    The old rows of all of them go first: an order that a late export moves into another month is then
    not held against the place it has just left. Raises `DataError` where a row's grain is taken by a
    month that stays, or a row of a file went nowhere; all slices are then as they were.
    """
    loads = list(loads)
    for load in loads:
        refuse_lost_rows(load)
    with warehouse.transaction(*_locks(loads)) as connection:
        new = [load for load in loads if _recorded(connection, load.slice) != load.content]
        for load in new:
            _delete_rows(connection, load)
        for load in new:
            for name, table in load.conformed.tables.items():
                if table.num_rows:
                    warehouse.insert(connection, name, _with_slice(table, load.slice))
            write_record(connection, load)
        for fact, load in _facts_across_months(new):
            _refuse_taken(connection, fact, load.slice)
        return len(new)


def _locks(loads: Iterable[SliceLoad]) -> Iterator[str]:
    """What nobody else may replace meanwhile: each slice, and the whole account where a row could also
    turn up in another of its months.
    """
    for load in loads:
        yield f"slice {load.slice}"
    for _, load in _facts_across_months(loads):
        yield f"account {load.slice.source}/{load.slice.entity}"


def _facts_across_months(loads: Iterable[SliceLoad]) -> Iterator[tuple[FactSpec, SliceLoad]]:
    for load in loads:
        for name in load.conformed.tables:
            if not fact_catalog()[name].grain_names_its_month:
                yield fact_catalog()[name], load


def _delete_rows(connection: sa.Connection, load: SliceLoad) -> None:
    for name in load.conformed.tables:
        connection.execute(sa.delete(sa.table(name)).where(is_slice(load.slice)))


def _recorded(connection: sa.Connection, which: Slice) -> Content | None:
    row = connection.execute(sa.select(RECORD).where(is_slice(which))).one_or_none()
    return None if row is None else content_of(row)


def _with_slice(table: pa.Table, which: Slice) -> pa.Table:
    """The reader's columns with those of the slice in front: the order of the fact's table."""
    values = (
        pa.scalar(which.source),
        pa.scalar(which.entity),
        pa.scalar(which.month.start, pa.date32()),
    )
    arrays = [pa.repeat(value, table.num_rows) for value in values]
    return pa.table([*arrays, *table.columns], names=[*SLICE_COLUMNS, *table.column_names])


def _refuse_taken(connection: sa.Connection, fact: FactSpec, which: Slice) -> None:
    """A lead, order or post belongs to one month; the same one in two months would count twice."""
    names = dict.fromkeys((*fact.grain, *SLICE_COLUMNS))
    mine, other = (sa.table(fact.name, *map(sa.column, names)).alias(alias) for alias in ("mine", "other"))
    same = sa.and_(*(mine.c[name] == other.c[name] for name in fact.grain))
    query = (
        sa.select(other)
        .join(mine, same)
        .where(
            mine.c.source == which.source,
            mine.c.entity == which.entity,
            mine.c.slice_month == which.month.start,
            other.c.slice_month != which.month.start,
        )
        .limit(1)
    )
    taken = connection.execute(query).one_or_none()
    if taken is not None:
        key = fact.grain[-1]
        raise DataError(
            f"{which}: expected each {key} in one month only, found {getattr(taken, key)!r} "
            f"also in {Period.containing(taken.slice_month)}; export both months again and rerun."
        )
