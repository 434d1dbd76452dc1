"""The tables of `sql/schema/`: made once at the head of a run, never by workers, and held to a version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache

import sqlalchemy as sa
from sqlglot import exp

from etl.facts import fact_catalog
from etl.sql_files import SqlFile, parse, render, sql_files
from etl.warehouse.engine import Warehouse
from etl.warehouse.postgres.warehouse import SCHEMA
from killpoints import reach
from scoring.errors import UsageError
from scoring.period import Period

_LOCK = "schema"
_VERSIONS = sa.table("schema_version", sa.column("table_name"), sa.column("ddl_sha256"))


def create_schema(warehouse: Warehouse, months: Iterable[Period] = ()) -> None:
    """Make the tables that are not there yet, and a place for each month where months have their own.

    Raises `UsageError` where a table was made by another version of its file: what it holds can be made
    anew from the landing, so nothing is ever altered in place.
    """
    with _alone(warehouse) as connection:
        if warehouse.dialect == "postgres":
            connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
        present = set(sa.inspect(connection).get_table_names(schema=_schema(warehouse)))
        if "schema_version" in present:
            _refuse_other_version(connection)
        elif present:
            raise _other_version("no version")
        missing = [file for file in sql_files("schema") if file.name not in present]
        for file in missing:
            connection.exec_driver_sql(_ddl(file, warehouse.dialect))
            reach("prepare.table_made")
        if missing:
            connection.execute(sa.insert(_VERSIONS), [_version(file) for file in missing])
    if warehouse.dialect == "postgres":
        _create_partitions(warehouse, months)


def _alone(warehouse: Warehouse) -> AbstractContextManager[sa.Connection]:
    return warehouse.transaction(_LOCK)


def _schema(warehouse: Warehouse) -> str | None:
    return SCHEMA if warehouse.dialect == "postgres" else None


def _refuse_other_version(connection: sa.Connection) -> None:
    made = {row.table_name: row.ddl_sha256 for row in connection.execute(sa.select(_VERSIONS))}
    for file in sql_files("schema"):
        if file.name in made and made[file.name] != _sha256(file):
            raise _other_version(f"another {file.name}")


def _other_version(found: str) -> UsageError:
    return UsageError(
        f"warehouse: expected the tables of this version of Scorewright, found {found}; "
        "run `scorewright rebuild`, which makes the warehouse anew from the landing."
    )


def _version(file: SqlFile) -> dict[str, str]:
    return {"table_name": file.name, "ddl_sha256": _sha256(file)}


@cache
def _sha256(file: SqlFile) -> str:
    """What the file declares, whatever its comments say."""
    return hashlib.sha256(render(parse(file), "duckdb").encode()).hexdigest()


def _ddl(file: SqlFile, dialect: str) -> str:
    """The statement for the engine.

    On PostgreSQL text sorts by its bytes as it does in DuckDB, whatever the database's language, and facts
    have a part for each month, which makes replacing a slice cheaper than an index does.
    """
    tree = parse(file)
    if dialect != "postgres":
        return render(tree, dialect)
    for column in tree.find_all(exp.ColumnDef):
        if column.args["kind"].is_type("text"):
            collation = exp.CollateColumnConstraint(this=exp.to_identifier("C", quoted=True))
            column.args["constraints"].insert(0, exp.ColumnConstraint(kind=collation))
    return render(tree, dialect) + (" partition by list (slice_month)" if file.name in fact_catalog() else "")


def _create_partitions(warehouse: Warehouse, months: Iterable[Period]) -> None:
    """A part of each fact for each month, and one for all others.

    Each is made aside and then attached, which keeps nobody from reading or writing meanwhile; where rows of
    the month lie among the others already, they stay there.
    """
    wanted = (None, *sorted(set(months)))
    with warehouse.opened() as connection:
        present = _parts(connection)
    for fact in fact_catalog():
        if not {_part(fact, month) for month in wanted} <= present:
            # a transaction for each fact: who holds two of them could wait for a load that holds the other
            with _alone(warehouse) as connection:
                present_now = _parts(connection)
                for month in wanted:
                    if _part(fact, month) not in present_now:
                        _create_partition(connection, fact, month)


def _parts(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names(schema=SCHEMA))


def _create_partition(connection: sa.Connection, fact: str, month: Period | None) -> None:
    if month is not None and _is_among_others(connection, fact, month):
        return
    part = _part(fact, month)
    connection.exec_driver_sql(f"create table {part} (like {fact} including all)")
    values = "default" if month is None else f"for values in ('{month.start}')"
    reach("prepare.part_made")
    connection.exec_driver_sql(f"alter table {fact} attach partition {part} {values}")


def _is_among_others(connection: sa.Connection, fact: str, month: Period) -> bool:
    others = sa.table(_part(fact, None), sa.column("slice_month"))
    query = sa.select(sa.literal(1)).select_from(others).where(others.c.slice_month == month.start).limit(1)
    return connection.execute(query).first() is not None


def _part(fact: str, month: Period | None) -> str:
    return f"{fact}_other" if month is None else f"{fact}_{month.start:%Y_%m}"
