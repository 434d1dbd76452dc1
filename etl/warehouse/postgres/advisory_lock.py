"""Locks by name, which the server keeps for a connection and lets go of when that ends."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from etl.warehouse.postgres.tables import SCHEMA


def lock(connection: sa.Connection, name: str) -> None:
    """Have the name to oneself until the connection ends; raises what the driver does."""
    connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _key(name)})


def holder(connection: sa.Connection, name: str) -> str:
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
