"""A second ledger with the same content, for trial runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, insert, select

from ledger.connection import engine_for, is_missing_file, reading, writing
from ledger.migrating import check_schema, has_tables, migrate_ledger
from ledger.tables import metadata


def copy_ledger(url: str, target: Path) -> None:
    """Copy the ledger at `url` into the SQLite file `target`, with the tables of this program.

    The ledger may not exist, and one in SQLite may be older than the program. Raises `LedgerSchemaError` if
    another database has other tables, or a newer program used it before.
    """
    source, copy = engine_for(url), f"sqlite:///{target}"
    if source.dialect.name != "sqlite":
        migrate_ledger(copy)
        if has_tables(source):
            check_schema(source)
            _copy_rows(source, engine_for(copy))
        return
    if not is_missing_file(source):
        with (
            closing(sqlite3.connect(str(source.url.database))) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    migrate_ledger(copy)


def _copy_rows(source: Engine, copy: Engine) -> None:
    with reading(source) as connection, writing(copy) as target:
        for table in metadata.sorted_tables:
            rows = [row._asdict() for row in connection.execute(select(table))]
            if rows:
                target.execute(insert(table), rows)
