"""The outbox: a delivery is claimed, and the claim on disk, before the message goes out.

So after a crash the next run finds `sending` and knows that the mail may be out. It asks the channel; if that
cannot tell, the delivery is `uncertain` and stays so until a person decides.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from delivery.channels.base import (
    Channel,
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    TooLargeError,
    UnknownOutcomeError,
    envelope_for,
)
from delivery.claimant import may_be_alive, this_process
from delivery.lightening import Lighten, Parcel, lightened, what_is_left_out
from delivery.message import Message
from killpoints import reach
from ledger import Claim, Delivery, DeliveryState, Ledger, Recipient
from ledger.errors import DeliveryError

_NO_END = (DeliveryState.PENDING, DeliveryState.SENDING)
_PATIENCE_SECONDS, _POLL_SECONDS = 10.0, 0.25
"""How long a mail that another process is sending is waited for, and how often it is looked at."""
_TO_SEND = (DeliveryState.PENDING, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The state of a delivery, and whether this very call sent it.

    `problem` says in one sentence why it is `failed`, `refused` or `uncertain`; None in every other state.
    `is_for_good` is whether trying it again is of no use until somebody has changed something. `most` is how
    many bytes the channel takes where the message has more, 0 where it does not say; None in every other
    case. `note` is what the message went out without, and why.
    """

    state: DeliveryState
    delivered_now: bool
    problem: str | None = None
    is_for_good: bool = False
    most: int | None = None
    note: str = ""


def deliver(
    ledger: Ledger,
    *,
    issue_id: int,
    address: str,
    channel: Channel,
    build: Callable[[], Message],
    message_id: str,
    now: Callable[[], datetime],
    on_claim: Callable[[int, int], None] = lambda _issue, _attempt: None,
    beside: Collection[int] = (),
    lighten: Lighten | None = None,
) -> DeliveryOutcome:
    """Send an issue to an address, unless that was done, is being done, may have been done, or was refused.

    `build` makes the message and is only called if it will be sent; what it raises passes through and leaves
    the delivery unchanged. `on_claim` is called with the issue and the number of the attempt once it is
    claimed, before anything goes out. The issues `beside` wait for the address and are in the message: one
    claim holds all, and its end is recorded of all. `lighten` makes a message that is too large for the
    channel again with less, which is another attempt. Raises `DeliveryError` if it is for somebody else, and
    `UsageError` for an unknown issue.
    """
    recipient = Recipient(channel.kind, address)
    delivery = ledger.queue_delivery(issue_id, recipient)
    reach("deliver.queued")
    delivery = _look_after(ledger, delivery, channel, now)
    if delivery.state not in _TO_SEND:
        return _outcome(delivery)
    sending = _Sending(ledger, delivery, channel, message_id, now, on_claim, beside)
    whole = sending.packed(build())
    outcome = sending.attempt(whole)
    if outcome.most is None or lighten is None:
        return outcome
    smaller = lightened(whole, outcome.most, lighten, channel.pack)
    if smaller is None:
        return outcome
    return sending.attempt(smaller, what_is_left_out(smaller, whole, outcome.most))


@dataclass(frozen=True, slots=True)
class _Sending:
    """A delivery that is to go out, and those `beside` it: each attempt is claimed, made and settled."""

    ledger: Ledger
    delivery: Delivery
    channel: Channel
    message_id: str
    now: Callable[[], datetime]
    on_claim: Callable[[int, int], None]
    beside: Collection[int]

    def packed(self, message: Message) -> Parcel:
        """The message with its bytes, checked that it is the one that is meant."""
        _refuse_another(message, self.delivery.recipient.address, self.message_id)
        parcel = Parcel(message, self.channel.pack(message))
        reach("deliver.built")
        return parcel

    def attempt(self, parcel: Parcel, note: str = "") -> DeliveryOutcome:
        """Claim the delivery and hand the parcel over; `note` is kept with it once it is sent."""
        issue_id, recipient = self.delivery.issue_id, self.delivery.recipient
        claim = _claim(parcel.message, self.channel, parcel.packed, self.now())
        # before the claim, so that a claim whose lock is free is one of the dead
        with self.ledger.sending(issue_id, recipient, beside=self.beside) as is_free:
            if is_free is False:
                return DeliveryOutcome(DeliveryState.SENDING, delivered_now=False)
            if not self.ledger.claim_delivery(issue_id, recipient, claim, beside=self.beside):
                return _outcome(self.ledger.queue_delivery(issue_id, recipient))
            reach("deliver.claimed")
            end = _NOT_BEGUN
            try:
                self._tell({issue_id, *self.beside}, recipient)
                end = _INTERRUPTED
                end = _send(self.channel, parcel.packed, envelope_of(claim, recipient.address), claim, note)
                reach("deliver.handed_over")
            finally:
                _settle(self.ledger, self.delivery, claim, end, self.now(), self.beside)
        reach("deliver.settled")
        is_sent = end.state is DeliveryState.SENT
        return DeliveryOutcome(end.state, is_sent, end.problem, end.is_for_good, end.most, end.note)

    def _tell(self, issues: Collection[int], to: Recipient) -> None:
        for issue_id in sorted(issues):
            self.on_claim(issue_id, self.ledger.attempts(issue_id)[to])


@dataclass(frozen=True, slots=True)
class _End:
    """How an attempt ended; `note` is what a message went out without."""

    state: DeliveryState
    problem: str | None = None
    is_for_good: bool = False
    most: int | None = None
    note: str = ""


_NOT_BEGUN = _End(DeliveryState.FAILED, "nothing was handed over, for the attempt could not be written down.")

_INTERRUPTED = _End(
    DeliveryState.UNCERTAIN, "the sending was interrupted; ask the recipient whether the mail arrived."
)


def _send(channel: Channel, packed: bytes, envelope: Envelope, claim: Claim, note: str) -> _End:
    try:
        channel.send(packed, envelope)
    except NotSentError as error:
        return _refusal(error)
    except UnknownOutcomeError as error:
        return _verdict(channel.outcome(envelope, claim.message_id), f"{error}{note and f' It was {note}'}")
    return _End(DeliveryState.SENT, note=note)


def _refusal(error: NotSentError) -> _End:
    state = DeliveryState.REFUSED if isinstance(error, RefusedMailError) else DeliveryState.FAILED
    most = error.most if isinstance(error, TooLargeError) else None
    return _End(state, str(error), isinstance(error, RefusedForGoodError), most)


def at_its_end(attempt: Callable[[], DeliveryOutcome], what: str) -> DeliveryOutcome:
    """The outcome of an attempt; what another process is sending is waited for, a moment and no longer.

    Raises `NotSentError` where that does not end: nobody may take it for sent.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    outcome = attempt()
    while outcome.state in _NO_END and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        outcome = attempt()
    if outcome.state in _NO_END:
        raise NotSentError(
            f"{what}: expected the mail to be at its end within {_PATIENCE_SECONDS:g} s, found another "
            "process still sending it; run again later."
        )
    return outcome


def look_after(ledger: Ledger, channels: Iterable[Channel], *, now: Callable[[], datetime]) -> None:
    """Settle every delivery, of whatever revision, whose claimant died while sending."""
    by_kind = {channel.kind: channel for channel in channels}
    for delivery in ledger.deliveries_in(DeliveryState.SENDING):
        channel = by_kind.get(delivery.recipient.channel)
        if channel is not None:
            _look_after(ledger, delivery, channel, now)


def _look_after(
    ledger: Ledger, delivery: Delivery, channel: Channel, now: Callable[[], datetime]
) -> Delivery:
    """Settle a delivery whose claimant died while sending; left alone while the claimant may be alive."""
    claim = delivery.claim
    if claim is None or delivery.state is not DeliveryState.SENDING:
        return delivery
    with ledger.sending(delivery.issue_id, delivery.recipient) as is_free:
        if not (is_free or (is_free is None and not may_be_alive(claim))):
            return delivery
        _settle_the_dead(ledger, delivery, claim, channel, now)
    reach("deliver.looked_after")
    return ledger.queue_delivery(delivery.issue_id, delivery.recipient)


def is_worked_on(ledger: Ledger, delivery: Delivery) -> bool:
    """Whether a process that is known to live is sending it right now."""
    claim = delivery.claim
    if claim is None or delivery.state is not DeliveryState.SENDING:
        return False
    with ledger.sending(delivery.issue_id, delivery.recipient) as is_free:
        if is_free is None:
            return claim.host == this_process().host and may_be_alive(claim)
        return not is_free


def _settle_the_dead(
    ledger: Ledger, delivery: Delivery, claim: Claim, channel: Channel, now: Callable[[], datetime]
) -> None:
    arrived = None
    # Another channel, or the same folder on another machine, knows nothing about that attempt.
    if (channel.name, this_process().host) == (claim.sent_by, claim.host):
        arrived = channel.outcome(envelope_of(claim, delivery.recipient.address), claim.message_id)
    end = _verdict(
        arrived,
        f"issue {delivery.issue_id}: the process that was sending to {delivery.recipient} died before it "
        f"recorded the outcome; ask the recipient whether the mail arrived.",
    )
    _settle(ledger, delivery, claim, end, now())


def _verdict(arrived: bool | None, problem: str) -> _End:
    if arrived is None:
        return _End(DeliveryState.UNCERTAIN, problem)
    return _End(DeliveryState.SENT) if arrived else _End(DeliveryState.FAILED, problem)


def _settle(
    ledger: Ledger,
    delivery: Delivery,
    claim: Claim,
    end: _End,
    at: datetime,
    beside: Collection[int] = (),
) -> None:
    ledger.settle_delivery(
        delivery.issue_id,
        delivery.recipient,
        token=claim.token,
        state=end.state,
        problem=end.problem or end.note or None,
        at=at,
        beside=beside,
    )


def _refuse_another(message: Message, address: str, message_id: str) -> None:
    """A message for somebody else, or of another issue, must not go out."""
    found = (message.recipient[1], message.message_id)
    if found != (address, message_id):
        raise DeliveryError(
            f"message: expected {message_id} to {address}, found {found[1]} to {found[0]}; nothing was sent."
        )


def _claim(message: Message, channel: Channel, packed: bytes, at: datetime) -> Claim:
    """This process's claim on a message."""
    process = this_process()
    return Claim(
        token=uuid4().hex,
        host=process.host,
        pid=process.pid,
        started=process.started,
        claimed_at=at,
        sent_by=channel.name,
        sender=message.envelope_sender,
        message_id=message.message_id,
        message_sha256=hashlib.sha256(packed).hexdigest(),
    )


def envelope_of(claim: Claim, address: str) -> Envelope:
    """What is written on the outside of a message that was claimed."""
    return envelope_for(claim.sender, address, claim.message_id)


def error_for(outcome: DeliveryOutcome) -> type[DeliveryError]:
    """What an outcome with a problem is raised as, for whoever decides whether to try again."""
    if outcome.is_for_good:
        return RefusedForGoodError
    return NotSentError if outcome.state is DeliveryState.FAILED else DeliveryError


def _outcome(delivery: Delivery) -> DeliveryOutcome:
    is_refused, said = delivery.state is DeliveryState.REFUSED, delivery.problem
    if delivery.state is DeliveryState.SENT:
        return DeliveryOutcome(delivery.state, delivered_now=False, note=said or "")
    return DeliveryOutcome(delivery.state, delivered_now=False, problem=said, is_for_good=is_refused)
