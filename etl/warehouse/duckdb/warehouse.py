"""The warehouse in one DuckDB file, for one process at a time, readers included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlglot import exp

from etl.sql_files import SqlFile, parse, render
from etl.warehouse.duckdb.database_file import copy_file
from etl.warehouse.duckdb.errors import told
from etl.warehouse.duckdb.lock_file import alone
from etl.warehouse.duckdb.rebuilt_file import rebuilt_file
from etl.warehouse.nesting import Shared
from scoring.period import Period

MEMORY_LIMIT = "1GiB"
"""What DuckDB may keep in memory; beyond it uses the disk. By itself it would take most of the machine."""

_PASSING_LIMIT = "64MiB"
"""Rows only pass through while they are loaded, and the reader's own memory stands beside DuckDB's."""

_HEADERS = 3 * 4096
_MAGIC = b"DUCK"


@dataclass(frozen=True)
class DuckDBWarehouse:
    """A DuckDB file. With a pool it would stay open, and nobody else could use it."""

    engine: sa.Engine
    path: Path
    patience_seconds: float
    _shared: Shared = field(default_factory=Shared, compare=False, repr=False)

    @classmethod
    def at(cls, address: sa.URL, patience_seconds: float) -> DuckDBWarehouse:
        """The file that the address names; its folder is made."""
        path = Path(str(address.database))
        with told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        return cls(_engine(address), path, patience_seconds)

    @classmethod
    def in_file(cls, path: Path, patience_seconds: float) -> DuckDBWarehouse:
        """The file `path`, in whatever folder."""
        return cls(_engine(sa.URL.create("duckdb", database=str(path))), path, patience_seconds)

    @staticmethod
    def translated(tree: exp.Expr) -> str:
        """The statement as DuckDB says it."""
        return render(tree, "duckdb")

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A connection, with the file to oneself: an open reader would block a writer, too.

        Whoever asks inside the block has the same one.
        """
        with self._shared.joined(self._connected) as connection:
            yield connection

    @contextmanager
    def transaction(self, *locks: str, snapshot: bool = False) -> Iterator[sa.Connection]:
        """One transaction. The file is its lock: nobody else is in it, so every name is free."""
        with self._shared.alone(self._connected) as connection, connection.begin():
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Have the name to oneself; others may use the file meanwhile."""
        with self._alone(name):
            yield

    def make_namespace(self, connection: sa.Connection) -> None:
        """Makes nothing: the tables lie in the file itself."""

    def table_names(self, connection: sa.Connection) -> set[str]:
        """The tables that are there."""
        return set(sa.inspect(connection).get_table_names())

    def create_table(self, connection: sa.Connection, file: SqlFile) -> None:
        """Make the table as its file declares it."""
        connection.exec_driver_sql(self.translated(parse(file)))

    def make_parts(self, months: Iterable[Period]) -> None:
        """Makes nothing: DuckDB finds the rows of a slice by what it knows of each block of a table."""

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table`; DuckDB reads them where they lie in memory."""
        connection.exec_driver_sql(f"set memory_limit = '{_PASSING_LIMIT}'")
        connection.exec_driver_sql("set threads = 1")
        # Not by a registered name: until the transaction ends, DuckDB would keep the rows for its undoing.
        # Columns are taken in their order, which is that of the table.
        raw: Any = connection.connection.dbapi_connection
        raw.from_arrow(rows).insert_into(table)
        connection.exec_driver_sql(f"set memory_limit = '{MEMORY_LIMIT}'")

    @contextmanager
    def made_anew(self, *, replace: bool) -> Iterator[DuckDBWarehouse]:
        """An empty file aside, which is renamed to this one when the block ends well.

        With `replace` the old file is kept beside it under `.replaced`; without, a file that is there
        raises `UsageError`.
        """
        with rebuilt_file(self.path, self.patience_seconds, replace=replace) as aside:
            made = self.in_file(aside, self.patience_seconds)
            yield made
            with made.opened() as connection:
                # all of it into the file itself: its log would not move along with it
                connection.exec_driver_sql("checkpoint")

    def copy_to(self, file: Path) -> None:
        """Copy the file, if there is one; raises `BusyError` where another process does not let go of it."""
        if self.exists():
            # while it is held nobody writes
            with self.opened():
                copy_file(self.path, file)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with told(self.path), self._alone(""):
            _remove_unborn(self.path)
            with self.engine.connect() as connection:
                yield connection

    def _alone(self, name: str) -> AbstractContextManager[None]:
        ending = f".{re.sub(r'[^a-z0-9]+', '-', name.lower())}.lock" if name else ".lock"
        what = f"warehouse {self.path}" + (f" ({name})" if name else "")
        return alone(self.path.with_name(self.path.name + ending), what, self.patience_seconds)


def _engine(address: sa.URL) -> sa.Engine:
    options = {"config": {"memory_limit": MEMORY_LIMIT}}
    return sa.create_engine(address, poolclass=NullPool, connect_args=options)


def _remove_unborn(path: Path) -> None:
    """Take away what a process killed while it made the file has left: a part of its three headers.

    There was never anything in it, and DuckDB would refuse it for ever.
    """
    if path.exists() and path.stat().st_size < _HEADERS:
        begun = path.read_bytes()
        if not begun or begun[8:12] == _MAGIC:
            path.unlink()
