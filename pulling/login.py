"""Signing in once: a person agrees in a browser that leads back to this machine, or on another device.

The way back is that of RFC 8252 and 7636: an address of this machine, a `state` that only this sign-in knows,
and a code that is worth nothing to whoever has not its verifier.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pulling.asking import Answer, Clock, ExpiredError, GaveUpError, RefusedByPlatformError
from pulling.credentials import Credentials
from pulling.filling import filled
from pulling.paths import first
from pulling.platform import Login, Platform, Token
from pulling.signals import Judge
from pulling.wire import Wire
from scoring.errors import DataError, UsageError

SECONDS = 600.0
"""So long a person has to agree."""
_BEARS = "urn:ietf:params:oauth:grant-type:device_code"
_AGAIN = "sign in again"
Say = Callable[[str], None]


@dataclass(frozen=True)
class SignIn:
    """One sign-in with a platform, with the client that the connection names."""

    platform: Platform
    credentials: Credentials
    say: Say
    clock: Clock = field(default_factory=Clock)
    seconds: float = SECONDS

    def tokens(self, *, on_device: bool = False) -> tuple[str, str]:
        """The token that stays and one for an hour, once a person has agreed.

        Raises `UsageError` where the platform or the connection lacks what it takes, and `DataError` where
        nobody agrees or the platform refuses.
        """
        how, login = self._means()
        agree = self._on_device if on_device or not login.url else self._here
        try:
            answer = agree(how, login)
        except (GaveUpError, RefusedByPlatformError, ExpiredError) as error:
            found, hint = self._hidden(error.found), getattr(error, "hint", "") or _AGAIN
            raise self._refused(found, hint) from None
        return self._both(answer, how, login)

    def _both(self, answer: Any, how: Token, login: Login) -> tuple[str, str]:
        """The two tokens of an answer; raises `DataError` where one is missing."""
        got = [first(answer, path) for path in (login.refresh, how.at)]
        if not all(isinstance(each, str) and each for each in got):
            raise self._refused(
                "none in its answer", "see what `login` of the platform asks for, such as the scope"
            )
        return got[0], got[1]

    def _refused(self, found: str, hint: str) -> DataError:
        return DataError(f"{self.platform.title}: expected a token that stays, found {found}; {hint}.")

    def _means(self) -> tuple[Token, Login]:
        how, login = self.platform.token, self.platform.login
        if how is None or login is None:
            raise UsageError(
                f"{self.platform.title}: expected a platform that a person signs in with, "
                "found none of `login` in its file; get a token on its own pages and put it into the "
                "connection, see docs/how-to/pull-from-a-platform.md."
            )
        if not self._value("client_id"):
            raise UsageError(
                f"{self.platform.title}: expected 'client_id' in the connection, found none; enter a "
                "client with the platform and add it."
            )
        return how, login

    def _value(self, name: str) -> str:
        return self.credentials.values.get(name, "")

    def _hidden(self, text: str) -> str:
        return self.credentials.secrets.hidden(text)

    def _asked(self, url: str, said: Mapping[str, str], *, as_json: bool = False) -> Any:
        wire = Wire(url, dict, self.clock)
        try:
            return wire.post_secrets(url, said, self._judged, as_json=as_json)
        finally:
            wire.close()

    def _judged(self, answer: Answer) -> Any:
        """Errors of OAuth say in the body what they are, whatever the platform's other errors look like."""
        return Judge(self.platform.signals.model_copy(update={"message": _MESSAGES}), self._hidden).json_of(
            answer
        )

    def _here(self, how: Token, login: Login) -> Any:
        """In a browser of this machine, which is led back to it."""
        verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
        with _Back(("127.0.0.1", login.port), login.path, state) as back:
            asked = {
                "response_type": "code",
                "client_id": self._value("client_id"),
                "redirect_uri": back.address,
                "state": state,
                "code_challenge": _challenge(verifier),
                "code_challenge_method": "S256",
            }
            self.say(
                "Open this address in a browser of this machine and agree within "
                f"{self.seconds / 60:.0f} minutes:"
            )
            self.say(f"{login.url}?{urlencode({**login.params, **asked})}")
            code = back.code(self.clock, self.seconds)
        self.credentials.secrets.add(code)
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": back.address}
        said = {**said, "code_verifier": verifier, **self._client(login)}
        return self._asked(self._url(how), said, as_json=how.as_json)

    def _url(self, how: Token) -> str:
        return self._value("token_url") or how.url

    def _client(self, login: Login) -> Mapping[str, str]:
        return {"client_id": self._value("client_id"), **filled(login.form, self.credentials.values)}

    def _on_device(self, how: Token, login: Login) -> Any:
        """With a code that is typed in on another device."""
        if login.device is None:
            raise RefusedByPlatformError("no sign-in on another device", "leave out --device")
        client = self._client(login)
        given = self._asked(self._value("device_url") or login.device, {**login.params, **client})
        code = str(first(given, "device_code") or "")
        self.credentials.secrets.add(code)
        self._tell_device(given)
        said = {"grant_type": _BEARS, "device_code": code, **client}
        return self._agreed(self._url(how), said, float(first(given, "interval") or 5))

    def _tell_device(self, given: Any) -> None:
        address = first(given, "verification_uri") or first(given, "verification_url")
        self.say(f"Open {address} on any device")
        self.say(f"and type in {first(given, 'user_code')} within {self.seconds / 60:.0f} minutes.")

    def _agreed(self, url: str, said: Mapping[str, str], interval: float) -> Any:
        until = self.clock.now() + self.seconds
        while self.clock.now() < until:
            self.clock.sleep(interval)
            try:
                return self._asked(url, said)
            except RefusedByPlatformError as error:
                interval += _longer(error)
        raise GaveUpError("nobody who agreed in time", _AGAIN)


_MESSAGES = ("error", "error_description")


def _longer(error: RefusedByPlatformError) -> float:
    """By how many seconds the next question waits longer; raises where nobody can agree any more."""
    if "slow_down" in error.found:
        return 5.0
    if "authorization_pending" in error.found:
        return 0.0
    raise error


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class _Back(HTTPServer):
    """Waits for a browser to come back with a code for this sign-in; whoever else comes is sent away."""

    def __init__(self, place: tuple[str, int], path: str, state: str) -> None:
        super().__init__(place, _Handler)
        self.path, self.state = path, state
        self.said: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """To which the browser is led back."""
        return f"http://127.0.0.1:{self.server_port}{self.path}"

    def code(self, clock: Clock, seconds: float) -> str:
        """The code that it brings; raises `RefusedByPlatformError` and `GaveUpError`."""
        until = clock.now() + seconds
        while self.said is None:
            self.timeout = until - clock.now()
            if self.timeout <= 0:
                raise GaveUpError("nobody who agreed in time", _AGAIN)
            self.handle_request()
        if not self.said.get("code"):
            raise RefusedByPlatformError(f"{self.said.get('error', 'no code')[:80]}", _AGAIN)
        return self.said["code"]

    def take(self, address: str) -> bool:
        """Whether what was asked for is the way back of this sign-in."""
        parts = urlsplit(address)
        said = dict(parse_qsl(parts.query))
        is_ours = parts.path == self.path and secrets.compare_digest(
            said.get("state", "").encode(), self.state.encode()
        )
        self.said = said if is_ours else self.said
        return is_ours


class _Handler(BaseHTTPRequestHandler):
    server: _Back
    timeout = 10

    def log_message(self, *_: object) -> None:
        """The address has the code in it."""

    def do_GET(self) -> None:
        is_ours = self.server.take(self.path)
        text = (
            "This window can be closed now."
            if is_ours
            else "This is no answer to the sign-in that waits here."
        )
        content = f"<!DOCTYPE html><title>Scorewright</title><p>{escape(text)}</p>".encode()
        self.send_response(200 if is_ours else 400)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
