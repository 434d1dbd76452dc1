"""Issues within a transaction: finding them and entering a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, select, text

from ledger.chain import START, chained
from ledger.deliveries import add_delivery, supersede
from ledger.errors import LedgerConflictError
from ledger.records import Document, Issue, Made, Recipient, Restated, each_once
from ledger.restatements import enter_restatement
from ledger.seals import seal
from ledger.tables import confirmations, issues
from ledger.tables import documents as documents_table

_LOCK = 7320031119
"""PostgreSQL's advisory lock of an entry: any number that nobody else uses."""


def find_issue(connection: Connection, issue_id: int) -> Issue | None:
    """The issue of that id."""
    return _one(connection, select(issues).where(issues.c.id == issue_id))


def latest_revision(connection: Connection, period: str, team_id: str) -> Issue | None:
    """The newest revision of a team's card."""
    of_team = select(issues).where(issues.c.period == period, issues.c.team_id == team_id)
    return _one(connection, of_team.order_by(issues.c.revision.desc()).limit(1))


def latest_revisions(connection: Connection, period: str | None) -> tuple[Issue, ...]:
    """The newest revision of every card, of one period or of all, in order of period and team."""
    return issues_of(connection, None if period is None else (period,), None, all_revisions=False)


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


def issues_of(
    connection: Connection,
    periods: Collection[str] | None,
    teams: Collection[str] | None,
    *,
    all_revisions: bool,
) -> tuple[Issue, ...]:
    """The issues of these periods and teams, or of all, in order of period, team and revision."""
    conditions = (
        (periods is None, issues.c.period.in_(periods or ())),
        (teams is None, issues.c.team_id.in_(teams or ())),
    )
    wanted = [condition for is_met, condition in conditions if not is_met]
    # not the newest of all cards ever issued, to pick a period's from
    newest = () if all_revisions else (issues.c.id.in_(newest_of_cards().where(*wanted)),)
    order = issues.c.period, issues.c.team_id, issues.c.revision
    return _all(connection, select(issues).where(*wanted, *newest).order_by(*order))


def newest_of_cards() -> Select[Any]:
    """Asks for the number of the newest issue of each card."""
    return select(func.max(issues.c.id)).group_by(issues.c.period, issues.c.team_id)


def issues_with(connection: Connection, ids: Collection[int]) -> tuple[Issue, ...]:
    """The issues of these numbers, in order of entry."""
    return _all(connection, select(issues).where(issues.c.id.in_(ids)).order_by(issues.c.id))


def issues_by_hash(connection: Connection, prefix: str) -> tuple[Issue, ...]:
    """The issues whose content hash begins with `prefix` (hex digits), in order of entry."""
    query = select(issues).where(issues.c.content_hash.startswith(prefix, autoescape=True))
    return _all(connection, query.order_by(issues.c.id))


def last_issue_of_each_team(connection: Connection) -> tuple[Issue, ...]:
    """The latest issue of every team, of any period, in order of entry."""
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
    made: Made,
    recipients: Sequence[Recipient],
    and_waiting: bool,
) -> Issue:
    """The team's newest issue if its content is the same, else a new one; raises `LedgerConflictError`.

    With a revision goes what it says differently, `restated`; what of the revisions before is not sent yet
    is superseded. The issue is to go to `recipients`, and with `and_waiting` also to whoever was still to
    get one of the revisions before.

    A broken constraint (`IntegrityError`) means that another process entered one meanwhile.
    """
    wait_for_turn(connection)
    latest = latest_revision(connection, period, team_id)
    if latest is not None and latest.content_hash == content_hash:
        return latest
    expected = 1 if latest is None else latest.revision + 1
    if revision != expected:
        raise LedgerConflictError(
            f"{period}/{team_id}: expected revision {expected} as the next one to issue, found {revision}; "
            f"score {period} again, because another revision was issued meanwhile."
        )
    number = _next_id(connection)
    entered = Issue(
        number, period, team_id, revision, content_hash, card_json, issued_at, tuple(documents), made
    )
    issue = replace(entered, chain_sha256=chained(entered, _end_of_chain(connection)))
    _insert(connection, issue)
    waiting = _replace(connection, latest, issue, restated)
    for recipient in each_once((*recipients, *waiting) if and_waiting else recipients):
        add_delivery(connection, issue.id, recipient)
    return issue


def _replace(
    connection: Connection, latest: Issue | None, issue: Issue, restated: Restated | None
) -> Sequence[Recipient]:
    """Note why an issue replaces the latest, if any; returns who was still to get a revision before."""
    if latest is None:
        return ()
    enter_restatement(connection, issue, latest, restated, issue.issued_at)
    return supersede(connection, _revisions_before(issue), at=issue.issued_at)


def adopt_issue(connection: Connection, issue: Issue, restated: Restated | None) -> None:
    """Enter an issue again as it was, under its own number; `IntegrityError` where that is taken."""
    wait_for_turn(connection)
    replaced = latest_revision(connection, issue.period, issue.team_id)
    _insert(connection, issue)
    if replaced is not None:
        enter_restatement(connection, issue, replaced, restated, issue.issued_at)


def wait_for_turn(connection: Connection) -> None:
    """One at a time, for each is chained to the one before; SQLite has one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _next_id(connection: Connection) -> int:
    return (connection.execute(select(func.max(issues.c.id))).scalar() or 0) + 1


def _insert(connection: Connection, issue: Issue) -> None:
    columns = {column.name: getattr(issue, column.name, None) for column in issues.c}
    connection.execute(insert(issues).values({**columns, **asdict(issue.made)}))
    _enter_documents(connection, issue.id, issue.documents)
    seal(connection, issues, issues.c.id == issue.id)
    seal(connection, documents_table, documents_table.c.issue_id == issue.id)


def _end_of_chain(connection: Connection) -> str:
    """The hash of the newest issue; where older programs made none, that of all the issues so far."""
    last = _one(connection, select(issues).order_by(issues.c.id.desc()).limit(1))
    if last is not None and last.chain_sha256 is not None:
        return last.chain_sha256
    before = START
    for issue in revisions(connection, None):
        before = issue.chain_sha256 or chained(issue, before)
    return before


def _revisions_before(issue: Issue) -> Select[tuple[int]]:
    same = issues.c.period == issue.period, issues.c.team_id == issue.team_id
    return select(issues.c.id).where(*same, issues.c.revision < issue.revision)


def confirm(connection: Connection, issue_id: int, load_state: str) -> None:
    """Note that the issue is right for another state, too; `IntegrityError` where that is noted."""
    connection.execute(insert(confirmations).values(issue_id=issue_id, load_state=load_state))
    new = and_(confirmations.c.issue_id == issue_id, confirmations.c.load_state == load_state)
    seal(connection, confirmations, new)


def confirmed_states(connection: Connection, issue_id: int) -> frozenset[str]:
    """The states of the data, beside the one it was made of, that an issue was found to be right for."""
    query = select(confirmations.c.load_state).where(confirmations.c.issue_id == issue_id)
    return frozenset(connection.execute(query).scalars())


def confirmed_for(connection: Connection, load_states: Collection[str]) -> frozenset[int]:
    """The numbers of the issues that were found to be right for one of these states of the data."""
    query = select(confirmations.c.issue_id).where(confirmations.c.load_state.in_(load_states))
    return frozenset(connection.execute(query).scalars())


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
    return tuple(_issue(dict(row._mapping), tuple(of_issue[row.id])) for row in rows)


def _issue(values: dict[str, Any], listed: tuple[Document, ...]) -> Issue:
    made = Made(**{field.name: values.pop(field.name) for field in fields(Made)})
    return Issue(**values, documents=listed, made=made)
