"""Mail servers that fail on purpose, each in a way of its own, and count what they accepted."""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from delivery.channels import Channel, channel_from_url
from delivery.channels.smtp import SmtpChannel
from tests.delivery.certificates import write_certificate
from tests.delivery.conftest import MoodySMTP, OnOwnSocket, Post

LOGIN = "reader:secret@"


@dataclass(frozen=True)
class Way:
    """How a server is set up and how it is talked to; what is not said is as it should be.

    `answers`, `drops` and `holds` are those of `Post`; `drops` may have MIDDLE, in the middle of the body, and
    LOST, after its end and before anything was kept. `tls` is the certificate that the server shows.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)
    tls: str | None = None
    is_guarded: bool = False
    is_there: bool = True
    login: str = ""
    query: str = "tls=never"
    timeout: float | None = None


@dataclass
class _Post(Post):
    """Also counts who was asked for, and can lose a mail that it has read."""

    asked: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if "LOST" in self.drops:
            server.transport.abort()
            return "250 lost"
        return await super().handle_DATA(server, session, envelope)


class _FaultySMTP(MoodySMTP):
    async def smtp_STARTTLS(self, arg):  # noqa: N802
        await self._mood("STARTTLS", super().smtp_STARTTLS, arg)

    async def smtp_RCPT(self, arg):  # noqa: N802
        self.event_handler.asked[arg.partition("<")[2].partition(">")[0]] += 1
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):  # noqa: N802
        if "MIDDLE" in self.event_handler.drops:
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Server(OnOwnSocket):
    def factory(self) -> SMTP:
        return _FaultySMTP(self.handler, **self.SMTP_kwargs)


@dataclass(frozen=True)
class Opened:
    """A server that runs, and the channel to it."""

    post: _Post
    channel: Channel


class Servers:
    """A server for each way that is asked for, all gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack, self._opened = folder, ExitStack(), list[tuple[Way, Opened]]()
        self._contexts = {
            name: _context(write_certificate(folder / f"{name}.pem")) for name in ("good", "bad")
        }

    @property
    def trusted(self) -> Path:
        """The certificate that a client is to trust."""
        return self._folder / "good.pem"

    @property
    def posts(self) -> list[_Post]:
        """What each server has counted."""
        return [opened.post for _, opened in self._opened]

    def to(self, way: Way) -> Channel:
        """The channel to the server of a way."""
        for known, opened in self._opened:
            if known == way:
                return opened.channel
        opened = self._open(way)
        self._opened.append((way, opened))
        return opened.channel

    def forget(self) -> None:
        """Begin to count anew."""
        for post in self.posts:
            post.accepted.clear()
            post.senders.clear()
            post.asked.clear()

    def close(self) -> None:
        self._stack.close()

    def _open(self, way: Way) -> Opened:
        sock = socket.create_server(("127.0.0.1", 0))
        post = _Post(sock.getsockname()[1], answers=dict(way.answers), drops={*way.drops}, holds={*way.holds})
        channel = _channel(way, post.port)
        if not way.is_there:
            sock.close()
            return Opened(post, channel)
        server = _Server(post, sock, **self._options(way))
        server.start()
        self._stack.callback(server.stop)
        return Opened(post, channel)

    def _options(self, way: Way) -> dict[str, Any]:
        options = {"data_size_limit": None, **way.options}
        if way.tls is not None:
            options["tls_context"] = self._contexts[way.tls]
        if way.is_guarded:
            options |= {"authenticator": _check, "auth_required": True, "auth_require_tls": False}
        return options


def _check(server, session, envelope, mechanism, data) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"reader", b"secret"), handled=False)


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def _channel(way: Way, port: int) -> Channel:
    channel = channel_from_url(f"smtp://{way.login}127.0.0.1:{port}?{way.query}", Path())
    if way.timeout is None:
        return channel
    assert isinstance(channel, SmtpChannel)
    # an address gives whole seconds
    return SmtpChannel(replace(channel.settings, timeout=way.timeout))


@contextmanager
def opened_servers(folder: Path) -> Iterator[Servers]:
    """Servers that are stopped at the end."""
    servers = Servers(folder)
    try:
        yield servers
    finally:
        servers.close()
