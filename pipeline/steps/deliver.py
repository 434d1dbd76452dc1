"""Hand issued cards to their managers, each once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

from delivery.channels import Channel, NotSentError, channels_from_urls
from delivery.message import Attachment, Message
from delivery.outbox import DeliveryOutcome
from delivery.outbox import deliver as deliver_once
from ledger import DeliveryState, Issue, Recipient
from ledger.errors import DeliveryError
from pipeline.cards import CardRef
from pipeline.documents import issued_documents
from pipeline.site import Site
from reports.mail import mail_body
from scoring.canonical import from_json
from scoring.evidence import CertificateStatus
from scoring.period import Period
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)


def deliver(site: Site, issue_id: int, *, now: Callable[[], datetime]) -> tuple[DeliveryOutcome, ...]:
    """Send one issue to its team's manager by every configured channel, unless that was done before.

    Each channel is tried, even if others fail. Raises `NotSentError` if a message certainly did not go out
    and may be tried again, and `DeliveryError` if that is unknown, the card is held or has no score at all, a
    document cannot be redrawn as issued, or no channel reaches the manager.
    """
    issue = site.ledger.get_issue(issue_id)
    card = from_json(issue.card_json)
    _refuse_unfit(card)
    outcomes, problems = [], []
    for channel, recipient in _ways(site, issue):
        try:
            outcomes.append(_deliver_by(site, issue, card, channel, recipient, now))
        except DeliveryError as error:
            problems.append(error)
    if problems:
        is_certain = all(isinstance(problem, NotSentError) for problem in problems)
        raise (NotSentError if is_certain else DeliveryError)(" ".join(map(str, problems)))
    return tuple(outcomes)


def _refuse_unfit(card: Scorecard) -> None:
    if card.certificate.status is CertificateStatus.HELD:
        raise DeliveryError(
            f"{CardRef.of(card)}: the card is held; complete its data and run the month again."
        )
    if card.total is None:
        raise DeliveryError(
            f"{CardRef.of(card)}: expected a card with at least one score, found none; "
            "check its exports and run the month again. It was not mailed."
        )


def _ways(site: Site, issue: Issue) -> list[tuple[Channel, Recipient]]:
    """The channels that the manager has an address for."""
    (team,) = site.teams(Period.parse(issue.period), (issue.team_id,))
    addresses = team.manager.addresses
    channels = channels_from_urls(site.settings.delivery_url, site.settings.outbox)
    ways = [
        (channel, Recipient(channel.kind, addresses[channel.kind]))
        for channel in channels
        if channel.kind in addresses
    ]
    if not ways:
        raise DeliveryError(
            f"{issue.team_id}: expected an address of the manager for {', '.join(c.kind for c in channels)}, "
            f"found only {', '.join(addresses)}; correct teams.yaml or SCOREWRIGHT_DELIVERY."
        )
    return ways


def _deliver_by(
    site: Site,
    issue: Issue,
    card: Scorecard,
    channel: Channel,
    recipient: Recipient,
    now: Callable[[], datetime],
) -> DeliveryOutcome:
    message_id = _message_id(issue, str(recipient), site.book.sender.address)
    outcome = deliver_once(
        site.ledger,
        issue_id=issue.id,
        address=recipient.address,
        channel=channel,
        build=lambda: _message(site, issue, card, recipient.address, message_id),
        message_id=message_id,
        now=now,
    )
    log.info("deliver: issue %d by %s is %s", issue.id, channel.kind, outcome.state)
    if outcome.problem is not None:
        raise (NotSentError if outcome.state is DeliveryState.FAILED else DeliveryError)(outcome.problem)
    return outcome


def _message(site: Site, issue: Issue, card: Scorecard, address: str, message_id: str) -> Message:
    contents = issued_documents(site.cards, card, issue)
    body = mail_body(card)
    return Message(
        subject=body.subject,
        text=body.text,
        html=body.html,
        documents=tuple(
            Attachment(document.name, document.media_type, content)
            for document, content in zip(issue.documents, contents, strict=True)
        ),
        sender=(site.book.sender.name, site.book.sender.address),
        recipient=(card.manager_name, address),
        message_id=message_id,
        sent_on=issue.issued_at,
    )


def _message_id(issue: Issue, recipient: str, sender: str) -> str:
    """The same id whenever this issue is sent to this person, so that mail programs detect duplicates."""
    digest = hashlib.sha256(recipient.encode()).hexdigest()[:10]
    domain = sender.rsplit("@", 1)[1]
    return f"<{issue.period}.{issue.team_id}.r{issue.revision}.{issue.content_hash[:10]}.{digest}@{domain}>"
