"""The wire: the one module that speaks HTTP. It asks, waits as it is told to, and gives up in time.

Secrets go out in headers, or in the form that a token is asked for with, and nowhere else. An answer is read
as it comes, up to a number of bytes and to a deadline; nothing is followed to another place.
"""

from __future__ import annotations

import json
import logging
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import inf
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import tenacity

from pulling.asking import AgainError, Answer, Clock, GaveUpError, Patience, RefusedByPlatformError, Request
from pulling.certificates import refusal_of
from pulling.deadline import Deadline
from pulling.pacing import Pace

T = TypeVar("T")
_HOST = (
    "see that the connection names the right host and that it can be reached from here, or run again later"
)
_GOES_ON = "run again, which goes on from there"

_WRITTEN: Mapping[bool, tuple[str, Callable[[Mapping[str, str]], str]]] = {
    False: ("application/x-www-form-urlencoded", urlencode),
    True: ("application/json", json.dumps),
}

# a request's line in a log helps nobody, and an address may be long
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the machine trusts; read once, for it takes a moment."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Wire:
    """A platform at `base`, such as https://api.example.com, that is asked with `headers` of its own.

    `elsewhere` are the hosts from which it may hand out files; they are asked without any of its headers.
    Nothing is waited for longer than `until`, a time of its clock.
    """

    base: str
    headers: Callable[[], Mapping[str, str]]
    clock: Clock = field(default_factory=Clock)
    patience: Patience = field(default_factory=Patience)
    elsewhere: tuple[str, ...] = ()
    until: float = inf
    completed: Callable[[Request], Request] = lambda request: request
    """Adds what a platform wants to see in the question itself, such as a token."""
    pace: Pace = field(default_factory=Pace)
    signed: Callable[[str, str], Mapping[str, str]] = lambda method, url: {}
    """More headers, for a method and the whole address: what signs the question."""

    def ask(self, request: Request, judged: Callable[[Answer], T]) -> T:
        """What `judged` makes of the answer; where it raises `AgainError`, the question is asked again.

        Raises `GaveUpError`, and what else `judged` raises.
        """
        return self._patiently(lambda: judged(self._send(request)))

    def _patiently(self, exchange: Callable[[], T]) -> T:
        asking = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(AgainError),
            wait=_wait,
            stop=self._is_enough,
            sleep=self.clock.sleep,
            reraise=True,
        )
        try:
            return asking(exchange)
        except AgainError as error:
            raise self._gave_up(error, asking.statistics["attempt_number"]) from None

    def post_secrets(
        self, url: str, said: Mapping[str, str], judged: Callable[[Answer], T], *, as_json: bool = False
    ) -> T:
        """The same for a form, or JSON, with secrets such as a token is asked for with; without headers."""
        _refuse_unsafe(url)
        mime, written = _WRITTEN[as_json]
        headers = {"Content-Type": mime}
        return self._patiently(lambda: judged(self._exchange("POST", url, headers, written(said).encode())))

    def get_secrets(self, url: str, said: Mapping[str, str], judged: Callable[[Answer], T]) -> T:
        """The same for a platform that wants them in the address."""
        _refuse_unsafe(url)
        return self._patiently(lambda: judged(self._exchange("GET", f"{url}?{urlencode(said)}", {}, None)))

    def _is_enough(self, state: tenacity.RetryCallState) -> bool:
        wait = _wait(state)
        return state.attempt_number >= self.patience.tries or self._is_too_long(wait)

    def _is_too_long(self, wait: float) -> bool:
        return wait > min(self.patience.longest_wait, self.until - self.clock.now())

    def wait(self, seconds: float) -> None:
        """Wait so long; raises `GaveUpError` where there is not that much time."""
        if self.clock.now() + seconds > self.until:
            raise self._out_of_time("no end")
        self.clock.sleep(seconds)

    def _out_of_time(self, found: str) -> GaveUpError:
        minutes = f"{self.patience.slice / 60:.0f} minutes"
        return GaveUpError(f"{found}, and not all of it after {minutes}", _GOES_ON)

    def _gave_up(self, error: AgainError, times: int) -> GaveUpError:
        asked = error.seconds or 0
        if asked > self.patience.longest_wait:
            found = f"{error.found}, and to be asked again only in {asked:,.0f} s"
            return GaveUpError(found, "run again after that time")
        if times < self.patience.tries:
            return self._out_of_time(error.found)
        return GaveUpError(f"{error.found}, {times} times", error.hint)

    def _send(self, request: Request) -> Answer:
        url, is_ours = self._url(request)
        if is_ours:
            self.pace.wait(self.clock.now, self.clock.sleep)
            request = self.completed(request)
            url, _ = self._url(request)
        content = None if request.body is None else json.dumps(request.body).encode()
        own = {**self.headers(), **self.signed(request.method, url)} if is_ours else {}
        return self._exchange(request.method, url, {**_said_of(content), **own}, content)

    def _url(self, request: Request) -> tuple[str, bool]:
        """The whole address, and whether it is the platform's own place; raises where it is a strange one."""
        asked = urlencode(request.params, quote_via=quote, safe=request.plain)
        address = request.address if "://" in request.address else f"{self.base}{request.address}"
        is_ours = _place(address) == _place(self.base)
        if not is_ours and not self._is_known(address):
            raise RefusedByPlatformError(f"an address of another host, {urlsplit(address).hostname}")
        return "?".join(filter(None, (address, asked or request.signed))), is_ours

    def _is_known(self, address: str) -> bool:
        host = urlsplit(address).hostname or ""
        return is_safe(address) and any(host == each or host.endswith(f".{each}") for each in self.elsewhere)

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        now = self.clock.now()
        until = min(now + self.patience.answer, self.until)
        sent = {"Accept-Encoding": "gzip", **headers}
        seconds = self._seconds(until - now)
        try:
            with (
                self._deadline.within(until - now),
                self._client.stream(
                    method, url, headers=sent, content=content, timeout=seconds, extensions=self._traced
                ) as response,
            ):
                return self._read(response, until)
        except httpx.TimeoutException:
            raise AgainError("no answer in time") from None
        except httpx.InvalidURL:
            raise RefusedByPlatformError("an address that is none") from None
        except httpx.ConnectError as error:
            # the host is not said: it is the token where somebody wrote that in its place
            raise refusal_of(error) or AgainError("no connection to its host", hint=_HOST) from None
        except httpx.HTTPError:
            raise (
                self._late() if self._deadline.is_over else AgainError("a connection that broke off")
            ) from None

    def _seconds(self, left: float) -> httpx.Timeout:
        if left <= 0:
            raise self._out_of_time("no answer yet")
        return httpx.Timeout(min(self.patience.read, left), connect=min(self.patience.connect, left))

    @cached_property
    def _deadline(self) -> Deadline:
        return Deadline()

    @property
    def _traced(self) -> dict[str, object]:
        return {"trace": self._deadline.trace}

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(follow_redirects=False, verify=_certificates())

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def _read(self, response: httpx.Response, until: float) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.is_redirect:
            host = urlsplit(headers.get("location", "")).hostname or "another address"
            raise RefusedByPlatformError(f"a redirect to {host}", "correct the host of the connection")
        unpacked = _unpacking(headers.get("content-encoding", "identity"))
        content = bytearray()
        for chunk in response.iter_raw():
            content += unpacked.add(chunk, self.patience.most_bytes - len(content))
            self._refuse_late(until)
        return Answer(response.status_code, headers, bytes(content + unpacked.rest()))

    def _refuse_late(self, until: float) -> None:
        if self.clock.now() > until:
            raise self._late()

    def _late(self) -> AgainError:
        return AgainError(f"an answer that was not there after {self.patience.answer:.0f} s")


def _refuse_unsafe(url: str) -> None:
    if not is_safe(url):
        raise RefusedByPlatformError("an address for tokens that is not https", "correct the connection")


def _said_of(content: bytes | None) -> dict[str, str]:
    return {} if content is None else {"Content-Type": "application/json"}


def _place(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the platform asks for; where it does not say, 1, 2, 4, 8 and 16 seconds."""
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "seconds", None)
    return float(2 ** (state.attempt_number - 1)) if asked is None else float(asked)


class _Plain:
    """Content that is sent as it is."""

    def add(self, chunk: bytes, room: int) -> bytes:
        return _refuse_more(chunk, room)

    def rest(self) -> bytes:
        return b""


class _Gzip:
    """Content that is packed; it is unpacked only as far as there is room for it."""

    def __init__(self) -> None:
        self._packed = zlib.decompressobj(wbits=31)

    def add(self, chunk: bytes, room: int) -> bytes:
        with _as_broken():
            return _refuse_more(self._packed.decompress(chunk, room + 1), room)

    def rest(self) -> bytes:
        if not self._packed.eof:
            raise AgainError("a packed answer that is cut off")
        return b""


@contextmanager
def _as_broken() -> Iterator[None]:
    try:
        yield
    except zlib.error:
        raise AgainError("a packed answer that cannot be unpacked") from None


def _unpacking(encoding: str) -> _Plain | _Gzip:
    if encoding not in ("identity", "gzip"):
        raise RefusedByPlatformError(f"an answer packed as {encoding[:20]!r}")
    return _Gzip() if encoding == "gzip" else _Plain()


def _refuse_more(content: bytes, room: int) -> bytes:
    if len(content) > room:
        raise RefusedByPlatformError(
            "an answer that is too large", "ask for fewer columns, or raise SCOREWRIGHT_MAX_EXPORT_MB"
        )
    return content
