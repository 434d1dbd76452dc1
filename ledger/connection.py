"""Connections to the ledger's database: how SQLite is opened, how writes begin, how failures are reported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError

from disk.address import is_plain_file, parsed, shown, without_options, without_secrets
from disk.errors import BusyError, StorageError
from disk.rights import hand_over, narrowed
from scoring.errors import DataError, ScorewrightError, UsageError

SCHEMA = "ledger"
"""The ledger's schema in a PostgreSQL database; the warehouse has its own."""

BUSY_SECONDS = 30
"""How long a write waits for another process before it gives up."""

_OF_THE_DISK = ("disk is full", "readonly database", "unable to open database file", "disk I/O error")
"""SQLite's words for disk errors."""

_OF_A_FILE = (
    "if it is damaged, restore it from a backup, or where there is none move it away and run "
    "`scorewright ledger adopt`"
)
"""How a SQLite file is healed."""

_SQLITE_OPTIONS = frozenset(
    ("cache", "check_same_thread", "immutable", "mode", "nolock", "psow", "timeout", "uri", "vfs")
)
"""What SQLite knows; the driver's own words for another would be no sentence."""

_PRAGMAS = (
    "pragma foreign_keys = on",
    # A replaced row counts as deleted, so `insert or replace` meets the triggers too.
    "pragma recursive_triggers = on",
    # With less, a power cut may undo a committed `sending`, and the mail goes out twice.
    "pragma synchronous = extra",
)


def engine_for(url: str) -> Engine:
    """The engine of a ledger; nothing is opened yet. Raises `UsageError` for an address that cannot work.

    No connection is kept: one would not survive a fork, and mails take longer than connecting.
    """
    whole = _parsed(url)
    address, options = without_options(whole)
    is_sqlite = address.get_backend_name() == "sqlite"
    if address.get_backend_name() == "duckdb":
        raise UsageError(f"ledger {shown(url)}: expected SQLite or PostgreSQL, found DuckDB; name another.")
    if is_sqlite:
        _refuse_no_plain_file(whole, shown(url))
    try:
        engine = create_engine(address, poolclass=NullPool, connect_args={**_arguments(address), **options})
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise UsageError(
            f"ledger {shown(address)}: expected its database driver, found none ({error}); install it."
        ) from None
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_no_plain_file(url: URL, where: str) -> None:
    """Raise `UsageError` for an address of SQLite that is more, or less, than a file."""
    if url.database in (None, "", ":memory:"):
        raise UsageError(f"ledger {where}: expected a file, found a database in memory; name a file.")
    if not is_plain_file(url) or not set(url.query) <= _SQLITE_OPTIONS:
        raise UsageError(
            f"ledger {where}: expected a file such as sqlite:////folder/ledger.sqlite without a server, "
            "a user or other options, found them; leave them out."
        )


def _arguments(url: URL) -> dict[str, object]:
    """The driver's options: how long it waits for others, and the schema of the tables."""
    match url.get_backend_name():
        case "sqlite":
            return {"timeout": BUSY_SECONDS}
        case "postgresql":
            waits = f"-c lock_timeout={BUSY_SECONDS * 1000}"
            return {"options": f"-c search_path={SCHEMA} -c timezone=UTC {waits}"}
        case _:
            return {}


def is_missing_file(engine: Engine) -> bool:
    """Whether the database is a SQLite file that does not exist; connecting would create it empty."""
    return engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads. Raises `BusyError` and `DataError` for what the database says."""
    with _said(engine), _private(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; committed, and on disk, when the block ends without an error.

    On SQLite it locks the file from its first line on, so what it reads stays true.
    """
    alone = engine.execution_options(sqlite_begin="begin immediate")
    with _said(engine), _private(engine), alone.begin() as connection:
        yield connection


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """A connection without a transaction, for locks that last as long as it does."""
    with _said(engine), engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _private(engine: Engine) -> Iterator[None]:
    """A file that SQLite makes is readable by its owner, and the group where one is named; others never."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with narrowed():
        yield
    hand_over(Path(str(engine.url.database)))


@contextmanager
def _said(engine: Engine) -> Iterator[None]:
    """Database failures as one sentence; constraint violations pass through for callers that expect them."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _in_words(error, engine.url) from None


def _in_words(error: DBAPIError, url: URL) -> ScorewrightError:
    ledger = f"ledger {shown(url)}"
    words = without_secrets(str(error.orig), url)
    found = words.splitlines()[0] if words else type(error.orig).__name__
    # SQLite says that its file is locked, PostgreSQL that a wait for a lock was cancelled
    if "locked" in found or "lock timeout" in found:
        return BusyError(f"{ledger}: another process kept it for {BUSY_SECONDS} s; try again later.")
    if any(words in found for words in _OF_THE_DISK):
        return StorageError(ledger, found)
    heal = _OF_A_FILE if url.get_backend_name() == "sqlite" else "check the database, then run again"
    return DataError(f"{ledger}: expected a database that answers, found: {found}; {heal}.")


def _parsed(url: str) -> URL:
    address = parsed(url)
    if address is None:
        # Not echoed: what cannot be parsed may still hold a password.
        raise UsageError("ledger: expected an address such as sqlite:////folder/ledger.sqlite.")
    return address


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver must not begin transactions itself: it would do so without the write lock.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "begin"))
