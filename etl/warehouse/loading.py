"""Loads slices: each is replaced as a whole, in one transaction with its load record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import sqlalchemy as sa

from etl.facts import SLICE_COLUMNS, FactSpec, fact_catalog
from etl.warehouse.ahead import one_ahead
from etl.warehouse.engine import Warehouse
from etl.warehouse.recording import (
    RECORD,
    content_of,
    is_slice,
    refuse_lost_rows,
    write_history,
    write_record,
)
from etl.warehouse.records import Content, Loadable, Slice, SliceLoad
from killpoints import reach
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


class TakenError(DataError):
    """A row is in two months of an account; `slices` are the new ones among them."""

    def __init__(self, sentence: str, slices: tuple[Slice, ...]) -> None:
        super().__init__(sentence)
        self.slices = slices


READ_AHEAD_BYTES = 16 * 2**20
"""Slices with files up to this size are read one ahead of the one that goes in."""

Check = Callable[[sa.Connection, SliceLoad], None]
"""Checks a slice after its old rows are deleted and before its new ones are inserted; raises to refuse it."""


def accept(connection: sa.Connection, load: SliceLoad) -> None:
    """Refuses nothing."""


def replace_slices(warehouse: Warehouse, loads: Iterable[Loadable], check: Check = accept) -> int:
    """Replace the new slices, all in one transaction; returns how many there were.

    All their old rows are deleted first, so that an order that a late export moves to another month does
    not collide with its old place. Files are read one slice ahead of the insert, so at most two slices are
    in memory, or one large one.

    Raises what `check` and reading raise, `TakenError` if a row's grain already exists in another month,
    and `DataError` if a row of a file is unaccounted for; all slices are then unchanged.
    """
    loads = list(loads)
    with warehouse.transaction(*_locks(loads)) as connection:
        new = [load for load in loads if _recorded(connection, load.slice) != load.content]
        for load in new:
            _delete_rows(connection, load)
            reach("load.deleted")
        for read in _read(new):
            refuse_lost_rows(read)
            check(connection, read)
            _insert(warehouse, connection, read)
            write_record(connection, read)
            reach("load.recorded")
            # the next one is not read beside this one, and Arrow's cached memory does not pile up
            del read
            pa.default_memory_pool().release_unused()
        for (fact, _), loads_of_account in _across_months(new).items():
            _refuse_taken(connection, fact_catalog()[fact], loads_of_account)
        return len(new)


def _insert(warehouse: Warehouse, connection: sa.Connection, load: SliceLoad) -> None:
    for name, table in load.conformed.tables.items():
        if table.num_rows:
            warehouse.insert(connection, name, _with_slice(table, load.slice))
        reach("load.inserted")


def record_replaced(warehouse: Warehouse, loads: Iterable[SliceLoad]) -> None:
    """Add replaced loads to the history of their slices, in the order given.

    Their rows are not stored, so only one load at a time is in memory.
    """
    with warehouse.transaction() as connection:
        for load in loads:
            write_history(connection, load)


def _read(loads: Sequence[Loadable]) -> Iterator[SliceLoad]:
    """The loads with their rows; reads one ahead of the insert, unless two would fill the memory."""
    makers = (load.read for load in loads)
    if max((load.size for load in loads), default=0) <= READ_AHEAD_BYTES:
        return one_ahead(makers)
    return (make() for make in makers)


def _locks(loads: Sequence[Loadable]) -> Iterator[str]:
    """The locks to hold: each slice, and the whole account if a row could also turn up in another month."""
    yield from (f"slice {load.slice}" for load in loads)
    yield from (f"account {account}" for _, account in _across_months(loads))


def _across_months(loads: Iterable[Loadable]) -> Mapping[tuple[str, str], Sequence[Loadable]]:
    """The loads, by fact and account, whose keys do not determine the month of a row."""
    found: defaultdict[tuple[str, str], list[Loadable]] = defaultdict(list)
    for load in loads:
        for name in load.facts:
            if not fact_catalog()[name].grain_names_its_month:
                found[name, f"{load.slice.source}/{load.slice.entity}"].append(load)
    return found


def _delete_rows(connection: sa.Connection, load: Loadable) -> None:
    for name in load.facts:
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


def _refuse_taken(connection: sa.Connection, fact: FactSpec, loads: Sequence[Loadable]) -> None:
    """A lead, order or post belongs to one month; the same one in two months would count twice.

    One scan of the account of these `loads`. With a join a server would compare every pair of rows, because
    it has no statistics for rows it has just received.
    """
    account = loads[0].slice
    rows = sa.table(fact.name, *map(sa.column, dict.fromkeys((*fact.grain, *SLICE_COLUMNS))))
    first, last = sa.func.min(rows.c.slice_month), sa.func.max(rows.c.slice_month)
    key = [rows.c[name] for name in fact.grain]
    query = (
        sa.select(*key, first.label("first_month"), last.label("last_month"))
        .where(rows.c.source == account.source, rows.c.entity == account.entity)
        .group_by(*key)
        .having(sa.func.count() > 1)
        .order_by(*key)
        .limit(1)
    )
    taken = connection.execute(query).one_or_none()
    if taken is not None:
        months = [Period.containing(taken.first_month), Period.containing(taken.last_month)]
        new = {load.slice.month for load in loads}
        mine, other = months if months[0] in new else reversed(months)
        name = fact.grain[-1]
        raise TakenError(
            f"{Slice(account.source, account.entity, mine)}: expected each {name} in one month only, found "
            f"{getattr(taken, name)!r} also in {other}; export both months again and rerun.",
            tuple(Slice(account.source, account.entity, month) for month in months if month in new),
        )
