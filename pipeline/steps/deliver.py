"""Hand issued cards to their managers, each once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from archive.cards import CardRef
from archive.documents import can_be_sent
from archive.letters import letter_of, message_id
from archive.seals import seal_handover
from delivery.channels import Channel, NotSentError, RefusedForGoodError, refuse_strangers
from delivery.outbox import DeliveryOutcome, at_its_end, error_for, is_worked_on, look_after
from delivery.outbox import deliver as deliver_once
from ledger import MAIL, Delivery, DeliveryState, Issue, Recipient
from ledger.errors import DeliveryError
from pipeline.approvals import may_go, state_of, why_it_stays
from pipeline.inputs.restatements import is_before
from pipeline.recipients import is_of_days_so_far, may_be_mailed, name_of, recipients_of
from pipeline.site import Site
from pipeline.steps.seconds import Seconds
from scoring.canonical import content_hash, from_json
from scoring.errors import DataError
from scoring.evidence import CertificateStatus
from scoring.period import Period
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)

_SHOWN = 3
_AT_ITS_END = {DeliveryState.SENT, DeliveryState.SUPERSEDED}


def deliver(site: Site, issue_id: int, *, now: Callable[[], datetime]) -> tuple[DeliveryOutcome, ...]:
    """Send one issue to its team's manager by every configured channel, unless that was done before.

    Each channel is tried, even if others fail; what another process is sending is waited for, a moment.
    Raises `NotSentError` if something was certainly not sent and may be tried again, `RefusedForGoodError` if
    trying it again is of no use, and `DeliveryError` if it is unknown whether it was sent, the card is held,
    not approved or has no score at all, a document cannot be redrawn as issued, or no channel reaches the
    manager.
    """
    before = _sent_before(site, site.ledger.delivery_states(issue_id))
    if before:
        return before
    issue = site.ledger.get_issue(issue_id)
    card = from_json(issue.card_json)
    _refuse_changed(issue, card)
    _refuse_unfit(card)
    ways = _ways(site, issue, now())
    # of a mail that waits for approval, too, every later run and the status know
    site.ledger.queue_deliveries(issue.id, [recipient for _, recipient in ways])
    _refuse_unapproved(site, issue)
    outcomes, problems = [], []
    for channel, recipient in ways:
        try:
            outcomes.append(_deliver_by(site, issue, card, channel, recipient, now))
        except DeliveryError as error:
            problems.append(error)
    if problems:
        raise _together(problems)
    return tuple(outcomes)


def sent_in(site: Site, period: Period) -> Mapping[int, tuple[DeliveryOutcome, ...]]:
    """What `deliver` says of the issues of a period of which every message went out before, asked once."""
    states = site.ledger.delivery_states_in(str(period))
    return {issue_id: _sent_before(site, of_issue) for issue_id, of_issue in states.items()}


def _sent_before(site: Site, states: Mapping[Recipient, DeliveryState]) -> tuple[DeliveryOutcome, ...]:
    """How each message ended, if all went out, by channels and to people that the book still names."""
    kinds = {channel.kind for channel in site.channels}
    may_go = all(to.channel in kinds and site.book.allowed.is_open_to(to) for to in states)
    are_sent = may_go and {*states.values()} == {DeliveryState.SENT}
    return tuple(DeliveryOutcome(state, False) for state in states.values()) if are_sent else ()


def _together(problems: Sequence[DeliveryError]) -> DeliveryError:
    """All in one, to be tried again where that is of use to any: the ledger keeps the others from it."""
    kinds = {*map(_kind_of, problems)}
    kind = next(kind for kind in (NotSentError, DeliveryError, RefusedForGoodError) if kind in kinds)
    return kind(" ".join(map(str, problems)))


def _kind_of(problem: DeliveryError) -> type[DeliveryError]:
    kinds = (RefusedForGoodError, NotSentError, DeliveryError)
    return next(kind for kind in kinds if isinstance(problem, kind))


def restatements_to_send(site: Site, period: Period) -> tuple[int, ...]:
    """The restatements of periods before `period` that somebody is to get and nobody sent yet, by issue."""
    not_sent = site.ledger.deliveries_in(DeliveryState.PENDING, DeliveryState.FAILED)
    waiting = dict.fromkeys(one.issue_id for one in not_sent)
    issues = map(site.ledger.get_issue, waiting)
    return tuple(issue.id for issue in issues if issue.revision > 1 and is_before(issue.period, period))


def finish(site: Site, *, now: Callable[[], datetime], told: Collection[int] = ()) -> None:
    """End what processes that died were sending, of whatever revision, and see that nothing is left open.

    Raises `DeliveryError` while a delivery of any revision, of any period, waits, failed, was refused, is
    uncertain, or is being sent and nobody works on it. Of the issues in `told` it was said already what was
    not sent or is doubtful.
    """
    look_after(site.ledger, site.channels, now=now)
    waiting = _open_deliveries(site, told)
    if waiting:
        said = [_said(site, delivery) for delivery in waiting[:_SHOWN]]
        more = f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
        raise DeliveryError(
            f"mails: expected every one to be at its end, found {', '.join(said)}{more}; run that period "
            "again to send what waits or failed, and settle what was refused, is uncertain or was being sent "
            "by a machine that is gone (`scorewright settle`)."
        )


def _open_deliveries(site: Site, told: Collection[int]) -> list[Delivery]:
    found = site.ledger.deliveries_in(*{*DeliveryState} - _AT_ITS_END)
    left = (one for one in found if one.state is DeliveryState.SENDING or one.issue_id not in told)
    return [one for one in left if not is_worked_on(site.ledger, one)]


def _said(site: Site, delivery: Delivery) -> str:
    issue = site.ledger.get_issue(delivery.issue_id)
    host = "" if delivery.claim is None else f" by {delivery.claim.host}"
    doing = f"being sent{host}" if delivery.state is DeliveryState.SENDING else _word(site, issue, delivery)
    return f"{issue.name} (issue {issue.id}) to {delivery.recipient} {doing}"


def _word(site: Site, issue: Issue, delivery: Delivery) -> str:
    """The state of a mail; of one that was never begun, what it waits for."""
    is_kept = delivery.state is DeliveryState.PENDING and not may_go(site, issue)
    return str(state_of(site, issue)) if is_kept else str(delivery.state)


def _refuse_changed(issue: Issue, card: Scorecard) -> None:
    """The words of a mail are made of the card, so it must be the one that the documents were drawn of."""
    if content_hash(card) != issue.content_hash:
        raise DataError(
            f"issue {issue.id} ({issue.period}/{issue.team_id}/r{issue.revision}): expected the card as it "
            "was issued, found it changed in the ledger; restore the ledger from a backup. It was not mailed."
        )


def _refuse_unfit(card: Scorecard) -> None:
    if card.certificate.status is CertificateStatus.HELD:
        raise DeliveryError(
            f"{CardRef.of(card)}: the card is held; complete its data and run {card.period} again."
        )
    if is_of_days_so_far(card):
        raise DeliveryError(
            f"{CardRef.of(card)}: expected a card of the whole period, found one of the days so far; run "
            f"`scorewright run --period {card.period}` when it is over. It was not mailed."
        )
    if card.total is None:
        raise DeliveryError(
            f"{CardRef.of(card)}: expected a card with at least one score, found none; "
            f"check its exports and run {card.period} again. It was not mailed."
        )


def _refuse_unapproved(site: Site, issue: Issue) -> None:
    if not may_go(site, issue):
        raise DeliveryError(f"{why_it_stays(site, issue)} It was not mailed.")


def _ways(site: Site, issue: Issue, now: datetime) -> list[tuple[Channel, Recipient]]:
    """To whom and by what the issue goes: as it was issued to, or else as the book says."""
    channels = {channel.kind: channel for channel in site.channels}
    wanted = _wanted(site, issue, now)
    ways = [(channels[to.channel], to) for to in wanted if to.channel in channels]
    refuse_strangers(wanted, site.book.allowed.is_open_to)
    if not ways:
        (team,) = site.teams(Period.parse(issue.period), (issue.team_id,))
        raise DeliveryError(
            f"{issue.team_id}: expected an address of the manager for {', '.join(channels)}, "
            f"found only {', '.join(team.manager.addresses)}; correct teams.yaml or SCOREWRIGHT_DELIVERY."
        )
    return ways


def _wanted(site: Site, issue: Issue, now: datetime) -> tuple[Recipient, ...]:
    queued = site.ledger.delivery_states(issue.id)
    going = [to for to, state in queued.items() if state is not DeliveryState.SUPERSEDED]
    if going and len(going) == len(queued):
        return tuple(going)
    # none yet, or somebody gave an address up: whom the book names by now gets it instead
    named = recipients_of(site, Period.parse(issue.period), issue.team_id, now)
    return (*going, *(to for to in named if to not in queued))


def _deliver_by(
    site: Site,
    issue: Issue,
    card: Scorecard,
    channel: Channel,
    recipient: Recipient,
    now: Callable[[], datetime],
) -> DeliveryOutcome:
    took, today, name = Seconds(), site.book.today(now()), name_of(site, card, recipient)
    secrets = site.settings.connections

    def attempt() -> DeliveryOutcome:
        issues = {one.id: one for one in _together_with(site, issue, recipient)}
        letters = [*issues.values()]
        letter = partial(
            letter_of, site.cards, site.book, letters, recipient, name=name, today=today, secrets=secrets
        )
        return deliver_once(
            site.ledger,
            issue_id=issue.id,
            address=recipient.address,
            channel=channel,
            build=letter,
            lighten=lambda names: letter(without=names),
            message_id=message_id(letters, str(recipient), site.book.sender.address),
            now=now,
            on_claim=lambda one, number: seal_handover(site.cards, issues[one], recipient, number),
            beside=issues.keys() - {issue.id},
        )

    outcome = at_its_end(attempt, f"{issue.name} (issue {issue.id}) to {recipient}")
    log.info(
        "deliver: %s (%s), issue %d by %s is %s, %s",
        *(issue.name, card.team_name.en, issue.id, channel.kind, outcome.note or outcome.state, took),
    )
    if outcome.problem is not None:
        raise error_for(outcome)(f"{issue.name} (issue {issue.id}) to {recipient}: {outcome.problem}")
    return outcome


def _together_with(site: Site, issue: Issue, recipient: Recipient) -> Sequence[Issue]:
    """The issue and, if the book says so, those of its period that go to the reader in one mail with it."""
    if not (site.book.mailing.together and recipient.channel == MAIL) or _is_restatement(site, issue):
        return (issue,)
    # one whose documents are lost stays behind by itself, and keeps nobody from the others
    waiting = filter(partial(_may_go_along, site), site.ledger.waiting_for(recipient, issue.period))
    together = {one.id: one for one in (issue, *(waiting if can_be_sent(site.cards, issue) else ()))}
    return [together[issue_id] for issue_id in sorted(together)]


def _may_go_along(site: Site, issue: Issue) -> bool:
    card = from_json(issue.card_json)
    is_sound = content_hash(card) == issue.content_hash and may_be_mailed(card)
    may_be_sent = is_sound and may_go(site, issue) and not _is_restatement(site, issue)
    return may_be_sent and can_be_sent(site.cards, issue)


def _is_restatement(site: Site, issue: Issue) -> bool:
    restated = site.ledger.restatement(issue.id)
    return restated is not None and restated.is_closed
