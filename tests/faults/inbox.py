"""A mail server as a process of its own: what it accepted is on disk before it says so, whoever dies.

`python -m tests.faults.inbox FILE` prints its port and adds a line of JSON to FILE for each message.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import SMTP as MAIL
from pathlib import Path

from aiosmtpd.smtp import SMTP

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Inbox:
    """The server as its users see it: a port to send to and a file to read."""

    port: int
    file: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def size(self) -> int:
        """Where the file ends; what comes later is read from there on."""
        return self.file.stat().st_size if self.file.exists() else 0

    def since(self, offset: int) -> list[dict[str, str]]:
        """What was accepted after `offset`, once nobody is connected any more.

        A client that was killed has left bytes in the server's socket: the server is asked until it has
        read them all and closed that line, so that no mail is counted too early or with the next case.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            replies = line.makefile("rb")
            replies.readline()
            for _ in range(10_000):
                line.sendall(b"NOOP\r\n")
                if replies.readline().split()[1] == b"1":
                    break
                time.sleep(0.001)
            else:
                raise TimeoutError("the mail server still has a line open after 10 s")
        if not self.file.exists():
            return []
        with self.file.open("rb") as file:
            file.seek(offset)
            return [json.loads(text) for text in file]


@contextmanager
def opened_inbox(file: Path) -> Iterator[Inbox]:
    """Start a server of its own and stop it at the end."""
    command = [sys.executable, "-m", "tests.faults.inbox", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield Inbox(int(server.stdout.readline()), file)
        finally:
            server.kill()


class _Post(SMTP):
    """aiosmtpd, but NOOP tells how many lines are open."""

    open_lines = 0

    def connection_made(self, transport):
        _Post.open_lines += 1
        super().connection_made(transport)

    def connection_lost(self, error):
        _Post.open_lines -= 1
        super().connection_lost(error)

    async def smtp_NOOP(self, arg):  # noqa: N802 - aiosmtpd's name
        await self.push(f"250 {_Post.open_lines}")


@dataclass
class _Keeper:
    file: Path

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.original_content
        headers = BytesParser(policy=MAIL).parsebytes(content, headersonly=True)
        (recipient,) = envelope.rcpt_tos
        said = {
            "recipient": recipient,
            "message_id": str(headers["Message-ID"]).strip(),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        with self.file.open("ab") as file:
            file.write(json.dumps(said).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return "250 taken"


async def _serve(file: Path) -> None:
    loop = asyncio.get_running_loop()
    keeper = _Keeper(file)
    server = await loop.create_server(lambda: _Post(keeper, loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
