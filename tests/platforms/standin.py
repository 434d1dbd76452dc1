"""A server on this machine that behaves as the documentation of each platform says, and badly when it is told to."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.platforms import truth

MAY_ASK = "canary-T0ken/with+signs=="
FRESH = "canary-fresh-T0ken"
SECRETS = {
    "developer_token": "canary-developer-1",
    "client_id": "client-one",
    "client_secret": "canary-client-secret-1",
    "refresh_token": "canary-refresh-1",
    "appid": "wx-one",
    "secret": "canary-app-secret-1",
    "consumer_key": "canary-consumer-1",
    "consumer_secret": "canary-consumer/secret+1",
    "token_secret": "canary-token-secret-1",
}


ELSEWHERE = -1
"""The number, for faults, of all answers that are no page of data."""


@dataclass(frozen=True)
class Asked:
    """A request, taken apart."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: Any
    base: str
    query: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer; `page` is the number of a page of data, None for anything else."""

    value: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    page: int | None = None
    content: bytes | None = None
    how: str = "whole"

    @property
    def payload(self) -> bytes:
        return self.content if self.content is not None else json.dumps(self.value).encode()


class BadRequestError(Exception):
    """A request that the platform refuses."""

    def __init__(self, status: int, value: Any) -> None:
        super().__init__(value)
        self.reply = Reply(value, status)


Behaviour = Callable[[Asked, "Standin"], Reply]
Fault = Callable[[Reply, "Standin"], Reply]


@dataclass
class Standin:
    """One platform; `faults` say what goes wrong with which page, and how often."""

    behave: Behaviour
    url: str = ""
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    answered: list[tuple[Asked, Reply]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    valid: set[str] = field(default_factory=lambda: {MAY_ASK})
    free: threading.Event = field(default_factory=threading.Event)
    state: dict[str, Any] = field(default_factory=dict)
    truth: Any = truth
    """Where it has its rows from: what has `ads`, `things` and `rates` as the module has."""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        try:
            reply = self.behave(asked, self)
        except BadRequestError as error:
            return error.reply
        self.answered.append((asked, reply))
        if reply.page is None:
            # what is no page of data, such as the order of a report, and no token either
            waiting = self.faults.get(ELSEWHERE) if asked.path != "/token" else None
            return waiting.pop(0)(reply, self) if waiting else reply
        self.pages.append(reply.page)
        waiting = self.faults.get(reply.page)
        return waiting.pop(0)(reply, self) if waiting else reply


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # an answer goes out at once: waiting for the other side's word costs 40 ms each time
    disable_nagle_algorithm = True
    wbufsize = 2**16
    standin: Standin

    def log_message(self, *_: object) -> None:
        pass

    def handle_one_request(self) -> None:
        # both methods are the same one here
        self.do_GET = self.do_POST = self.take
        super().handle_one_request()

    def take(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        content = self.rfile.read(length)
        parts = urlsplit(self.path)
        form = self.headers.get("content-type", "").startswith("application/x-www-form")
        body = dict(parse_qsl(content.decode())) if form else json.loads(content or b"null")
        headers = {name.lower(): value for name, value in self.headers.items()}
        base = f"http://{self.headers['host']}"
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(self.command, parts.path, params, headers, body, base, parts.query)
        with suppress(ConnectionError):
            self.send(self.server.standin.answer(asked))

    def send(self, reply: Reply) -> None:
        if reply.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if reply.how == "silent":
            self.server.standin.free.wait(5)
            self.close_connection = True
            return
        content = reply.payload
        headers = {"Content-Type": "application/json", **reply.headers}
        if reply.how == "whole" and "Content-Encoding" not in headers:
            content = gzip.compress(content, 1)
            headers["Content-Encoding"] = "gzip"
        self.send_response_only(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + (100 if reply.how == "cut" else 0)))
        if reply.how == "dripping headers":
            self.drip_headers()
        self.end_headers()
        if reply.how == "drip":
            for at in range(len(content)):
                self.wfile.write(content[at : at + 1])
        else:
            self.wfile.write(content)
        self.close_connection = reply.how == "cut"

    def drip_headers(self) -> None:
        """Byte by byte, for ever: each comes in time."""
        self.flush_headers()
        while not self.server.standin.free.wait(0.05):
            self.connection.sendall(b"X")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    standin: Standin


def started() -> Server:
    """A server that listens; give it a `standin`, and shut it down in the end."""
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


# what can go wrong with an answer, whatever the platform


def status(code: int, **headers: str) -> Fault:
    return lambda reply, _: replace(reply, status=code, headers=headers, content=b'{"message": "busy"}')


def how(name: str) -> Fault:
    return lambda reply, _: replace(reply, how=name)


def truncated(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=reply.payload[: len(reply.payload) // 2])


def html(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=b"<!DOCTYPE html><html><body>We are back soon</body></html>")


def bad_gzip(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=b"\x1f\x8b\x08nonsense", headers={"Content-Encoding": "gzip"})


def half_gzip(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=gzip.compress(reply.payload)[:-12], headers={"Content-Encoding": "gzip"})


def brotli(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=b"\x0b\x00", headers={"Content-Encoding": "br"})


def huge(reply: Reply, _: Standin) -> Reply:
    return replace(reply, content=b'{"rows": "' + b"a" * 3_000_000 + b'"}')


def redirect(reply: Reply, _: Standin) -> Reply:
    return replace(reply, status=302, headers={"Location": "https://evil.example/steal"}, content=b"")


def expired(reply: Reply, standin: Standin) -> Reply:
    standin.valid.clear()
    return Reply({"error": {"code": 401, "message": "expired"}}, 401, page=reply.page)
