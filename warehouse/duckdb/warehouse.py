"""The warehouse in one DuckDB file, for one process at a time, readers included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlglot import exp

from disk.lock_file import alone
from disk.rights import hand_over, make_folder, narrowed
from scoring.period import Period
from warehouse.duckdb.converted import in_whole_numbers
from warehouse.duckdb.database_file import copy_file, log_of
from warehouse.duckdb.errors import told
from warehouse.duckdb.rebuilt_file import rebuilt_file
from warehouse.duckdb.spelled import execute_spelled
from warehouse.engine import Facts, FactsOf
from warehouse.in_tables import InTables
from warehouse.nesting import Shared
from warehouse.sql_files import SqlFile, render, translation

MEMORY_LIMIT = "1GiB"
"""What DuckDB may keep in memory; beyond it uses the disk. By itself it would take most of the machine."""

_PASSING_LIMIT = "64MiB"
"""Rows only pass through while they are loaded, and the reader needs memory beside DuckDB."""

_HEADERS = 3 * 4096
_MAGIC = b"DUCK"


@dataclass(frozen=True)
class DuckDBWarehouse:
    """A DuckDB file. It has no pool, which would keep the file open and block everybody else."""

    engine: sa.Engine
    path: Path
    patience_seconds: float
    facts_of: FactsOf = InTables
    _shared: Shared = field(default_factory=Shared, compare=False, repr=False)

    @classmethod
    def at(cls, address: sa.URL, patience_seconds: float) -> DuckDBWarehouse:
        """The file that the address names; creates its folder."""
        path = Path(str(address.database))
        with told(path):
            make_folder(path.parent)
        return cls(_engine(address), path, patience_seconds)

    @classmethod
    def in_file(cls, path: Path, patience_seconds: float) -> DuckDBWarehouse:
        """The file `path`, in whatever folder."""
        return cls(_engine(sa.URL.create("duckdb", database=str(path))), path, patience_seconds)

    @property
    def facts(self) -> Facts:
        """Its tables, unless it was opened `with_facts` elsewhere."""
        return self.facts_of(self)

    def with_facts(self, facts_of: FactsOf) -> DuckDBWarehouse:
        """The same warehouse with its facts elsewhere."""
        return replace(self, facts_of=facts_of, _shared=Shared())

    @staticmethod
    def translated(tree: exp.Expr) -> str:
        """The statement in DuckDB's SQL."""
        return render(in_whole_numbers(tree), "duckdb")

    def exists(self) -> bool:
        """Whether the file exists."""
        return self.path.exists()

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A connection with exclusive access: an open reader would block a writer, too.

        Nested calls share the connection.
        """
        with self._shared.joined(self._connected) as connection:
            yield connection

    @contextmanager
    def transaction(self, *locks: str, snapshot: bool = False) -> Iterator[sa.Connection]:
        """One transaction. The file itself is the lock: nobody else has it open, so every name is free."""
        with self._shared.alone(self._connected) as connection, connection.begin():
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold the named lock; others may use the file meanwhile."""
        with self._alone(name):
            yield

    def make_namespace(self, connection: sa.Connection) -> None:
        """Does nothing: the tables are in the file itself."""

    def table_names(self, connection: sa.Connection) -> set[str]:
        """The existing tables."""
        return set(sa.inspect(connection).get_table_names())

    def lock_table(self, connection: sa.Connection, table: str) -> None:
        """Does nothing: while a transaction writes nobody else has the file open."""

    def create_table(self, connection: sa.Connection, file: SqlFile) -> None:
        """Create the table as its file declares it."""
        connection.exec_driver_sql(translation(file, self.translated))

    def make_parts(self, months: Iterable[Period]) -> None:
        """Does nothing: DuckDB finds the rows of a slice by its statistics of each block of a table."""

    def note_growth(self, facts: Iterable[str], months: Iterable[Period]) -> None:
        """Does nothing: DuckDB knows the sizes of its tables."""

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table`; DuckDB reads them directly from memory."""
        connection.exec_driver_sql(f"set memory_limit = '{_PASSING_LIMIT}'")
        connection.exec_driver_sql("set threads = 1")
        # Not by a registered name: DuckDB would keep the rows for rollback until the transaction ends.
        # Columns are matched by position, in the table's order.
        raw: Any = connection.connection.dbapi_connection
        raw.from_arrow(rows).insert_into(table)
        connection.exec_driver_sql(f"set memory_limit = '{MEMORY_LIMIT}'")

    @contextmanager
    def made_anew(self, *, replace: bool) -> Iterator[DuckDBWarehouse]:
        """An empty temporary file, renamed to this one when the block ends well.

        With `replace` the old file is kept beside it under `.replaced`; without, an existing file raises
        `UsageError`.
        """
        with rebuilt_file(self.path, self.patience_seconds, replace=replace) as aside:
            made = self.in_file(aside, self.patience_seconds).with_facts(self.facts_of)
            yield made
            with made.opened() as connection:
                # everything into the file itself: its log would not be renamed with it
                connection.exec_driver_sql("checkpoint")

    def copy_to(self, file: Path) -> None:
        """Copy the file, if there is one; raises `BusyError` if another process keeps it locked."""
        if self.exists():
            # nobody writes while we hold it
            with self.opened():
                copy_file(self.path, file)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with told(self.path), narrowed(), self._alone(""):
            _remove_unborn(self.path)
            try:
                with self.engine.connect() as connection:
                    hand_over(self.path, log_of(self.path))
                    yield connection
            finally:
                hand_over(self.path, log_of(self.path))

    def _alone(self, name: str) -> AbstractContextManager[None]:
        ending = f".{re.sub(r'[^a-z0-9]+', '-', name.lower())}.lock" if name else ".lock"
        what = f"warehouse {self.path}" + (f" ({name})" if name else "")
        return alone(self.path.with_name(self.path.name + ending), what, self.patience_seconds)


def _engine(address: sa.URL) -> sa.Engine:
    options = {"config": {"memory_limit": MEMORY_LIMIT}}
    engine = sa.create_engine(address, poolclass=NullPool, connect_args=options)
    sa.event.listen(engine, "do_execute", execute_spelled)
    return engine


def _remove_unborn(path: Path) -> None:
    """Remove the partial file of a process killed while creating it: some of its three headers.

    It never had any content, and DuckDB would refuse it for ever.
    """
    if path.exists() and path.stat().st_size < _HEADERS:
        begun = path.read_bytes()
        if not begun or begun[8:12] == _MAGIC:
            path.unlink()
