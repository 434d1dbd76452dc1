"""Issues within a transaction: finding them and entering a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, select

from ledger.errors import LedgerConflictError
from ledger.records import Document, Issue, Restated
from ledger.restatements import enter_restatement
from ledger.tables import documents as documents_table
from ledger.tables import issues


def find_issue(connection: Connection, issue_id: int) -> Issue | None:
    """The issue of that id."""
    return _one(connection, select(issues).where(issues.c.id == issue_id))


def latest_revision(connection: Connection, period: str, team_id: str) -> Issue | None:
    """The newest revision of a team's card."""
    of_team = select(issues).where(issues.c.period == period, issues.c.team_id == team_id)
    return _one(connection, of_team.order_by(issues.c.revision.desc()).limit(1))


def latest_revisions(connection: Connection, period: str | None) -> tuple[Issue, ...]:
    """The newest revision of every card, of one period or of all, in order of period and team."""
    newest = select(func.max(issues.c.id)).group_by(issues.c.period, issues.c.team_id)
    if period is not None:
        newest = newest.where(issues.c.period == period)
    query = select(issues).where(issues.c.id.in_(newest)).order_by(issues.c.period, issues.c.team_id)
    return _all(connection, query)


def revision(connection: Connection, period: str, team_id: str, number: int) -> Issue | None:
    """One revision of a team's card."""
    named = (issues.c.period == period, issues.c.team_id == team_id, issues.c.revision == number)
    return _one(connection, select(issues).where(*named))


def revisions(connection: Connection, period: str | None) -> tuple[Issue, ...]:
    """Every revision of every card, of one period or of all, in order of entry."""
    query = select(issues).order_by(issues.c.id)
    if period is not None:
        query = query.where(issues.c.period == period)
    return _all(connection, query)


def issues_by_hash(connection: Connection, prefix: str) -> tuple[Issue, ...]:
    """The issues whose content hash begins with `prefix` (hex digits), in order of entry."""
    query = select(issues).where(issues.c.content_hash.startswith(prefix, autoescape=True))
    return _all(connection, query.order_by(issues.c.id))


def last_issue_of_each_team(connection: Connection) -> tuple[Issue, ...]:
    """The issue of every team that was entered last, of whatever period, in order of entry."""
    newest = select(func.max(issues.c.id)).group_by(issues.c.team_id)
    query = select(issues).where(issues.c.id.in_(newest)).order_by(issues.c.id)
    return _all(connection, query)


def enter_issue(
    connection: Connection,
    card_json: str,
    *,
    period: str,
    team_id: str,
    revision: int,
    content_hash: str,
    documents: Sequence[Document],
    issued_at: datetime,
    restated: Restated | None,
) -> Issue:
    """The team's newest issue if it says the same, else a new one; raises `LedgerConflictError`.

    With a revision goes what it says differently, `restated`.

    A broken constraint (`IntegrityError`) means that another process entered one meanwhile.
    """
    latest = latest_revision(connection, period, team_id)
    if latest is not None and latest.content_hash == content_hash:
        return latest
    expected = 1 if latest is None else latest.revision + 1
    if revision != expected:
        raise LedgerConflictError(
            f"{period}/{team_id}: expected revision {expected} as the next one to issue, found {revision}; "
            f"score the month again, for another revision was issued meanwhile."
        )
    entered = connection.execute(
        insert(issues)
        .values(
            period=period,
            team_id=team_id,
            revision=revision,
            content_hash=content_hash,
            card_json=card_json,
            issued_at=issued_at,
        )
        .returning(issues.c.id)
    )
    issue_id = entered.scalar_one()
    _enter_documents(connection, issue_id, documents)
    (issue,) = _all(connection, select(issues).where(issues.c.id == issue_id))
    if latest is not None:
        enter_restatement(connection, issue, latest, restated, issued_at)
    return issue


def _enter_documents(connection: Connection, issue_id: int, documents: Sequence[Document]) -> None:
    if documents:
        connection.execute(
            insert(documents_table), [{"issue_id": issue_id, **asdict(document)} for document in documents]
        )


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> Issue | None:
    return next(iter(_all(connection, query)), None)


def _all(connection: Connection, query: Select[tuple[object, ...]]) -> tuple[Issue, ...]:
    """The issues of a query over their table, each with its documents in order of entry."""
    rows = connection.execute(query).all()
    of_issue: defaultdict[int, list[Document]] = defaultdict(list)
    wanted = query.with_only_columns(issues.c.id)
    listed = select(documents_table).where(documents_table.c.issue_id.in_(wanted))
    for found in connection.execute(listed.order_by(documents_table.c.id)):
        of_issue[found.issue_id].append(Document(found.name, found.media_type, found.sha256))
    return tuple(Issue(**row._mapping, documents=tuple(of_issue[row.id])) for row in rows)
