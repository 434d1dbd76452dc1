"""Tells those who may approve cards which of them wait, each once about each card."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from archive.letters import notice_mail
from auditing.approving import approvers_of
from book.model import Approver
from delivery.message import Message
from delivery.notices import mail_channel, tell
from ledger import DeliveryState, Issue, Notice
from ledger.errors import DeliveryError
from pipeline.approvals import waiting
from pipeline.site import Site
from reports.notices import Asked, Asking, approval_notice
from scoring.canonical import from_json
from scoring.text import LocalText, numbered


def tell_approvers(site: Site, *, now: Callable[[], datetime]) -> tuple[str, ...]:
    """Mail each approver about the cards that are to be sent and wait; returns what came of it, in sentences.

    Nobody is told of a card of their own, and nobody twice of the same one. Who cannot be reached is named,
    and told the next time.
    """
    people = site.book.approving.approvers
    if not people:
        return ()
    pending = site.ledger.deliveries_in(DeliveryState.PENDING)
    waits = [*waiting(site, site.ledger.issues_with({one.issue_id for one in pending}))]
    return tuple(chain.from_iterable(_told(site, approver, waits, now) for approver in people if waits))


def _told(
    site: Site, approver: Approver, waits: Sequence[Issue], now: Callable[[], datetime]
) -> Iterator[str]:
    issues = {f"{one.name} {one.content_hash}": one for one in waits if approver in approvers_of(site, one)}
    wanted = [Notice("approval", about, approver.address) for about in issues]

    def build(claimed: Sequence[Notice]) -> Message:
        return _mail(site, approver, claimed, issues, now())

    try:
        told = tell(site.ledger, mail_channel(site.channels), wanted, build, now=now)
    except DeliveryError as error:
        yield f"{approver.name} could not be told of cards to approve: {error}"
        return
    if told:
        yield f"{approver.name} was told of {numbered(len(told), 'card')} to approve"


def _mail(
    site: Site, approver: Approver, told: Sequence[Notice], issues: Mapping[str, Issue], now: datetime
) -> Message:
    asked = [issues[notice.about] for notice in told]
    book, by = site.book, shlex.quote(approver.name)
    commands = (f"scorewright approve {issue.period} --team {issue.team_id} --by {by}" for issue in asked)
    asking = Asking(approver.name, book.organisation, book.languages[0], tuple(commands))
    body = approval_notice(asking, [*map(_asked, asked)])
    return notice_mail(book, body, told, to=(approver.name, approver.address), at=now)


def _asked(issue: Issue) -> Asked:
    """A card by its name, its content and its documents: nothing that it says of anybody."""
    documents = ", ".join(document.name for document in issue.documents)
    lines = (f"{issue.name}, {issue.content_hash[:10]}", documents)
    team = from_json(issue.card_json).team_name
    return Asked(team, issue.period, tuple(LocalText(line, line) for line in lines))
