"""What a warehouse can do, whatever engine it runs on; and which engine an address means."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa
import sqlalchemy as sa

from etl.warehouse.duckdb.warehouse import EmbeddedWarehouse
from etl.warehouse.postgres.warehouse import ServerWarehouse
from scoring.errors import UsageError

PATIENCE_SECONDS = 120.0
"""How long one process waits for another before it gives up."""

_NOT_IN_A_FILE = frozenset(":?")
"""DuckDB takes what is before `:` for a scheme, and puts its log beside what is before `?`."""


class Warehouse(Protocol):
    """A warehouse. Nothing stays open between two uses.

    Every method that waits for another process raises `BusyError`, which names that process, where it
    does not let go within the patience; what the database itself refuses is a `DataError`.
    """

    @property
    def dialect(self) -> str:
        """The name under which SQLGlot knows the engine's SQL."""
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

    def insert(self, connection: sa.Connection, table: str, rows: pa.Table) -> None:
        """Add the rows to `table` by the engine's bulk way, in the connection's transaction."""
        ...


def open_warehouse(url: str, patience_seconds: float = PATIENCE_SECONDS) -> Warehouse:
    """The warehouse behind `url`: `duckdb:////folder/file.duckdb` or `postgresql://user@host/database`.

    Nothing is connected to yet. Raises `UsageError` for an address of another kind.
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        # not echoed: what cannot be parsed may still hold a password
        raise _unusable("one that cannot be read") from None
    match address.get_backend_name():
        case "duckdb" if address.database and not set(address.database) & _NOT_IN_A_FILE:
            return EmbeddedWarehouse.at(address, patience_seconds)
        case "postgresql" if address.database:
            return ServerWarehouse.at(address, patience_seconds)
        case _:
            raise _unusable(repr(address.render_as_string(hide_password=True)))


def _unusable(found: str) -> UsageError:
    return UsageError(
        "SCOREWRIGHT_WAREHOUSE: expected an address such as duckdb:////folder/file.duckdb, its path without "
        f": and ?, or postgresql://user@host/database, found {found}."
    )
