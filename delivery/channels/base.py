"""What a way out must be able to do, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from delivery.message import Message
from ledger.errors import DeliveryError


class NotSentError(DeliveryError):
    """The message was certainly not handed over; sending it again makes no double."""


class UnknownOutcomeError(DeliveryError):
    """The message went out and no answer came back; sending it again may make a double."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends and who receives (addresses without names), and a `name` fit for a file."""

    sender: str
    recipient: str
    name: str


class Channel(Protocol):
    """One way out. What an address is belongs to its kind."""

    @property
    def kind(self) -> str:
        """What the ledger tells deliveries apart by: another server of the same kind sends nothing twice."""

    @property
    def name(self) -> str:
        """What tells this channel from others; kept in the ledger, so without any secret."""

    def pack(self, message: Message) -> bytes:
        """The message as it goes out. Raises `DeliveryError` where the channel cannot carry it."""

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Hand the message over. Raises `NotSentError` or `UnknownOutcomeError`."""

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """Whether a message that somebody began to send was handed over; None where nobody can tell."""
