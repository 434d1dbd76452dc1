"""A ledger with one issue, a mail for it, a real mail server, and processes that may be killed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from delivery.channels.mail import build_message
from delivery.message import Attachment, Message
from delivery.outbox import DeliveryOutcome, deliver
from ledger import Document, Ledger, migrate_ledger, open_ledger

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
TO = "wei@company.example"
MESSAGE_ID = "<2026-10.eu-brand.r1.abc@company.example>"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    migrate_ledger(url)
    return open_ledger(url)


@pytest.fixture
def issue_id(ledger: Ledger) -> int:
    issued = ledger.issue(
        "{}",
        period="2026-10",
        team_id="eu-brand",
        revision=1,
        content_hash="a" * 64,
        documents=[Document("eu-brand-2026-10-r1.pdf", "application/pdf", "b" * 64)],
        issued_at=NOON,
    )
    return issued.id


@pytest.fixture
def parts() -> Message:
    return Message(
        subject="品牌 Europe · October 2026: 97.4",
        text="Dear Wei,\n.\n..the score is 97.4.\nFrom here on: 谢谢\n",
        html="<p>Dear Wei, the score is <b>97.4</b>.</p>",
        documents=(
            Attachment("eu-brand-2026-10-r1.pdf", "application/pdf", b"%PDF-1.7\n\r\n.\r\n\x00\xff\n" * 50),
        ),
        sender=("Scorewright", "cards@company.example"),
        recipient=("王薇", TO),
        message_id=MESSAGE_ID,
        sent_on=NOON,
    )


@pytest.fixture
def mail(parts: Message) -> bytes:
    return build_message(parts)


@pytest.fixture
def send(ledger: Ledger, issue_id: int, parts: Message) -> Callable[..., DeliveryOutcome]:
    """Delivers the mail by a channel; what a test does not say is as usual."""

    def by(channel, **changes) -> DeliveryOutcome:
        usual = {"issue_id": issue_id, "address": TO, "build": lambda: parts, "message_id": MESSAGE_ID}
        return deliver(ledger, channel=channel, now=lambda: NOON, **usual | changes)

    return by


@pytest.fixture
def in_children() -> Callable[[list[Callable[[], object]]], list[int]]:
    """Runs each piece of work in a process of its own, all let go at once; gives how they ended."""

    def run(works: list[Callable[[], object]]) -> list[int]:
        gate, opener = os.pipe()
        children = []
        for work in works:
            child = os.fork()
            if child == 0:
                code = 99
                try:
                    os.close(opener)
                    os.read(gate, 1)
                    code = int(bool(work()))
                finally:
                    os._exit(code)
            children.append(child)
        os.close(opener)
        os.close(gate)
        return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    return run


@dataclass
class Post:
    """A mail server's counter: what it took, and how it is to misbehave.

    `answers` maps a command (or BODY, the end of the message) to what is said instead of yes;
    `drops` are those after which the line goes dead, `holds` those that get no answer at all.
    """

    port: int
    accepted: list[bytes] = field(default_factory=list)
    senders: list[tuple[str, list[str]]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    secure: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if "BODY" in self.answers:
            return self.answers["BODY"]
        self.accepted.append(envelope.original_content)
        self.senders.append((envelope.mail_from, envelope.rcpt_tos))
        self.secure.append(session.ssl is not None)
        if "BODY" in self.drops:
            server.transport.abort()
        if "BODY" in self.holds:
            await server.transport_forever()
        return "250 taken"


class MoodySMTP(SMTP):
    """aiosmtpd, except for the commands that its post is to fail at."""

    async def _mood(self, command: str, usual, argument) -> None:
        post = self.event_handler
        if command in post.drops:
            self.transport.abort()
        elif command in post.answers:
            await self.push(post.answers[command])
        elif command not in post.holds:
            await usual(argument)

    async def smtp_EHLO(self, hostname):  # noqa: N802
        await self._mood("EHLO", super().smtp_EHLO, hostname)

    async def smtp_HELO(self, hostname):  # noqa: N802
        await self._mood("EHLO", super().smtp_HELO, hostname)

    async def smtp_MAIL(self, arg):  # noqa: N802
        await self._mood("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg):  # noqa: N802
        await self._mood("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg):  # noqa: N802
        await self._mood("DATA", super().smtp_DATA, arg)

    async def smtp_QUIT(self, arg):  # noqa: N802
        await self._mood("QUIT", super().smtp_QUIT, arg)

    async def transport_forever(self) -> None:
        """Answers nothing until the other side gives up."""
        await self.loop.create_future()


class OnOwnSocket(Controller):
    """A controller on a port that the system chose, so that tests may run side by side."""

    def __init__(self, post: Post, sock: socket.socket, **options) -> None:
        super().__init__(post, hostname="127.0.0.1", port=post.port, **options)
        self._sock = sock

    def factory(self) -> SMTP:
        return MoodySMTP(self.handler, **self.SMTP_kwargs)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self._sock, ssl=self.ssl_context)


@pytest.fixture
def open_post() -> Iterator[Callable[..., Post]]:
    """Opens mail servers, with aiosmtpd's options; they close with the test."""
    controllers = []

    def open_one(**options) -> Post:
        sock = socket.create_server(("127.0.0.1", 0))
        post = Post(sock.getsockname()[1])
        controller = OnOwnSocket(post, sock, **options)
        controller.start()
        controllers.append(controller)
        return post

    yield open_one
    for controller in controllers:
        controller.stop()


@pytest.fixture
def post(open_post: Callable[..., Post]) -> Post:
    return open_post()
