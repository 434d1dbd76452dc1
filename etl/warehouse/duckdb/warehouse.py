"""The embedded warehouse: one DuckDB file, one process at a time, readers included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from etl.warehouse.duckdb.errors import told
from etl.warehouse.duckdb.lock_file import alone
from etl.warehouse.nesting import Shared

MEMORY_LIMIT = "1GiB"
"""What DuckDB may keep in memory; beyond it uses the disk. By itself it would take most of the machine."""

_PASSING_LIMIT = "64MiB"
"""Rows only pass through while they are loaded, and the reader's own memory stands beside DuckDB's."""

_HEADERS = 3 * 4096
_MAGIC = b"DUCK"


@dataclass(frozen=True)
class EmbeddedWarehouse:
    """A DuckDB file. With a pool it would stay open, and nobody else could use it."""

    engine: sa.Engine
    path: Path
    patience_seconds: float
    _shared: Shared = field(default_factory=Shared, compare=False, repr=False)

    @classmethod
    def at(cls, address: sa.URL, patience_seconds: float) -> EmbeddedWarehouse:
        """The file that the address names; its folder is made."""
        path = Path(str(address.database))
        with told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        options = {"config": {"memory_limit": MEMORY_LIMIT}}
        engine = sa.create_engine(address, poolclass=NullPool, connect_args=options)
        return cls(engine, path, patience_seconds)

    @property
    def dialect(self) -> str:
        """The name under which SQLGlot knows the engine's SQL."""
        return "duckdb"

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
    def _connected(self) -> Iterator[sa.Connection]:
        with told(self.path), self._alone(""):
            _remove_unborn(self.path)
            with self.engine.connect() as connection:
                yield connection

    def _alone(self, name: str) -> AbstractContextManager[None]:
        ending = f".{re.sub(r'[^a-z0-9]+', '-', name.lower())}.lock" if name else ".lock"
        what = f"warehouse {self.path}" + (f" ({name})" if name else "")
        return alone(self.path.with_name(self.path.name + ending), what, self.patience_seconds)


def _remove_unborn(path: Path) -> None:
    """Take away what a process killed while it made the file has left: a part of its three headers.

    There was never anything in it, and DuckDB would refuse it for ever.
    """
    if path.exists() and path.stat().st_size < _HEADERS:
        begun = path.read_bytes()
        if not begun or begun[8:12] == _MAGIC:
            path.unlink()
