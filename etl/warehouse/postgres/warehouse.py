"""The warehouse on PostgreSQL: many readers and writers at once, told apart by advisory locks."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from etl.warehouse.nesting import Shared
from etl.warehouse.postgres.binary_copy import END, START, binary_rows
from scoring.errors import BusyError, DataError

SCHEMA = "warehouse"
"""The schema of the database that holds the warehouse; the ledger has its own beside it."""

_CHUNK_ROWS = 20_000
"""So many rows are encoded at a time: the server reads one part while the next is made."""


@dataclass(frozen=True)
class ServerWarehouse:
    """A database of a PostgreSQL server, by its address. No connection outlives its use."""

    engine: sa.Engine
    patience_seconds: float
    _shared: Shared = field(default_factory=Shared, compare=False, repr=False)

    @classmethod
    def at(cls, address: sa.URL, patience_seconds: float) -> ServerWarehouse:
        """The database that the address names."""
        engine = sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={
                # who waits for whom is found out by this name
                "application_name": f"scorewright process {os.getpid()} on {socket.gethostname()}"[:63],
                "options": f"-c search_path={SCHEMA} -c timezone=UTC "
                f"-c lock_timeout={round(patience_seconds * 1000) or 1}",
            },
        )
        return cls(engine, patience_seconds)

    @property
    def dialect(self) -> str:
        """The name under which SQLGlot knows the engine's SQL."""
        return "postgres"

    def exists(self) -> bool:
        """Whether the warehouse's schema was made."""
        with self.opened() as connection:
            return sa.inspect(connection).has_schema(SCHEMA)

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A connection to read from, of one moment; nobody is kept waiting by it.

        Whoever asks inside the block has the same one.
        """
        with self._shared.joined(self._reading) as connection:
            yield connection

    @contextmanager
    def transaction(self, *locks: str, snapshot: bool = False) -> Iterator[sa.Connection]:
        """One transaction, which has each of `locks` to itself.

        The locks are the session's and are got before the transaction begins: its snapshot would
        otherwise be older than the wait for them.
        """
        isolation_level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        with self._shared.alone(lambda: self._writing(locks, isolation_level)) as connection:
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Have the name to oneself; the lock ends with its connection, however the process ends."""
        with self._connected() as connection:
            self._lock(connection, name)
            yield

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table` by COPY."""
        quoted = connection.dialect.identifier_preparer.quote
        into = f"{quoted(table)} ({', '.join(map(quoted, rows.column_names))})"
        raw: Any = connection.connection.dbapi_connection
        with raw.cursor() as cursor, cursor.copy(f"copy {into} from stdin (format binary)") as copy:
            copy.write(START)
            for batch in rows.to_batches(_CHUNK_ROWS):
                copy.write(binary_rows(batch))
            copy.write(END)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._connected() as connection, _begun(connection, "REPEATABLE READ"):
            yield connection

    @contextmanager
    def _writing(self, locks: Iterable[str], isolation_level: str) -> Iterator[sa.Connection]:
        with self._connected() as connection:
            # in one order everywhere, or two who want the same two would wait for each other for ever
            for name in sorted(set(locks)):
                self._lock(connection, name)
            with _begun(connection, isolation_level):
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection in which each statement stands alone until a transaction is begun."""
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            raise self._refusal(error) from None

    def _lock(self, connection: sa.Connection, name: str) -> None:
        try:
            connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _key(name)})
        except sa.exc.DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            raise BusyError(
                f"warehouse {self._shown}: expected {name} free within {self.patience_seconds:g} s, found it "
                f"held by {_holder(connection, name)}; wait for that run to end and try again."
            ) from None

    def _refusal(self, error: sa.exc.DBAPIError | psycopg.Error) -> DataError | BusyError:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        found = next(iter(str(cause).splitlines()), type(cause).__name__)
        if isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.SerializationFailure):
            return BusyError(
                f"warehouse {self._shown}: another process kept what this one needs ({found}); try again."
            )
        return DataError(
            f"warehouse {self._shown}: expected a database that answers, found: {found}; "
            "look after the database and run again."
        )

    @property
    def _shown(self) -> str:
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=True)


@contextmanager
def _begun(connection: sa.Connection, isolation_level: Any) -> Iterator[None]:
    connection.rollback()  # there is nothing to take back; it ends the block in which statements stand alone
    with connection.execution_options(isolation_level=isolation_level).begin():
        yield


def _holder(connection: sa.Connection, name: str) -> str:
    """Who has the lock, as it names itself to the server; it may have let go by now."""
    query = sa.text(
        "select activity.application_name from pg_locks as held "
        "inner join pg_stat_activity as activity on held.pid = activity.pid "
        "where held.locktype = 'advisory' and held.granted and held.objsubid = 1 "
        "and held.database = (select oid from pg_database where datname = current_database()) "
        "and ((held.classid::bigint << 32) | held.objid::bigint) = :key"
    )
    row = connection.execute(query, {"key": _key(name)}).first()
    return "a process that has just let go" if row is None else str(row.application_name)


def _key(name: str) -> int:
    """The number that stands for a name among the server's advisory locks."""
    return int.from_bytes(hashlib.sha256(f"{SCHEMA}/{name}".encode()).digest()[:8], "big", signed=True)
