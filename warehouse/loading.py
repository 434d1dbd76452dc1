"""Loads slices: each is replaced as a whole, in one transaction with its load record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import sqlalchemy as sa

from killpoints import reach
from scoring.errors import DataError
from scoring.period import Period
from warehouse.ahead import one_ahead
from warehouse.engine import Facts, Warehouse
from warehouse.facts import SLICE_COLUMNS, FactSpec, fact_catalog
from warehouse.recording import (
    is_of_account,
    recorded,
    refuse_lost_rows,
    write_history,
    write_records,
)
from warehouse.records import Loadable, Slice, SliceLoad


class TakenError(DataError):
    """A row is in two months of an account; `slices` are the new ones among them."""

    def __init__(self, sentence: str, slices: tuple[Slice, ...]) -> None:
        super().__init__(sentence)
        self.slices = slices


READ_AHEAD_BYTES = 16 * 2**20
"""Slices with files up to this size are read one ahead of those that go in."""

TOGETHER_ROWS = 20_000
"""Slices of an account go in together until they have so many rows: small ones cost as much as large ones."""

Check = Callable[[sa.Connection, SliceLoad], None]
"""Checks a slice after its old rows are deleted and before its new ones are inserted; raises to refuse it."""


def accept(connection: sa.Connection, load: SliceLoad) -> None:
    """Refuses nothing."""


def replace_slices(warehouse: Warehouse, loads: Iterable[Loadable], check: Check = accept) -> int:
    """Replace the new slices, all in one transaction; returns how many there were.

    All their old rows are deleted first, so that an order that a late export moves to another month does
    not collide with its old place. Small slices go in together. Files are read one slice ahead of the insert,
    so at most two slices, or `TOGETHER_ROWS` and one slice, are in memory, or one large one.

    Raises what `check` and reading raise, `TakenError` if a row's grain already exists in another month,
    and `DataError` if a row of a file is unaccounted for; all slices are then unchanged.
    """
    loads = list(loads)
    with warehouse.transaction(*_locks(loads)) as connection:
        known = recorded(connection, [load.slice for load in loads])
        new = [load for load in loads if known.get(load.slice) != load.content]
        _delete_rows(warehouse.facts, connection, new)
        for together in _together(_read(new)):
            _enter(warehouse, connection, together, check)
            # the next ones are not read beside these, and Arrow's cached memory does not pile up
            together.clear()
            pa.default_memory_pool().release_unused()
        for (fact, _), loads_of_account in _across_months(new).items():
            _refuse_taken(warehouse.facts, connection, fact_catalog()[fact], loads_of_account)
        return len(new)


def _enter(
    warehouse: Warehouse, connection: sa.Connection, together: Sequence[SliceLoad], check: Check
) -> None:
    for read in together:
        refuse_lost_rows(read)
        check(connection, read)
    _insert(warehouse.facts, connection, together)
    write_records(connection, together)
    reach("load.recorded")


def _together(loads: Iterable[SliceLoad]) -> Iterator[list[SliceLoad]]:
    """The loads in their order, small ones of an account together; none is held beyond its turn."""
    together: list[SliceLoad] = []
    rows = 0
    for load in loads:
        if together and _account_of(load) != _account_of(together[0]):
            yield together
            together, rows = [], 0
        together.append(load)
        rows += sum(table.num_rows for table in load.conformed.tables.values())
        del load
        if rows >= TOGETHER_ROWS:
            yield together
            together, rows = [], 0
    if together:
        yield together


def _account_of(load: Loadable) -> tuple[str, str]:
    return load.slice.source, load.slice.entity


def _insert(facts: Facts, connection: sa.Connection, loads: Sequence[SliceLoad]) -> None:
    tables: defaultdict[str, list[tuple[Slice, pa.Table]]] = defaultdict(list)
    for load in loads:
        for name, table in load.conformed.tables.items():
            tables[name].append((load.slice, _with_slice(table, load.slice)))
    for name, of_fact in tables.items():
        facts.put(connection, name, of_fact)
        reach("load.inserted")


def record_replaced(warehouse: Warehouse, loads: Iterable[SliceLoad]) -> None:
    """Add replaced loads to the history of their slices, in the order given.

    Their rows are not stored, so only one load at a time is in memory.
    """
    with warehouse.transaction() as connection:
        for load in loads:
            write_history(connection, [load])


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


def _delete_rows(facts: Facts, connection: sa.Connection, loads: Iterable[Loadable]) -> None:
    slices: defaultdict[str, list[Slice]] = defaultdict(list)
    for load in loads:
        for name in load.facts:
            slices[name].append(load.slice)
    for name, of_fact in slices.items():
        facts.drop(connection, name, of_fact)
        reach("load.deleted")


def _with_slice(table: pa.Table, which: Slice) -> pa.Table:
    """The reader's columns with those of the slice in front: the order of the fact's table."""
    values = (
        pa.scalar(which.source),
        pa.scalar(which.entity),
        pa.scalar(which.month.start, pa.date32()),
    )
    arrays = [pa.repeat(value, table.num_rows) for value in values]
    return pa.table([*arrays, *table.columns], names=[*SLICE_COLUMNS, *table.column_names])


def _refuse_taken(facts: Facts, connection: sa.Connection, fact: FactSpec, loads: Sequence[Loadable]) -> None:
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
        .group_by(*key)
        .having(sa.func.count() > 1)
        .order_by(*key)
        .limit(1)
    )
    taken = facts.ask(connection, query, of=is_of_account(account.source, account.entity)).one_or_none()
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
