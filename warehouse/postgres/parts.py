"""Partitions of the facts by month: PostgreSQL replaces a slice by reading only its month's partition."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from killpoints import reach
from scoring.period import Period
from warehouse.engine import TABLES_LOCK, Warehouse
from warehouse.facts import fact_catalog


def make_parts(warehouse: Warehouse, months: Iterable[Period]) -> None:
    """Create a partition of each fact for each month, and one for all others.

    Each is created separately and then attached, which blocks nobody; if rows of the month are in the default
    partition already, they stay there.
    """
    wanted = (None, *sorted(set(months)))
    with warehouse.opened() as connection:
        present = warehouse.table_names(connection)
    for fact in fact_catalog():
        if not {part_of(fact, month) for month in wanted} <= present:
            # a transaction for each fact: with two locked at once we could deadlock with a load
            with warehouse.transaction(TABLES_LOCK) as connection:
                present_now = warehouse.table_names(connection)
                for month in wanted:
                    if part_of(fact, month) not in present_now:
                        _make_part(connection, fact, month)


def _make_part(connection: sa.Connection, fact: str, month: Period | None) -> None:
    if month is not None and _is_among_others(connection, fact, month):
        return
    part = part_of(fact, month)
    connection.exec_driver_sql(f"create table {part} (like {fact} including all)")
    values = "default" if month is None else f"for values in ('{month.start}')"
    reach("prepare.part_made")
    connection.exec_driver_sql(f"alter table {fact} attach partition {part} {values}")


def _is_among_others(connection: sa.Connection, fact: str, month: Period) -> bool:
    others = sa.table(part_of(fact, None), sa.column("slice_month"))
    query = sa.select(sa.literal(1)).select_from(others).where(others.c.slice_month == month.start).limit(1)
    return connection.execute(query).first() is not None


def part_of(fact: str, month: Period | None) -> str:
    """The partition of a fact's month; without a month that of all others."""
    return f"{fact}_other" if month is None else f"{fact}_{month.start:%Y_%m}"
