"""Enters mails that came back against their deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from delivery.mailboxes import Found, messages_in
from delivery.returned import Returned, Verdict, read_returned
from ledger import Bounce, Delivery
from pipeline.site import Site
from scoring.addresses import one_spelling
from scoring.errors import UsageError


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a message of the mailbox; `is_new` where a delivery is refused because of it."""

    sentence: str
    is_new: bool = False


def take_bounces(site: Site, place: str | None, *, now: datetime) -> tuple[Told, ...]:
    """Read a mailbox, that of the settings where none is named, and enter what came back for good.

    A message that was entered before is not told again, one that is no notice of a mail server not at all.
    What is no mail of this ledger, is of somebody else or only takes longer changes nothing. Raises
    `UsageError` for a mailbox that cannot be read.
    """
    named = place or site.settings.bounces
    if not named:
        raise UsageError(
            "bounces: expected a mailbox, found none; name one, or set SCOREWRIGHT_BOUNCES (`bounces` of the "
            "settings file)."
        )
    return tuple(_of_all(site, messages_in(named, now), now))


def _of_all(site: Site, messages: Iterable[Found], now: datetime) -> Iterator[Told]:
    for where, content in messages:
        yield from _told(site, where, read_returned(content), now)


def _told(site: Site, where: str, returned: Returned | None, now: datetime) -> Iterable[Told]:
    if returned is None:
        return ()
    sent = [*chain.from_iterable(map(site.ledger.deliveries_sent_as, returned.message_ids))]
    if sent:
        return chain.from_iterable(_entered(site, where, returned, delivery, now) for delivery in sent)
    ids = ", ".join(returned.message_ids)[:80] or "no Message-ID in it"
    return [Told(f"{where}: no mail of this ledger ({ids}); left alone")]


def _entered(site: Site, where: str, returned: Returned, delivery: Delivery, now: datetime) -> Iterator[Told]:
    issue = site.ledger.get_issue(delivery.issue_id)
    mail = f"{where}: {issue.name} (issue {issue.id}) to {delivery.recipient}"
    why_not = _why_not(returned, delivery)
    if why_not:
        yield Told(f"{mail}: {why_not}; nothing is changed")
        return
    bounce = Bounce(
        issue_id=issue.id,
        recipient=delivery.recipient,
        attempt=delivery.attempts,
        status=returned.status,
        said=_problem(returned),
        message_sha256=returned.sha256,
        entered_at=now,
    )
    if site.ledger.enter_bounce(bounce):
        yield Told(f"{mail}: {bounce.said}", is_new=True)


def _why_not(returned: Returned, delivery: Delivery) -> str:
    """What keeps a notice from counting for the delivery; empty where nothing does."""
    if returned.verdict is not Verdict.FAILED:
        return f"it {returned.verdict}"
    if one_spelling(delivery.recipient.address) not in returned.recipients:
        return "the message is of another recipient"
    return ""


def _problem(returned: Returned) -> str:
    said = " ".join(filter(None, (returned.status, returned.said))) or "no reason given"
    return (
        f"the mail came back ({said}); correct the address in teams.yaml and give this one up, or retry it "
        "(`scorewright settle`), and run again."
    )
