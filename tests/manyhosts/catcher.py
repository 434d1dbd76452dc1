"""A mail server that counts, and can keep somebody waiting for its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Catcher:
    """Takes every mail. While it `holds`, it has taken a mail and does not say so yet."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    held: int = 0
    holds: bool = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep the recipient and the subject."""
        headers = BytesParser(policy=SMTP).parsebytes(envelope.original_content, headersonly=True)
        self.taken += [(to, str(headers["Subject"])) for to in envelope.rcpt_tos]
        self.held += self.holds
        while self.holds:
            await asyncio.sleep(0.1)
        return "250 taken"

    def started(self) -> Controller:
        """Listen where the compose file has its mail catcher."""
        controller = Controller(self, hostname="127.0.0.1", port=1025)
        controller.start()
        return controller
