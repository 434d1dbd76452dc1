"""Mails as files in a folder, for trials and for places without a mail server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from delivery.channels.base import Envelope, NotSentError, UnknownOutcomeError
from delivery.channels.mail import pack
from delivery.message import Message
from disk.rights import make_folder, opened
from killpoints import reach
from ledger import MAIL


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """Writes each message atomically to `<folder>/<envelope name>.eml`."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder as an address."""
        return f"file:{self.folder}"

    @property
    def kind(self) -> str:
        """Mail, whoever carries it."""
        return MAIL

    def pack(self, message: Message) -> bytes:
        """The message as a mail; raises `DeliveryError`."""
        return pack(message)

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Write the file and see it on disk. Raises `NotSentError` where that fails."""
        final = self.path(envelope)
        # The same name at each attempt: what a killed one left is overwritten, not collected.
        draft = final.with_name(f".{final.name}.part")
        try:
            make_folder(self.folder)
            with opened(draft) as file:
                file.write(packed)
                file.flush()
                reach("folder.written")
                os.fsync(file.fileno())
            draft.replace(final)
            reach("folder.named")
        except OSError as error:
            raise NotSentError(
                f"{final}: expected a folder with space to write to, found: {error.strerror}; run again."
            ) from None
        self._keep_name(final)

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """Whether the file is there; there is no half of it."""
        return self.path(envelope).exists()

    def path(self, envelope: Envelope) -> Path:
        """Where a message lies."""
        return self.folder / f"{envelope.name}.eml"

    def _keep_name(self, final: Path) -> None:
        """Sync the folder's entry, so that a power cut does not undo the file."""
        try:
            entry = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(entry)
            finally:
                os.close(entry)
        except OSError as error:
            raise UnknownOutcomeError(
                f"{final}: the file was written but may not outlast a power cut ({error.strerror})."
            ) from None
