"""Whether the measures match the facts: their inputs are recorded beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import sqlalchemy as sa

from scoring.period import Period
from warehouse.engine import Warehouse
from warehouse.recording import RECORD
from warehouse.records import Ownership
from warehouse.sql_files import sql_file, sql_files

_MEASURED = sa.table("measured_month", sa.column("month_date"), sa.column("state_sha256"))


def stale_months(
    warehouse: Warehouse, months: Sequence[Period], ownership: Iterable[Ownership], home: str
) -> tuple[Period, ...]:
    """The months (consecutive, in order) whose measures would differ if they were computed now."""
    with warehouse.opened() as connection:
        now = _states(connection, months, ownership, home)
        query = sa.select(_MEASURED).where(_MEASURED.c.month_date.in_([month.start for month in months]))
        made = {Period.containing(row.month_date): row.state_sha256 for row in connection.execute(query)}
    return tuple(month for month in months if made.get(month) != now[month])


def write_states(
    connection: sa.Connection, months: Sequence[Period], ownership: Iterable[Ownership], home: str
) -> None:
    """Record the inputs of the measures of `months`, in the transaction that computes them."""
    starts = [month.start for month in months]
    connection.execute(sa.delete(_MEASURED).where(_MEASURED.c.month_date.in_(starts)))
    states = _states(connection, months, ownership, home)
    connection.execute(
        sa.insert(_MEASURED),
        [{"month_date": month.start, "state_sha256": state} for month, state in states.items()],
    )


def _states(
    connection: sa.Connection, months: Sequence[Period], ownership: Iterable[Ownership], home: str
) -> Mapping[Period, str]:
    """A month depends on every slice up to it: a lead created long ago may be won in it."""
    columns = ("slice_month", "source", "entity", "vintage", "content_sha256")
    query = sa.select(*(RECORD.c[name] for name in columns)).where(RECORD.c.slice_month < months[-1].end)
    loaded = sorted(tuple(row) for row in connection.execute(query))
    state = hashlib.sha256(f"{_sql_sha256()} {home}".encode())
    for owned in sorted(map(repr, ownership)):
        state.update(owned.encode())
    states, position = {}, 0
    for month in months:
        while position < len(loaded) and loaded[position][0] < month.end:
            state.update(repr(loaded[position]).encode())
            position += 1
        states[month] = state.hexdigest()
    return states


@cache
def _sql_sha256() -> str:
    files = (*sql_files("measures"), *(sql_file("rollups", name) for name in ("owned_rows", "loaded_months")))
    texts = "".join(file.text for file in files)
    return hashlib.sha256(texts.encode()).hexdigest()
