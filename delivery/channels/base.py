"""What a way out must be able to do, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from scoring.errors import DeliveryError


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
    """One way out."""

    @property
    def name(self) -> str:
        """What tells this channel from others; kept in the ledger, so without any secret."""

    def send(self, message: bytes, envelope: Envelope) -> None:
        """Hand the message over. Raises `NotSentError` or `UnknownOutcomeError`."""

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """Whether a message that somebody began to send was handed over; None where nobody can tell."""
