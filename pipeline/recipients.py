"""Who gets an issue: the people of the card's own period, or whoever had the revision before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from book import Team
from book.model import Delegate, Mailbox
from delivery.channels import channels_from_urls
from ledger import MAIL, DeliveryState, Issue, Recipient
from pipeline.inputs.restatements import manager_of
from pipeline.site import Site
from scoring.evidence import CertificateStatus
from scoring.period import Period
from scoring.scorecard import Scorecard

_HAD = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


def may_be_mailed(card: Scorecard) -> bool:
    """Whether the card is neither held nor without any score."""
    return card.certificate.status is not CertificateStatus.HELD and card.total is not None


def recipients_of(site: Site, period: Period, team_id: str, now: datetime) -> tuple[Recipient, ...]:
    """Whom the book names for a card of the period that is mailed now, by the channels that are set up.

    The manager of the period's last day, unless a delegate of today stands in; delegates and copies by mail.
    """
    (team,) = site.teams(period, (team_id,))
    kinds = [channel.kind for channel in channels_from_urls(site.settings.delivery_url, site.settings.outbox)]
    delegates = _delegates_of(site, team, now)
    is_replaced = any(delegate.instead for delegate in delegates)
    own = {} if is_replaced else team.manager.addresses
    others = _others(delegates, team) if MAIL in kinds else ()
    found = [
        *(Recipient(kind, own[kind]) for kind in kinds if kind in own),
        *(Recipient(MAIL, mailbox.address) for mailbox in others),
    ]
    return tuple(dict.fromkeys(found))


def _others(delegates: Iterable[Delegate], team: Team) -> tuple[Mailbox, ...]:
    """Whoever gets a mail beside the manager."""
    return (*(delegate.mailbox for delegate in delegates), *team.copies)


def name_of(site: Site, card: Scorecard, recipient: Recipient) -> str:
    """The name to write to: that of the card's manager, unless the address is somebody else's in the book."""
    (team,) = site.teams(Period.parse(card.period), (card.team_id,))
    names = {mailbox.address: mailbox.name for mailbox in _others(team.delegates, team)}
    return names.get(recipient.address, card.manager_name)


def left_out_by_the_next_card(site: Site, period: Period, issue: Issue) -> tuple[Recipient, ...]:
    """Those who had an earlier revision, where the card of `period` is another person's and withholds it.

    A restatement of the reader's own month is on their next card, so nobody is written to.
    """
    (team,) = site.teams(period, (issue.team_id,))
    if manager_of(issue) in team.manager.names:
        return ()
    earlier = (found for found in site.ledger.revisions(issue.period) if found.team_id == issue.team_id)
    return tuple(dict.fromkeys(had for found in earlier for had in _had(site, found)))


def _had(site: Site, issue: Issue) -> Iterator[Recipient]:
    for recipient, state in site.ledger.delivery_states(issue.id).items():
        if state in _HAD:
            yield recipient


def _delegates_of(site: Site, team: Team, now: datetime) -> list[Delegate]:
    today = now.astimezone(ZoneInfo(site.book.time_zone)).date()
    return [delegate for delegate in team.delegates if delegate.start <= today < delegate.until]
