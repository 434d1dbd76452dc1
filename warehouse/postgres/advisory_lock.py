"""Named locks, which the server holds for a connection and releases when it ends."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from warehouse.postgres.tables import SCHEMA


def lock(connection: sa.Connection, name: str) -> None:
    """Hold the named lock until the connection ends; raises the driver's errors."""
    connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _key(name)})


def holder(connection: sa.Connection, name: str) -> str:
    """The lock's holder, by its application name; it may have released the lock by now."""
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
