"""Opening the warehouse: one writer at a time, and a clear word about who holds it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from etl.sqlfiles import parse, sql_files, statement
from scoring.errors import BusyError, UsageError

PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Warehouse:
    """A warehouse by its SQLAlchemy URL. Nothing stays open between two uses."""

    engine: sa.Engine
    path: Path
    patience_seconds: float = PATIENCE_SECONDS

    @property
    def dialect(self) -> str:
        """The name under which SQLGlot knows the engine's SQL."""
        return self.engine.dialect.name

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A connection, with the warehouse to oneself; transactions are the caller's.

        An embedded file has one process at a time, readers included. Raises `BusyError` where
        another process does not let go within the patience.
        """
        with _alone(self.path, self.patience_seconds), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """One transaction: committed whole at the end, or not at all."""
        with self.opened() as connection, connection.begin():
            yield connection


def open_warehouse(url: str, patience_seconds: float = PATIENCE_SECONDS) -> Warehouse:
    """The warehouse behind `url` (`duckdb:////path/file.duckdb`); raises `UsageError` for another kind."""
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        address = sa.make_url("none://")
    if address.get_backend_name() != "duckdb" or not address.database or ":" in address.database:
        raise UsageError(
            f"SCOREWRIGHT_WAREHOUSE: expected an address such as duckdb:////folder/file.duckdb, "
            f"found {url!r}."
        )
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    return Warehouse(sa.create_engine(address, poolclass=NullPool), path, patience_seconds)


def create_schema(warehouse: Warehouse) -> None:
    """Create the tables of `sql/schema/` that are not there yet, in one transaction."""
    with warehouse.transaction() as connection:
        present = set(sa.inspect(connection).get_table_names())
        for file in sql_files("schema"):
            if parse(file).this.this.name not in present:
                connection.exec_driver_sql(statement("schema", file.name, warehouse.dialect))


@contextmanager
def _alone(path: Path, patience_seconds: float) -> Iterator[None]:
    """Hold `<path>.lock`; the operating system lets go of it when the process dies, however it dies."""
    lock = path.with_name(path.name + ".lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(handle, path, patience_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 20, 0).decode() or "unknown"
                raise BusyError(
                    f"warehouse {path}: expected it free within {patience_seconds:g} s, found it held by "
                    f"process {holder}; wait for that run to end and try again."
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return
