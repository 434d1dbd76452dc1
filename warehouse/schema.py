"""The tables of `sql/schema/`: created once at the start of a run, never by workers, and versioned."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from functools import cache

import sqlalchemy as sa

from killpoints import reach
from scoring.errors import UsageError
from scoring.period import Period
from warehouse.engine import FACT_FILES, TABLES_LOCK, Warehouse
from warehouse.sql_files import WRITTEN_IN, SqlFile, parse, render, sql_files

_VERSIONS = sa.table("schema_version", sa.column("table_name"), sa.column("ddl_sha256"))


def create_schema(warehouse: Warehouse, months: Iterable[Period] = ()) -> None:
    """Create missing tables, and a partition for each month if the engine has partitions.

    Raises `UsageError` if a table was made by another version of its file: it can be rebuilt from the
    landing, so nothing is ever altered in place.
    """
    with warehouse.transaction(TABLES_LOCK) as connection:
        warehouse.make_namespace(connection)
        present = warehouse.table_names(connection)
        if present:
            check_version(connection, present)
        wanted = [file for file in sql_files("schema") if warehouse.facts.keeps(file.name)]
        _refuse_facts_elsewhere(present - {file.name for file in wanted})
        missing = [file for file in wanted if file.name not in present]
        for file in missing:
            warehouse.create_table(connection, file)
            reach("prepare.table_made")
        if missing:
            connection.execute(sa.insert(_VERSIONS), [_version(file) for file in missing])
    warehouse.facts.prepare(months)


def check_version(connection: sa.Connection, present: Collection[str]) -> None:
    """Raise `UsageError` where one of the tables was made by another version of its file."""
    if "schema_version" not in present:
        raise _other_version("no version")
    made = {row.table_name: row.ddl_sha256 for row in connection.execute(sa.select(_VERSIONS))}
    for file in sql_files("schema"):
        if file.name in made and made[file.name] != _sha256(file):
            raise _other_version(f"another {file.name}")


def _refuse_facts_elsewhere(others: Collection[str]) -> None:
    """Facts in two places would be half of each."""
    for file in sql_files("schema"):
        if file.name in others:
            where = "a lake" if file.name == FACT_FILES else "its own tables"
            raise UsageError(
                f"warehouse: expected its facts where SCOREWRIGHT_LAKE says, found them in {where}; set it "
                "as it was, or run `scorewright rebuild`, which moves them."
            )


def _other_version(found: str) -> UsageError:
    return UsageError(
        f"warehouse: expected the tables of this version of Scorewright, found {found}; "
        "run `scorewright rebuild`, which rebuilds the warehouse from the landing."
    )


def _version(file: SqlFile) -> dict[str, str]:
    return {"table_name": file.name, "ddl_sha256": _sha256(file)}


@cache
def _sha256(file: SqlFile) -> str:
    """What the file declares, ignoring comments."""
    return hashlib.sha256(render(parse(file), WRITTEN_IN).encode()).hexdigest()
