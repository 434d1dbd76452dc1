"""What a warehouse can do, whatever engine it runs on; and what an engine is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import sqlalchemy as sa
from sqlglot import exp

from etl.sql_files import SqlFile
from scoring.period import Period

PATIENCE_SECONDS = 120.0
"""How long one process waits for another before it gives up."""

TABLES_LOCK = "schema"
"""The lock of whoever makes tables or parts of them."""


class Warehouse(Protocol):
    """A warehouse. Nothing stays open between two uses.

    Every method that waits for another process raises `BusyError`, which names that process, where it
    does not let go within the patience; what the database itself refuses is a `DataError`, and what the
    disk refuses a `StorageError`.
    """

    @staticmethod
    def translated(tree: exp.Expr) -> str:
        """A statement as the engine says it, with parameters as SQLAlchemy writes them (`:start`)."""
        ...

    def exists(self) -> bool:
        """Whether there is anything to open."""
        ...

    def opened(self) -> AbstractContextManager[sa.Connection]:
        """A connection to read from: all that is read by it is of one moment.

        `opened` and `transaction` hand the same one to whoever opens inside their block; a transaction
        cannot begin inside one.
        """
        ...

    def transaction(self, *locks: str, snapshot: bool = False) -> AbstractContextManager[sa.Connection]:
        """One transaction: committed whole at the end, or not at all.

        It has each of `locks` to itself. With `snapshot` all its statements see the facts of the one
        moment after the locks were got.
        """
        ...

    def held(self, name: str) -> AbstractContextManager[None]:
        """Have the name to oneself, across processes, and across machines where the engine serves several."""
        ...

    def make_namespace(self, connection: sa.Connection) -> None:
        """Make what the tables lie in, where the engine has such a thing and it is not there yet."""
        ...

    def table_names(self, connection: sa.Connection) -> set[str]:
        """The tables that are there, and their parts."""
        ...

    def create_table(self, connection: sa.Connection, file: SqlFile) -> None:
        """Make the table that a file of `sql/schema/` declares, in the connection's transaction."""
        ...

    def make_parts(self, months: Iterable[Period]) -> None:
        """Make a part of each fact for each month, where the engine replaces a slice within its part."""
        ...

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table` by the engine's bulk way, in the connection's transaction."""
        ...

    def made_anew(self, *, replace: bool) -> AbstractContextManager[Warehouse]:
        """An empty warehouse to be filled, which is this one when the block ends well.

        What was here before is as it was until then, and is never opened: it may be damaged. Raises
        `UsageError` where something is here that must not be replaced, or that the engine cannot replace.
        """
        ...

    def copy_to(self, file: Path) -> None:
        """Copy it into `file`, to try things out on.

        Nothing is made of a warehouse that is not there yet, or that is no file: the landing can make
        one anew.
        """
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of database that can hold a warehouse: each folder of `etl/warehouse/` has one as `ENGINE`.

    `scheme` is how its addresses begin, and `example` shows one to whoever gave a wrong one. `at` makes
    the warehouse of an address, None where that lacks something; `in_file` the one in a file, where
    the engine keeps its warehouse in one. Neither connects to anything yet.
    """

    scheme: str
    example: str
    at: Callable[[sa.URL, float], Warehouse | None]
    in_file: Callable[[Path, float], Warehouse] | None = None
