"""What people were told beside the cards, within a transaction: each of them once about each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from ledger.records import Notice
from ledger.seals import refuse_changed, seal
from ledger.tables import notices

_SENDING, _SENT, _FAILED = "sending", "sent", "failed"


def claim(connection: Connection, wanted: Sequence[Notice], at: datetime) -> tuple[Notice, ...]:
    """Claim those that were never begun, or certainly not sent; returns them.

    An `IntegrityError` means that another process claimed one of them meanwhile.
    """
    return tuple(notice for notice in wanted if _is_claimed(connection, notice, at))


def _is_claimed(connection: Connection, notice: Notice, at: datetime) -> bool:
    which = _is(notice)
    refuse_changed(connection, notices, which)
    state = connection.execute(select(notices.c.state).where(which)).scalar_one_or_none()
    claimed = {"state": _SENDING, "noted_at": at}
    if state is None:
        connection.execute(insert(notices).values(**asdict(notice), **claimed))
    elif state == _FAILED:
        connection.execute(update(notices).where(which).values(**claimed))
    else:
        return False
    seal(connection, notices, which)
    return True


def settle(connection: Connection, claimed: Sequence[Notice], at: datetime, *, is_sent: bool) -> None:
    """Write down whether what was claimed went out; what certainly did not may be claimed again."""
    for notice in claimed:
        which = _is(notice)
        refuse_changed(connection, notices, which)
        ended = {"state": _SENT if is_sent else _FAILED, "noted_at": at}
        connection.execute(update(notices).where(which).values(**ended))
        seal(connection, notices, which)


def _is(notice: Notice) -> ColumnElement[bool]:
    return and_(*(notices.c[name] == value for name, value in asdict(notice).items()))
