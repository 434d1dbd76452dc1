"""The message that a channel sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that goes with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A channel's input: `sender` and `recipient` are (name, address), in the channel's form.

    `message_id` is the same at each attempt. `sent_on` is the date of the message, with its zone; it belongs
    to the issue, not to the attempt to send. `reply_to` is (name, address) too; `returned_to` is the address
    that a mail which cannot be delivered comes back to. Both are the sender where they are None.
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
