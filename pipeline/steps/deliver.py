"""Hand issued cards to their managers, each once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

from delivery.channels import NotSentError, channel_from_url
from delivery.message import Attachment, MessageParts, build_message
from delivery.outbox import DeliveryOutcome
from delivery.outbox import deliver as deliver_once
from ledger import DeliveryState, Issue
from pipeline.cards import CardRef, CardStore
from pipeline.documents import issued_documents
from pipeline.site import Site
from reports.mail import mail_body
from scoring.canonical import from_json
from scoring.errors import DeliveryError
from scoring.evidence import CertificateStatus
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)


def deliver(site: Site, issue_id: int, *, now: Callable[[], datetime]) -> DeliveryOutcome:
    """Send one issue to its team's manager, unless that was done before.

    Raises `NotSentError` where the mail certainly did not go out and may be tried again, and
    `DeliveryError` where nobody can tell, where the card is held or has no score at all, or where
    a document on disk is not the one that was issued.
    """
    issue = site.ledger.get_issue(issue_id)
    card = from_json(issue.card_json)
    if card.certificate.status is CertificateStatus.HELD:
        raise DeliveryError(
            f"{CardRef.of(card)}: the card is held; complete its data and run the month again."
        )
    if card.total is None:
        raise DeliveryError(
            f"{CardRef.of(card)}: expected a card with at least one score, found none; "
            "see to its exports and run the month again. It was not mailed."
        )
    recipient = site.teams((issue.team_id,))[0].manager.email
    message_id = _message_id(issue, recipient, site.book.sender.address)
    outcome = deliver_once(
        site.ledger,
        issue_id=issue.id,
        recipient=recipient,
        channel=channel_from_url(site.settings.delivery_url, site.settings.outbox),
        build=lambda: _message(site, issue, card, recipient, message_id),
        message_id=message_id,
        now=now,
    )
    log.info("deliver: issue %d is %s", issue.id, outcome.state)
    if outcome.problem is not None:
        kind = NotSentError if outcome.state is DeliveryState.FAILED else DeliveryError
        raise kind(outcome.problem)
    return outcome


def _message(site: Site, issue: Issue, card: Scorecard, recipient: str, message_id: str) -> bytes:
    contents = issued_documents(CardStore(site.settings.scorecards), card, issue)
    body = mail_body(card)
    parts = MessageParts(
        subject=body.subject,
        text=body.text,
        html=body.html,
        attachments=tuple(
            Attachment(document.name, document.media_type, content)
            for document, content in zip(issue.documents, contents, strict=True)
        ),
        sender=(site.book.sender.name, site.book.sender.address),
        recipient=(card.manager_name, recipient),
        message_id=message_id,
        sent_on=issue.issued_at,
    )
    return build_message(parts)


def _message_id(issue: Issue, recipient: str, sender: str) -> str:
    """The same id whenever this issue is sent to this person, so that mail programs can see a double."""
    digest = hashlib.sha256(recipient.encode()).hexdigest()[:10]
    domain = sender.rsplit("@", 1)[1]
    return f"<{issue.period}.{issue.team_id}.r{issue.revision}.{issue.content_hash[:10]}.{digest}@{domain}>"
