"""PostgreSQL's errors in one sentence each."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from disk.address import without_secrets
from disk.errors import BusyError
from scoring.errors import DataError


def gave_up_waiting(error: sa.exc.DBAPIError) -> bool:
    """Whether a lock was not free in time."""
    return isinstance(error.orig, psycopg.errors.LockNotAvailable)


def refusal(where: str, address: sa.URL, error: sa.exc.DBAPIError | psycopg.Error) -> DataError | BusyError:
    """The driver's error, of the warehouse `where` at `address`, as one of the one tree."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    found = next(iter(without_secrets(str(cause), address).splitlines()), type(cause).__name__)
    if isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.SerializationFailure):
        return BusyError(f"warehouse {where}: another process kept what this one needs ({found}); try again.")
    return DataError(
        f"warehouse {where}: expected a database that answers, found: {found}; "
        "check the database, then run again."
    )
