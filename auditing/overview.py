"""The issued cards of a period as a page shows them, and what of all periods waits for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from archive.cards import CardRef
from ledger import Delivery, DeliveryState, Document, Issue
from pipeline.approvals import may_go, state_of
from pipeline.site import Site
from pipeline.steps.report import AT_ITS_END
from scoring.canonical import from_json
from scoring.errors import UsageError

_WAITING = tuple(state for state in DeliveryState if state not in (*AT_ITS_END, DeliveryState.SENDING))


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a card; `issued_on` is the day in the book's time zone."""

    issue_id: int
    number: int
    issued_on: date
    documents: tuple[Document, ...]
    is_restatement: bool
    """Whether it replaced an earlier one after the period was closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A team's card of the period, newest revision first; states are the words of `scorewright status`."""

    team: str
    state: str
    approval: str
    mails: tuple[str, ...]
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A mail that is not at its end: of which card, to whom, and what it waits for."""

    period: str
    card: str
    recipient: str
    state: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The cards of a period, all periods there are, newest first, and what waits in any of them."""

    period: str
    periods: tuple[str, ...]
    rows: tuple[Row, ...]
    waiting: tuple[Open, ...]


def overview(site: Site, period: str | None = None) -> Overview:
    """The cards of a period, or of the newest one; raises `UsageError` where none was issued."""
    periods = sorted(site.ledger.named().periods, reverse=True)
    shown = _shown(period, periods)
    waiting = (_open(site, one) for one in site.ledger.deliveries_in(*_WAITING))
    return Overview(shown, tuple(periods), tuple(_rows(site, shown)), tuple(waiting))


def _shown(asked: str | None, periods: Sequence[str]) -> str:
    """The period that is asked for, or else the newest one."""
    shown = asked or next(iter(periods), "")
    if shown not in periods:
        raise UsageError(f"{asked or 'cards'}: expected a period with issued cards, found none.")
    return shown


def document_of(site: Site, issue_id: int, sha256: str) -> tuple[Document, bytes]:
    """A document of an issue, with the bytes that were issued.

    Raises `UsageError` where the ledger has no such issue, the issue no such document, or the archive other
    bytes than were issued.
    """
    issue = site.ledger.get_issue(issue_id)
    ref = CardRef.of(from_json(issue.card_json))
    for document in issue.documents:
        content = site.cards.read_issued(ref, document) if document.sha256 == sha256 else None
        if content is not None:
            return document, content
    raise UsageError(
        f"{issue.name}: expected the document {sha256[:10]} as it was issued, found none; "
        "`scorewright verify` says what is missing."
    )


def _rows(site: Site, period: str) -> Iterator[Row]:
    by_team: defaultdict[str, list[Issue]] = defaultdict(list)
    for issue in site.ledger.revisions(period):
        by_team[issue.team_id].insert(0, issue)
    return (_row(site, by_team[team_id]) for team_id in sorted(by_team))


def _row(site: Site, issues: Sequence[Issue]) -> Row:
    newest = issues[0]
    card = from_json(newest.card_json)
    return Row(
        team=card.team_name.en,
        state=str(card.certificate.status),
        approval=str(state_of(site, newest)),
        mails=tuple(map(str, site.ledger.delivery_states(newest.id).values())),
        revisions=tuple(_revision(site, issue) for issue in issues),
    )


def _revision(site: Site, issue: Issue) -> Revision:
    restated = site.ledger.restatement(issue.id)
    issued_on = issue.issued_at.astimezone(ZoneInfo(site.book.time_zone)).date()
    is_restatement = restated is not None and restated.is_closed
    return Revision(issue.id, issue.revision, issued_on, issue.documents, is_restatement)


def _open(site: Site, delivery: Delivery) -> Open:
    issue = site.ledger.get_issue(delivery.issue_id)
    is_kept = delivery.state is DeliveryState.PENDING and not may_go(site, issue)
    state = state_of(site, issue) if is_kept else delivery.state
    return Open(issue.period, issue.name, str(delivery.recipient), str(state))
