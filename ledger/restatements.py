"""Restatements within a transaction: one for each revised issue, entered together with it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, Row, Select, insert, select

from ledger.deliveries import states_of
from ledger.records import MAIL, DeliveryState, Issue, Received, Recipient, Restated, RestatementRecord
from ledger.seals import seal
from ledger.tables import issues, restatements
from scoring.errors import DataError


def enter_restatement(
    connection: Connection, issue: Issue, replaced: Issue, restated: Restated | None, recorded_at: datetime
) -> None:
    """Record why `issue` replaces another, and who has been sent any earlier revision by now."""
    if restated is None:
        raise DataError(
            f"{issue.period}/{issue.team_id}: expected what revision {issue.revision} says differently, "
            "found nothing; issue it by the step that compares the two."
        )
    received = [
        _received(earlier.revision, recipient, state)
        for earlier in connection.execute(_earlier(issue))
        for recipient, state in states_of(connection, earlier.id).items()
    ]
    connection.execute(
        insert(restatements).values(
            issue_id=issue.id,
            replaces_issue_id=replaced.id,
            is_closed=restated.is_closed,
            recorded_at=recorded_at,
            restatement_json=restated.restatement_json,
            received_json=json.dumps(received, ensure_ascii=False, sort_keys=True),
        )
    )
    seal(connection, restatements, restatements.c.issue_id == issue.id)


def _received(revision: int, recipient: Recipient, state: DeliveryState) -> dict[str, object]:
    found = {"revision": revision, "recipient": recipient.address, "state": state.value}
    return found if recipient.channel == MAIL else {**found, "channel": recipient.channel}


def find_restatement(connection: Connection, issue_id: int) -> RestatementRecord | None:
    """The restatement that came with an issue; None for a first revision, and for one of an older program."""
    row = connection.execute(_records().where(restatements.c.issue_id == issue_id)).one_or_none()
    return None if row is None else _record(row)


def restatements_of(connection: Connection, team_id: str) -> tuple[RestatementRecord, ...]:
    """All restatements of a team's cards, in order of entry."""
    query = _records().where(issues.c.team_id == team_id).order_by(restatements.c.issue_id)
    return tuple(_record(row) for row in connection.execute(query))


def restated_teams(connection: Connection) -> frozenset[str]:
    """The teams that have one."""
    with_one = issues.c.id.in_(select(restatements.c.issue_id))
    return frozenset(connection.execute(select(issues.c.team_id).where(with_one).distinct()).scalars())


def _earlier(issue: Issue) -> Select[tuple[int, int]]:
    same = issues.c.period == issue.period, issues.c.team_id == issue.team_id
    query = select(issues.c.id, issues.c.revision).where(*same, issues.c.revision < issue.revision)
    return query.order_by(issues.c.revision)


def _records() -> Select[tuple[object, ...]]:
    return select(restatements, issues.c.period, issues.c.team_id, issues.c.revision).join(
        issues, issues.c.id == restatements.c.issue_id
    )


def _record(row: Row[tuple[object, ...]]) -> RestatementRecord:
    values = dict(row._mapping)
    del values["id"]
    received = tuple(
        Received(
            item["revision"],
            # before there were several kinds, all were mails
            Recipient(item.get("channel", MAIL), item["recipient"]),
            DeliveryState(item["state"]),
        )
        for item in json.loads(values.pop("received_json"))
    )
    return RestatementRecord(**values, received=received)
