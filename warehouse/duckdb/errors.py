"""DuckDB's errors in one sentence each: the disk, the file, or another process that has it open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from disk.errors import BusyError, StorageError
from scoring.errors import DataError, ScorewrightError

_OF_THE_FILE = ("IOException", "SerializationException", "FatalException", "InternalException")
"""DuckDB's words for what is not the SQL's fault."""
_COMMIT = "TransactionException"
_NO_TABLE = "CatalogException"
_OF_THE_DISK = (
    *("No space left", "Read-only file system", "Permission denied", "quota"),
    *("Input/output error", "Interrupted system call"),
    # whatever the system's reason is
    *("Could not read from file", "Could not write file", "Could not truncate file", "Could not remove file"),
    "fsync failed",
)


@contextmanager
def told(where: object) -> Iterator[None]:
    """Raise errors of a warehouse's disk and file as errors of the one tree."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"warehouse {where}", error.strerror or type(error).__name__) from None
    except sa.exc.DBAPIError as error:
        meant = _meant(where, type(error.orig).__name__, str(error.orig).partition("\n")[0])
        if meant is None:
            raise
        raise meant from None


def _meant(where: object, kind: str, found: str) -> ScorewrightError | None:
    """The error of the one tree; None where it is none of the warehouse but a mistake in the SQL."""
    # a commit that finds no space is called a failed transaction
    if kind == _COMMIT and _is_of_the_disk(found):
        return StorageError(f"warehouse {where}", found)
    if kind == _NO_TABLE:
        return DataError(
            f"warehouse {where}: expected the tables of a warehouse, found none such; run a month, or "
            "`scorewright rebuild`, which makes it anew from the landing."
        )
    return _of_the_file(where, found) if kind in _OF_THE_FILE else None


def _is_of_the_disk(found: str) -> bool:
    return any(words in found for words in _OF_THE_DISK)


def _of_the_file(where: object, found: str) -> ScorewrightError:
    if "lock on file" in found:
        return BusyError(
            f"warehouse {where}: expected it free, found it open in another program; "
            "close that and try again."
        )
    if _is_of_the_disk(found):
        return StorageError(f"warehouse {where}", found)
    return DataError(
        f"warehouse {where}: expected a DuckDB file that can be read, found: {found}; if it is "
        "damaged, `scorewright rebuild` rebuilds it from the landing."
    )
