"""The message that a channel sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scoring.addresses import with_ascii_domain


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that goes with a message."""

    name: str
    media_type: str
    content: bytes


class Brief(Protocol):
    """What a chat message says of a card, each text on one line.

    `tone` is the status (`green`, `amber`, `red`), or empty where the status is not told. `facts` are names
    with their colon, and values. `link` is (words, address). `has_file` is whether the documents may go
    with it.
    """

    @property
    def title(self) -> str:
        """Whose card of which period it is."""
        ...

    @property
    def tone(self) -> str:
        """The status, or nothing."""
        ...

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is told, in order."""
        ...

    @property
    def link(self) -> tuple[str, str] | None:
        """Where the card is, if the book says so."""
        ...

    @property
    def has_file(self) -> bool:
        """Whether the documents go with it."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A channel's input: `sender` and `recipient` are (name, address), in the channel's form.

    `message_id` is the same at each attempt. `sent_on` is the date of the message, with its zone; it belongs
    to the issue, not to the attempt to send. `reply_to` is (name, address) too; `returned_to` is the address
    that a mail which cannot be delivered comes back to. Both are the sender where they are None. `brief` is
    all that a chat says of it. `left_out` are the names of documents that it says it does not carry.
    """

    subject: str
    text: str
    html: str
    documents: tuple[Attachment, ...]
    sender: tuple[str, str]
    recipient: tuple[str, str]
    message_id: str
    sent_on: datetime
    reply_to: tuple[str, str] | None = None
    returned_to: str | None = None
    brief: Brief | None = None
    left_out: tuple[str, ...] = ()

    @property
    def envelope_sender(self) -> str:
        """The address that what cannot be delivered comes back to."""
        return self.returned_to or self.sender[1]


def message_id_of(words: str, sender: str) -> str:
    """A Message-ID: words that tell the message from all others, at the domain of the sender's address."""
    domain = with_ascii_domain(sender).rsplit("@", 1)[1]
    return f"<{words}@{domain}>"
