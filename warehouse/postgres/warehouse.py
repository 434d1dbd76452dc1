"""The warehouse on PostgreSQL: many readers and writers at once, coordinated by advisory locks."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.pool import NullPool
from sqlglot import exp

from disk.address import shown, without_options
from disk.errors import BusyError
from scoring.errors import UsageError
from scoring.period import Period
from warehouse.engine import Facts, FactsOf
from warehouse.nesting import Shared
from warehouse.postgres.advisory_lock import holder, lock
from warehouse.postgres.binary_copy import END, START, binary_rows
from warehouse.postgres.errors import gave_up_waiting, refusal
from warehouse.postgres.facts import InServer, unmultiplied_at_home
from warehouse.postgres.parts import make_parts, part_of
from warehouse.postgres.tables import SCHEMA, table_statement
from warehouse.sql_files import SqlFile, render

_CHUNK_ROWS = 20_000
"""So many rows are encoded at a time: the server reads one part while the next is made."""


@dataclass(frozen=True)
class PostgresWarehouse:
    """A database of a PostgreSQL server, by its address. No connection outlives its use."""

    engine: sa.Engine
    patience_seconds: float
    facts_of: FactsOf = InServer
    _shared: Shared = field(default_factory=Shared, compare=False, repr=False)

    @classmethod
    def at(cls, address: sa.URL, patience_seconds: float) -> PostgresWarehouse:
        """The database that the address names."""
        place, options = without_options(address)
        engine = sa.create_engine(
            place.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={
                # lock holders are identified by this name
                "application_name": f"scorewright process {os.getpid()} on {socket.gethostname()}"[:63],
                # to compile a statement takes each of its processes longer than it saves
                "options": f"-c search_path={SCHEMA} -c timezone=UTC -c jit=off "
                f"-c lock_timeout={round(patience_seconds * 1000) or 1}",
                **options,
            },
        )
        return cls(engine, patience_seconds)

    @property
    def facts(self) -> Facts:
        """Its tables, unless it was opened `with_facts` elsewhere."""
        return self.facts_of(self)

    def with_facts(self, facts_of: FactsOf) -> PostgresWarehouse:
        """The same warehouse with its facts elsewhere."""
        return replace(self, facts_of=facts_of, _shared=Shared())

    @staticmethod
    def translated(tree: exp.Expr) -> str:
        """The statement in PostgreSQL's SQL."""
        return render(unmultiplied_at_home(tree), "postgres")

    def exists(self) -> bool:
        """Whether the warehouse's schema exists."""
        with self.opened() as connection:
            return sa.inspect(connection).has_schema(SCHEMA)

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A connection that reads from one snapshot and blocks nobody. Nested calls share it."""
        with self._shared.joined(self._reading) as connection:
            yield connection

    @contextmanager
    def transaction(self, *locks: str, snapshot: bool = False) -> Iterator[sa.Connection]:
        """One transaction that holds each of `locks`.

        They are session locks taken before the transaction begins; otherwise its snapshot would predate the
        wait for them.
        """
        isolation_level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        with self._shared.alone(lambda: self._writing(locks, isolation_level)) as connection:
            yield connection

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold the named lock; it ends with its connection, however the process ends."""
        with self._connected() as connection:
            self._take(connection, name)
            yield

    def make_namespace(self, connection: sa.Connection) -> None:
        """Create the warehouse's schema if it does not exist."""
        connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))

    def table_names(self, connection: sa.Connection) -> set[str]:
        """The existing tables and their partitions."""
        return set(sa.inspect(connection).get_table_names(schema=SCHEMA))

    def lock_table(self, connection: sa.Connection, table: str) -> None:
        """Whoever writes to it has the lock of its rows, which this one waits for."""
        connection.exec_driver_sql(f'lock table {SCHEMA}."{table}" in share row exclusive mode')

    def create_table(self, connection: sa.Connection, file: SqlFile) -> None:
        """Create the table; a fact is created as partitioned, and `make_parts` adds the partitions."""
        connection.exec_driver_sql(table_statement(file))

    def make_parts(self, months: Iterable[Period]) -> None:
        """Create a partition of each fact for each month, and one for all others."""
        make_parts(self, months)

    def note_growth(self, facts: Iterable[str], months: Iterable[Period]) -> None:
        """Analyze the partitions: without their statistics the server expects few rows and sorts them all.

        Its own daemon would do so some minutes later, when the measures are made.
        """
        wanted = {part_of(fact, month) for fact in facts for month in months}
        with self._connected() as connection:
            for part in sorted(wanted & self.table_names(connection)):
                connection.exec_driver_sql(f"analyze {part}")

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
    def made_anew(self, *, replace: bool) -> Iterator[PostgresWarehouse]:
        """This warehouse, filled in place; raises `UsageError` if its schema exists.

        It never drops a schema: others may be using it.
        """
        if self.exists():
            raise UsageError(
                "rebuild: expected a server without the schema `warehouse`, found one; move it away with "
                "`alter schema warehouse rename to warehouse_old` and rebuild again."
            )
        yield self

    def copy_to(self, file: Path) -> None:
        """Does nothing: this warehouse is not a file, and can be rebuilt from the landing."""

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._connected() as connection, _begun(connection, "REPEATABLE READ"):
            yield connection

    @contextmanager
    def _writing(self, locks: Iterable[str], isolation_level: str) -> Iterator[sa.Connection]:
        with self._connected() as connection:
            # in one order everywhere, so that two processes cannot deadlock
            for name in sorted(set(locks)):
                self._take(connection, name)
            with _begun(connection, isolation_level):
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection in autocommit mode until a transaction is begun."""
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            raise refusal(self._shown, self.engine.url, error) from None

    def _take(self, connection: sa.Connection, name: str) -> None:
        try:
            lock(connection, name)
        except sa.exc.DBAPIError as error:
            if not gave_up_waiting(error):
                raise
            raise BusyError(
                f"warehouse {self._shown}: expected {name} free within {self.patience_seconds:g} s, found it "
                f"held by {holder(connection, name)}; wait for that run to end and try again."
            ) from None

    @property
    def _shown(self) -> str:
        return shown(self.engine.url.set(drivername="postgresql"))


@contextmanager
def _begun(connection: sa.Connection, isolation_level: Any) -> Iterator[None]:
    connection.rollback()  # nothing to roll back; this ends the autocommit block
    with connection.execution_options(isolation_level=isolation_level).begin():
        yield
