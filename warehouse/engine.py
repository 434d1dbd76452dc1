"""What a warehouse can do, whatever engine it runs on; and what an engine is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
import sqlalchemy as sa
from sqlglot import exp

from scoring.period import Period
from warehouse.asking import Question, Rows, Values
from warehouse.records import Slice
from warehouse.sql_files import SqlFile

PATIENCE_SECONDS = 120.0
"""How long one process waits for another before it gives up."""

TABLES_LOCK = "schema"
"""The lock for creating tables or partitions."""


FACT_FILES = "fact_file"
"""The table of the files that facts outside the database are in."""


EVERY_SLICE: sa.ColumnElement[bool] = sa.true()
"""A condition that holds for each."""


class Facts(Protocol):
    """Where the rows of facts are, and who computes with them.

    All is done in the warehouse's transaction: what is put there counts when that is committed, and a
    question is answered from its snapshot.
    """

    def keeps(self, table: str) -> bool:
        """Whether a file of `sql/schema/` is one of the warehouse's tables."""
        ...

    def prepare(self, months: Iterable[Period]) -> None:
        """Make room for the months, if that is needed."""
        ...

    def drop(self, connection: sa.Connection, fact: str, slices: Iterable[Slice]) -> None:
        """Take the rows of the slices out of the fact."""
        ...

    def put(self, connection: sa.Connection, fact: str, parts: Sequence[tuple[Slice, pa.Table]]) -> None:
        """Add the rows of slices that have none; each table has all columns of the fact, in their order."""
        ...

    def ask(
        self,
        connection: sa.Connection,
        asked: Question | sa.Select[Any],
        values: Values | None = None,
        of: sa.ColumnElement[bool] = EVERY_SLICE,
    ) -> Rows:
        """Answer a question about facts; its parameters get `values`.

        A select is only about the slices for which the condition `of` holds; a lake opens no other files.
        """
        ...

    def filled(self, connection: sa.Connection) -> frozenset[str]:
        """The facts that have any row."""
        ...

    def measure(self, connection: sa.Connection, file: SqlFile, window: Values) -> None:
        """Add the measures of a file of `sql/measures/` over a window to `measure_daily`."""
        ...

    def damaged(self, connection: sa.Connection) -> Iterable[str]:
        """What outside the database is lost or changed, in a sentence each."""
        ...


class Warehouse(Protocol):
    """A warehouse. Nothing stays open between two uses.

    Every method that waits for another process raises `BusyError`, naming that process, if it keeps the lock
    too long; the database's own errors become `DataError`, and the disk's `StorageError`.
    """

    @property
    def facts(self) -> Facts:
        """Where its facts are: in its own tables, unless it was opened `with_facts` elsewhere."""
        ...

    def with_facts(self, facts_of: FactsOf) -> Warehouse:
        """The same warehouse with its facts elsewhere."""
        ...

    @staticmethod
    def translated(tree: exp.Expr) -> str:
        """A statement in the engine's SQL, with parameters as SQLAlchemy writes them (`:start`)."""
        ...

    def exists(self) -> bool:
        """Whether there is anything to open."""
        ...

    def opened(self) -> AbstractContextManager[sa.Connection]:
        """A connection that reads from one snapshot.

        Nested calls inside a block of `opened` or `transaction` share its connection; a transaction cannot
        begin inside one.
        """
        ...

    def transaction(self, *locks: str, snapshot: bool = False) -> AbstractContextManager[sa.Connection]:
        """One transaction, committed as a whole or not at all.

        It holds each of `locks`. With `snapshot` all its statements read one snapshot, taken after the locks.
        """
        ...

    def held(self, name: str) -> AbstractContextManager[None]:
        """Hold the named lock across processes, and across machines if the engine serves several."""
        ...

    def make_namespace(self, connection: sa.Connection) -> None:
        """Create the schema for the tables, if the engine has schemas and it does not exist."""
        ...

    def table_names(self, connection: sa.Connection) -> set[str]:
        """The existing tables and their partitions."""
        ...

    def create_table(self, connection: sa.Connection, file: SqlFile) -> None:
        """Create the table that a file of `sql/schema/` declares, in the connection's transaction."""
        ...

    def make_parts(self, months: Iterable[Period]) -> None:
        """Create a partition of each fact for each month, if the engine replaces slices by partition."""
        ...

    def note_growth(self, facts: Iterable[str], months: Iterable[Period]) -> None:
        """Let the engine count the rows of what was loaded, if it plans its work by such counts."""
        ...

    def lock_table(self, connection: sa.Connection, table: str) -> None:
        """Let nobody else write to the table until the connection's transaction ends; wait for who does."""
        ...

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table` with the engine's bulk insert, in the connection's transaction."""
        ...

    def made_anew(self, *, replace: bool) -> AbstractContextManager[Warehouse]:
        """An empty warehouse to be filled, which replaces this one when the block ends well.

        Until then the old one is unchanged; it is never opened, because it may be damaged. Raises
        `UsageError` if something exists that must not or cannot be replaced.
        """
        ...

    def copy_to(self, file: Path) -> None:
        """Copy it into `file` for a trial run.

        Does nothing if the warehouse does not exist yet or is not a file: it can be rebuilt from the landing.
        """
        ...


FactsOf: TypeAlias = Callable[[Warehouse], Facts]
"""Where the facts of a warehouse are."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of database that can hold a warehouse: each folder of `warehouse/` has one as `ENGINE`.

    `scheme` is how its addresses begin, and `example` is shown when an address is wrong. `at` returns the
    warehouse at an address, None if the address lacks something; `in_file` the one in a file, if the engine
    keeps its warehouse in one. Neither connects to anything yet.
    """

    scheme: str
    example: str
    at: Callable[[sa.URL, float], Warehouse | None]
    in_file: Callable[[Path, float], Warehouse] | None = None
