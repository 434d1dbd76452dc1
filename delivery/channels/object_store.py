"""Mails as objects in a store that workers of many hosts share."""

from __future__ import annotations

from dataclasses import dataclass

from delivery.channels.base import Envelope, UnknownOutcomeError
from delivery.channels.mail import pack
from delivery.message import Message
from disk.errors import StoreError
from disk.objects import ObjectPath
from ledger import MAIL


@dataclass(frozen=True, slots=True)
class StoreChannel:
    """Writes each message as the object `<folder>/<envelope name>.eml`, whole or not at all."""

    folder: ObjectPath

    @property
    def name(self) -> str:
        """The place as an address."""
        return f"file:{self.folder}"

    @property
    def kind(self) -> str:
        """Mail, whoever carries it."""
        return MAIL

    def pack(self, message: Message) -> bytes:
        """The message as a mail; raises `DeliveryError`."""
        return pack(message)

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Write the object; raises `UnknownOutcomeError` where the store did not say that it has it."""
        try:
            self.path(envelope).write(packed)
        except StoreError as error:
            raise UnknownOutcomeError(str(error)) from None

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """Whether the object is there; None where the store does not say."""
        try:
            return self.path(envelope).exists()
        except StoreError:
            return None

    def path(self, envelope: Envelope) -> ObjectPath:
        """Where a message lies."""
        return self.folder / f"{envelope.name}.eml"
