"""What was issued, at a glance: a line for each card, without reading whole cards into values."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ledger.issues import newest_of_cards
from ledger.records import DeliveryState
from ledger.tables import deliveries, issues


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue as a list shows it; `sent_to` counts the recipients whose message went out.

    `band` and `certificate` are the words on the card; `is_current` is false of a replaced revision.
    """

    id: int
    period: str
    team_id: str
    revision: int
    is_current: bool
    total: Decimal | None
    band: str
    grade: str | None
    certificate: str
    issued_at: datetime
    sent_to: int


@dataclass(frozen=True, slots=True)
class Named:
    """The names that cards go by."""

    periods: Sequence[str]
    teams: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entered:
    """An issue without its card: of all that were ever issued, the cards would not fit into memory."""

    id: int
    period: str
    team_id: str
    revision: int
    content_hash: str


_WITHOUT_CARDS = select(*(issues.c[field.name] for field in fields(Entered)))


def named(connection: Connection) -> Named:
    """The periods and the teams that have cards, each in order."""
    found = (
        connection.execute(select(name).distinct().order_by(name)).scalars().all()
        for name in (issues.c.period, issues.c.team_id)
    )
    return Named(*found)


def entered(connection: Connection) -> tuple[Entered, ...]:
    """Every revision of every card, in order of entry."""
    return _entered(connection, _WITHOUT_CARDS.order_by(issues.c.id))


def newest(connection: Connection, period: str | None) -> tuple[Entered, ...]:
    """The newest revision of each card, of one period or of all, in order of period and team."""
    of_period = () if period is None else (issues.c.period == period,)
    newest_of = issues.c.id.in_(newest_of_cards().where(*of_period))
    return _entered(connection, _WITHOUT_CARDS.where(newest_of).order_by(issues.c.period, issues.c.team_id))


def _entered(connection: Connection, query: Select[Any]) -> tuple[Entered, ...]:
    return tuple(Entered(*row) for row in connection.execute(query))


def content_hashes(connection: Connection) -> dict[int, str]:
    """The content hash of every issue, by its number."""
    return dict(map(tuple, connection.execute(select(issues.c.id, issues.c.content_hash))))


def newest_ids(connection: Connection) -> frozenset[int]:
    """The newest issue of each card."""
    return frozenset(connection.execute(newest_of_cards()).scalars())


def newest_beside(connection: Connection, period: str, teams: Collection[str]) -> int:
    """The number of the newest issue that is no card of these teams of the period, 0 where there is none."""
    is_theirs = (issues.c.period == period) & issues.c.team_id.in_(teams)
    return connection.execute(select(func.max(issues.c.id)).where(~is_theirs)).scalar() or 0


def listed(
    connection: Connection, periods: Collection[str] | None, teams: Collection[str] | None
) -> Sequence[IssueLine]:
    """A line for each revision of each card, of these periods and teams or of all, in order of entry."""
    wanted = [issues.c.period.in_(periods)] if periods is not None else []
    wanted += [issues.c.team_id.in_(teams)] if teams is not None else []
    return tuple(_lines(connection, wanted))


def _lines(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> Iterator[IssueLine]:
    newest = newest_ids(connection)
    sent = select(deliveries.c.issue_id, func.count()).where(deliveries.c.state == DeliveryState.SENT)
    sent_to = dict(map(tuple, connection.execute(sent.group_by(deliveries.c.issue_id))))
    for row in connection.execute(select(issues).where(*wanted).order_by(issues.c.id)):
        yield IssueLine(
            *(row.id, row.period, row.team_id, row.revision, row.id in newest),
            **_said(row.card_json),
            issued_at=row.issued_at,
            sent_to=sent_to.get(row.id, 0),
        )


def _said(card_json: str) -> dict[str, Any]:
    """What the head of a card says; a whole card takes twenty times as long to be read."""
    card = json.loads(card_json)
    return {
        "total": None if card["total"] is None else Decimal(card["total"]),
        "band": card["band"],
        "grade": card["grade"],
        "certificate": card["certificate"]["status"],
    }
