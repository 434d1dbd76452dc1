"""Who gets an issue: the people of the card's own period, or whoever had the revision before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain, filterfalse

from book import Team
from book.model import Delegate, Mailbox, Manager
from ledger import MAIL, DeliveryState, Issue, Recipient, each_once
from pipeline.inputs.restatements import manager_of, revisions_of
from pipeline.site import Site
from scoring.canonical import from_json
from scoring.evidence import NOT_OVER, CertificateStatus
from scoring.period import Period
from scoring.scorecard import Scorecard

_HAD = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


def may_be_mailed(card: Scorecard) -> bool:
    """Whether the card is neither held nor without any score, and of a period that was over."""
    is_fit = card.certificate.status is not CertificateStatus.HELD and card.total is not None
    return is_fit and not is_of_days_so_far(card)


def is_of_days_so_far(card: Scorecard) -> bool:
    """Whether days of its period were still to come when it was scored."""
    return any(finding.code == NOT_OVER for finding in card.certificate.findings)


def was_mailed(site: Site, issue: Issue, address: str) -> bool:
    """Whether somebody has it by mail, whatever it says, however the address is spelled."""
    return Recipient(MAIL, address).place in (to.place for to in _had(site, issue))


def recipients_of(site: Site, period: Period, team_id: str, now: datetime) -> tuple[Recipient, ...]:
    """Whom the book names for a card of the period that is mailed now, by the channels that are set up.

    The manager of the period's last day, unless a delegate of today stands in; delegates, copies, groups.
    """
    (team,) = site.teams(period, (team_id,))
    kinds = [channel.kind for channel in site.channels]
    delegates = _delegates_of(site, team, now)
    is_replaced = any(delegate.instead for delegate in delegates)
    own = () if is_replaced else _by_channels(team.manager, kinds)
    others = (Recipient(MAIL, mailbox.address) for mailbox in _others(delegates, team))
    return each_once((*own, *(others if MAIL in kinds else ()), *team.groups_by(kinds)))


def queue_unaddressed(site: Site, issue_ids: Sequence[int], now: datetime) -> None:
    """Enter whom the book names for issues of a period that go to nobody yet, where a reader's cards are one
    mail.
    """
    if not issue_ids or not site.book.mailing.together:
        return
    period = site.ledger.get_issue(issue_ids[0]).period
    addressed = site.ledger.delivery_states_in(period)
    for issue in map(site.ledger.get_issue, filterfalse(addressed.__contains__, issue_ids)):
        if may_be_mailed(from_json(issue.card_json)):
            named = recipients_of(site, Period.parse(period), issue.team_id, now)
            site.ledger.queue_deliveries(issue.id, named)


def _by_channels(manager: Manager, kinds: Collection[str]) -> Iterable[Recipient]:
    return (Recipient(kind, manager.addresses[kind]) for kind in kinds if kind in manager.addresses)


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
    return each_once(chain.from_iterable(_had(site, found) for found in revisions_of(site.ledger, issue)))


def _had(site: Site, issue: Issue) -> list[Recipient]:
    states = site.ledger.delivery_states(issue.id).items()
    return [recipient for recipient, state in states if state in _HAD]


def _delegates_of(site: Site, team: Team, now: datetime) -> list[Delegate]:
    today = site.book.today(now)
    return [delegate for delegate in team.delegates if delegate.start <= today < delegate.until]
