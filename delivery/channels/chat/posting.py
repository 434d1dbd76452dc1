"""One POST, in steps small enough to know after each failure whether the other side may have it.

No redirect is followed, an answer is read up to a limit and no longer than a while, and nothing of the
address is logged: it is a secret. So it is the standard library's client, which logs nothing at all.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from delivery.channels.chat.platform import Answer, Webhook
from killpoints import reach

LARGEST_ANSWER = 65_536
_EARLY = (BrokenPipeError, ConnectionResetError)
"""How a server that has answered before it was told everything looks to whoever is still telling."""


class NotPostedError(Exception):
    """The whole request never went out, so nothing can have come of it."""

    def __init__(self, reason: str, *, is_for_good: bool = False) -> None:
        super().__init__(reason)
        self.is_for_good = is_for_good


class NoAnswerError(Exception):
    """The whole request went out, and no answer came back that could be read."""


def post(webhook: Webhook, target: str, body: bytes, *, media_type: str, timeout: float) -> Answer:
    """Post to the host of the webhook; `timeout` in seconds bounds the connecting, and then the answer.

    Raises `NotPostedError` or `NoAnswerError`.
    """
    connection = _connection(webhook, timeout)
    try:
        _connect(connection)
        reach("chat.connected")
        with _within(connection, timeout):
            is_whole = _tell(connection, target, body, media_type)
            reach("chat.sent")
            return _answer(connection, is_whole)
    finally:
        connection.close()


def _connection(webhook: Webhook, timeout: float) -> http.client.HTTPConnection:
    """To the host, or to the proxy that the environment names for it."""
    if not webhook.is_encrypted:
        return http.client.HTTPConnection(webhook.host, webhook.port, timeout=timeout)
    context = ssl.create_default_context()
    proxy = urlsplit("" if proxy_bypass(webhook.host) else getproxies().get("https", ""))
    if proxy.hostname:
        return _through(proxy, webhook, timeout, context)
    return http.client.HTTPSConnection(webhook.host, webhook.port, timeout=timeout, context=context)


def _through(
    proxy: SplitResult, webhook: Webhook, timeout: float, context: ssl.SSLContext
) -> http.client.HTTPConnection:
    """By way of a proxy, which is told the host and nothing else of the address."""
    host, port = str(proxy.hostname), proxy.port or 80
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    connection.set_tunnel(webhook.host, webhook.port, _login(proxy))
    return connection


def _login(proxy: SplitResult) -> dict[str, str]:
    """The header that says who asks the proxy; none where its address does not say."""
    login, at, _ = proxy.netloc.rpartition("@")
    return {"Proxy-Authorization": f"Basic {b64encode(unquote(login).encode()).decode()}"} if at else {}


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_for_good = isinstance(error, ssl.SSLCertVerificationError)
        raise NotPostedError(_reason(error), is_for_good=is_for_good) from None


def _tell(connection: http.client.HTTPConnection, target: str, body: bytes, media_type: str) -> bool:
    """Send the whole request; whether all of it went out, which it does not where it is answered early."""
    try:
        # no `Accept-Encoding`: what comes back is not unpacked
        connection.putrequest("POST", target, skip_accept_encoding=True)
        connection.putheader("Content-Type", media_type)
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body)
    except _EARLY:
        return False
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotPostedError(_reason(error)) from None
    return True


def _answer(connection: http.client.HTTPConnection, is_whole: bool) -> Answer:
    try:
        response = connection.getresponse()
        body = response.read(LARGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = NoAnswerError if is_whole else NotPostedError
        raise kind(_reason(error)) from None
    reach("chat.answered")
    # cut short it could say something else than it does
    said = body if len(body) <= LARGEST_ANSWER else b""
    return Answer(response.status, said, _seconds(response.getheader("Retry-After", "")))


def _seconds(text: str) -> int | None:
    """A number of seconds; None where it is none, or a date."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


@contextmanager
def _within(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the line after that time, however slowly something still drips."""
    timer = threading.Timer(seconds, _cut, (connection.sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if str(error).startswith("Tunnel connection failed"):
        return f"the proxy said no ({''.join(filter(str.isprintable, str(error)[26:60]))})"
    # the words of other errors may repeat what was sent
    return type(error).__name__
