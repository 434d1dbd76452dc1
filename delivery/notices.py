"""What people are told beside the cards: by mail, each of them once about each thing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from delivery.channels import Channel, UnknownOutcomeError, envelope_for
from delivery.message import Message, message_id_of
from killpoints import reach
from ledger import MAIL, Ledger, Notice
from ledger.errors import DeliveryError

NAMED = "notice-"
"""What the name of such a mail begins with in a folder: no delivery of a card belongs to it."""


def tell(
    ledger: Ledger,
    channel: Channel,
    wanted: Sequence[Notice],
    build: Callable[[Sequence[Notice]], Message],
    *,
    now: Callable[[], datetime],
) -> Sequence[Notice]:
    """Send one message about those of the notices that their reader was not told yet; returns them.

    They are claimed before it goes out: what a process that dies leaves behind is not told again. Raises what
    `build` and the channel raise where it certainly did not go out, and then it is tried again the next time.
    """
    claimed = ledger.claim_notices(wanted, now())
    if not claimed:
        return ()
    reach("notice.claimed")
    is_sent = False
    try:
        is_sent = _is_out(channel, build(claimed))
        reach("notice.sent")
    finally:
        ledger.settle_notices(claimed, now(), is_sent=is_sent)
    return claimed


def _is_out(channel: Channel, message: Message) -> bool:
    """Hand the message over; true also where nobody knows whether it went out."""
    packed = channel.pack(message)
    try:
        channel.send(packed, envelope_for(message.envelope_sender, message.recipient[1], message.message_id))
    except UnknownOutcomeError:
        # told once at most: it may have arrived
        return True
    return True


def id_of(told: Sequence[Notice], sender: str) -> str:
    """The message id of a mail about these notices."""
    digest = hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()[:20]
    return message_id_of(f"{NAMED}{digest}", sender)


def mail_channel(channels: Sequence[Channel]) -> Channel:
    """The one of the channels that carries mail; raises `DeliveryError` where none does."""
    for channel in channels:
        if channel.kind == MAIL:
            return channel
    raise DeliveryError("notices: expected a channel for mail, found none; add one to SCOREWRIGHT_DELIVERY.")
