"""What a channel is handed, whatever it makes of it."""

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
    """What is handed to a channel: `sender` and `recipient` are (name, address), as the channel knows them.

    `message_id` is the same at each attempt. `sent_on` is the date that the message bears, with its zone;
    it belongs to the issue, not to the attempt to send.
    """

    subject: str
    text: str
    html: str
    documents: tuple[Attachment, ...]
    sender: tuple[str, str]
    recipient: tuple[str, str]
    message_id: str
    sent_on: datetime
