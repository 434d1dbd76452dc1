#!/opt/mail/.venv/bin/python
"""A mail server that keeps every mail as a file in /tmp/mails; `readyz` asks whether it listens."""

from __future__ import annotations

import itertools
import signal
import smtplib
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

MAILS = Path("/tmp/mails")  # noqa: S108  # in a container of its own
NUMBERS = itertools.count(1)


class Keeper:
    """Accepts everything."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Write the mail, with its recipients in the first line."""
        recipients = f"X-Recipients: {', '.join(envelope.rcpt_tos)}\r\n".encode()
        part = MAILS / f".{next(NUMBERS):04}"
        part.write_bytes(recipients + envelope.content)
        part.rename(MAILS / f"{part.name[1:]}.eml")
        return "250 OK"


def main() -> None:
    """Ask, or serve until told to stop."""
    if "readyz" in sys.argv:
        smtplib.SMTP("localhost", 1025, timeout=5).noop()
        return
    MAILS.mkdir(exist_ok=True)
    Controller(Keeper(), hostname="0.0.0.0", port=1025).start()  # noqa: S104  # in a container of its own
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
