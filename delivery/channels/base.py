"""What a channel must do, and the errors it raises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from delivery.message import Message
from ledger.errors import DeliveryError


class NotSentError(DeliveryError):
    """The message was certainly not handed over; sending it again makes no duplicate."""


class RefusedForGoodError(NotSentError):
    """The message was refused, and would be refused again: somebody has to change something first."""


class TooLargeError(RefusedForGoodError):
    """The message is larger than the channel takes: `most` bytes, 0 where it does not say how many."""

    def __init__(self, sentence: str, most: int) -> None:
        super().__init__(sentence)
        self.most = most


class RefusedMailError(RefusedForGoodError):
    """This very message or its recipient was refused, so no later run tries it again by itself.

    What is refused to everybody, such as a login, is another thing: once that is corrected all may go out.
    """


class UnknownOutcomeError(DeliveryError):
    """The message went out and no answer came back; sending it again may make a duplicate."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender and recipient (addresses without names), and a `name` fit for a file."""

    sender: str
    recipient: str
    name: str


def envelope_for(sender: str, recipient: str, message_id: str) -> Envelope:
    """The envelope of a message, named after what tells it from all others."""
    words = message_id.strip("<>").rpartition("@")[0]
    return Envelope(sender, recipient, re.sub(r"[^A-Za-z0-9._-]", "-", words))


class Channel(Protocol):
    """One channel. Its kind defines what an address is."""

    @property
    def kind(self) -> str:
        """Part of a delivery's key in the ledger: another server of the same kind sends nothing twice."""

    @property
    def name(self) -> str:
        """What identifies this channel; kept in the ledger, so without any secret."""

    def pack(self, message: Message) -> bytes:
        """The message as it goes out. Raises `DeliveryError` if the channel cannot carry it."""

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Hand the message over. Raises `NotSentError` or `UnknownOutcomeError`."""

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """Whether a message that a process began to send was handed over; None if unknown."""
