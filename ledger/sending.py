"""Who is sending: on PostgreSQL a lock of the server tells, which ends with the connection that holds it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, text

from ledger.connection import SCHEMA, connected
from ledger.records import Recipient

_TAKE = text(
    # a host that vanished says no goodbye: the server asks after a silence, and lets go within a minute
    "select set_config('tcp_keepalives_idle', '30', false), "
    "set_config('tcp_keepalives_interval', '10', false), "
    "set_config('tcp_keepalives_count', '3', false), "
    "pg_try_advisory_lock(:key) as is_free"
)


@contextmanager
def hold(engine: Engine, issue_ids: Sequence[int], recipient: Recipient) -> Iterator[bool | None]:
    """Have the deliveries of issues to a recipient to oneself; False where a living process has one of them.

    None on a database that cannot tell: SQLite has no lock that would not keep all others from writing.
    """
    if engine.dialect.name != "postgresql":
        yield None
        return
    with connected(engine) as connection:
        keys = (_key(issue_id, recipient) for issue_id in issue_ids)
        yield all(connection.execute(_TAKE, {"key": key}).one().is_free for key in keys)


def _key(issue_id: int, recipient: Recipient) -> int:
    """The number that stands for a delivery among the server's advisory locks."""
    name = f"{SCHEMA}/sending/{issue_id}/{recipient.channel}/{recipient.address}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
