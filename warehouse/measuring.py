"""Measures: every fact's SELECT, once over the whole window, into daily values by team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from killpoints import reach
from scoring.errors import DataError
from scoring.period import Period
from warehouse.asking import Values
from warehouse.checks import check
from warehouse.converting import rates_missing, unconverted
from warehouse.engine import Facts, Warehouse
from warehouse.freshness import write_states
from warehouse.records import Ownership
from warehouse.sql_files import SqlFile, sql_files

_OF_WINDOW = "from measure_daily where activity_date >= :start and activity_date < :end"


_AT_A_TIME = 5_000
"""Owners that are written in a statement: a server may take no more than 65,535 values in one."""


def replace_measures(
    warehouse: Warehouse, months: Sequence[Period], ownership: Iterable[Ownership], home: str
) -> int:
    """Recompute all measures of consecutive `months`, in one transaction; returns the rows written.

    Amounts are converted to `home`, the reporting currency. Where one has no rate on its day, the sums of
    that month that it belongs to are left out: `missing_rates` says which. Raises `DataError` if a currency
    has two rates, or the rates are to another currency.
    """
    window: Values = {"start": months[0].start, "end": months[-1].end}
    owned = list(ownership)
    with warehouse.transaction("measures", snapshot=True) as connection:
        _replace_ownership(connection, owned)
        _replace_reporting_currency(connection, home)
        write_states(connection, months, owned, home)
        _refuse_other_rates(connection, warehouse.facts, window, home)
        _refuse_doubled_rates(connection, warehouse.facts, window)
        connection.execute(sa.text(f"delete {_OF_WINDOW}"), window)
        reach("measure.deleted")
        for file in files_with_rows(connection, warehouse.facts):
            warehouse.facts.measure(connection, file, window)
            reach("measure.inserted")
        missing = rates_missing(connection, warehouse.facts, months)
        for month, team_id, measure in unconverted(missing, owned):
            _drop(connection, month, team_id, measure)
        return int(connection.execute(sa.text(f"select count(*) {_OF_WINDOW}"), window).scalar_one())


def files_with_rows(connection: sa.Connection, facts: Facts) -> Iterator[SqlFile]:
    """The measures of facts that have any row: without one nothing is 0 either, and to ask takes as long."""
    filled = facts.filled(connection)
    return (file for file in sql_files("measures") if f"fct_{file.name}" in filled)


def _drop(connection: sa.Connection, month: Period, team_id: str, measure: str) -> None:
    table = sa.table("measure_daily", *map(sa.column, ("activity_date", "team_id", "measure")))
    in_month = sa.and_(table.c.activity_date >= month.start, table.c.activity_date < month.end)
    of_team = sa.and_(table.c.team_id == team_id, table.c.measure == measure)
    connection.execute(sa.delete(table).where(in_month, of_team))


def _replace_ownership(connection: sa.Connection, ownership: Sequence[Ownership]) -> None:
    connection.execute(sa.text("delete from dim_ownership"))
    table = sa.table("dim_ownership", *(sa.column(field.name) for field in fields(Ownership)))
    for first in range(0, len(ownership), _AT_A_TIME):
        rows = [*map(asdict, ownership[first : first + _AT_A_TIME])]
        connection.execute(sa.insert(table).values(rows))


def _replace_reporting_currency(connection: sa.Connection, home: str) -> None:
    table = sa.table("dim_reporting_currency", sa.column("currency_code"))
    connection.execute(sa.delete(table))
    connection.execute(sa.insert(table).values(currency_code=home))


def _first(connection: sa.Connection, facts: Facts, name: str, window: Values) -> Any:
    return facts.ask(connection, check(name), window).first()


def _refuse_other_rates(connection: sa.Connection, facts: Facts, window: Values, home: str) -> None:
    row = _first(connection, facts, "other_rates", window)
    if row is not None:
        raise DataError(
            f"exchange rates: expected those of {row.source}/{row.entity} to be to {home} on "
            f"{row.rate_date}, found others, which were loaded for another reporting currency; run that "
            "month again, or rebuild the warehouse from the landing."
        )


def _refuse_doubled_rates(connection: sa.Connection, facts: Facts, window: Values) -> None:
    row = _first(connection, facts, "doubled_rates", window)
    if row is not None:
        raise DataError(
            f"exchange rates: expected one rate for {row.currency_code} on {row.rate_date}, found one in "
            f"{row.first_source}/{row.first_entity} and one in {row.last_source}/{row.last_entity}; "
            "take one of the two accounts out of sources.yaml and its rates out of the warehouse."
        )
