"""What a second person decided on issued cards, within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select

from ledger.records import Approval, Decision
from ledger.seals import seal
from ledger.tables import approvals, issues


def approvals_of(connection: Connection, issue_id: int) -> Sequence[Approval]:
    """Every decision on an issue, in order of entry; the last one counts."""
    query = select(approvals).where(approvals.c.issue_id == issue_id).order_by(approvals.c.number)
    return [_approval(row) for row in connection.execute(query)]


def enter(connection: Connection, approval: Approval) -> bool:
    """Add a decision; False if the same person's same decision counts already."""
    # one after another on each issue; SQLite has one writer anyhow
    connection.execute(select(issues.c.id).where(issues.c.id == approval.issue_id).with_for_update())
    before = approvals_of(connection, approval.issue_id)
    if before and _said(before[-1]) == _said(approval):
        return False
    number = len(before) + 1
    values = {**asdict(approval), "decision": approval.decision.value, "number": number}
    connection.execute(insert(approvals).values(**values))
    new = and_(approvals.c.issue_id == approval.issue_id, approvals.c.number == number)
    seal(connection, approvals, new)
    return True


def _said(approval: Approval) -> tuple[str, ...]:
    return approval.content_hash, approval.decision, approval.decided_by, approval.reason


def _approval(row: Row[Any]) -> Approval:
    values = dict(row._mapping)
    del values["id"], values["number"]
    return Approval(**{**values, "decision": Decision(values["decision"])})
