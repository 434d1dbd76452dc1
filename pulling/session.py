"""A session with a platform for one account: its headers and tokens, and questions with what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from etl.account import Account
from pulling.asking import (
    Answer,
    Clock,
    ExpiredError,
    Patience,
    RefusedByPlatformError,
    Request,
)
from pulling.credentials import Credentials
from pulling.filling import MADE, completed, filled, is_signed, lacking, values_needed, version_of
from pulling.journal import Journal
from pulling.pacing import Pace
from pulling.paths import first
from pulling.platform import Platform, Token
from pulling.signals import Judge
from pulling.signing import SENT, escaped, signature_header
from pulling.stopping import Stop
from pulling.tokens import Tokens
from scoring.errors import UsageError

T = TypeVar("T")
_SIGN_IN = "put a new token into the connection and run again"
_SIGNED = (
    "see that the keys and tokens of the connection belong together and that the clock of this machine is "
    "right, and run again"
)
_LOST = (
    "a run that was ended while it asked for a token has likely lost it; sign in again with `scorewright "
    "sources login`, or put a new refresh_token into the connection"
)
_KEY = (
    "see that Google still has this key of the service account and that the clock of this machine is right, "
    "and run again"
)
_RENEWED = 2
"""How often a token is renewed that is refused before it would have ended by itself."""


@dataclass
class Session:
    """What is said between an account and its platform, as long as `patience` lasts."""

    platform: Platform
    account: Account
    credentials: Credentials
    patience: Patience = field(default_factory=Patience)
    clock: Clock = field(default_factory=Clock)
    tokens: Tokens = field(default_factory=Tokens)
    stop: Stop = field(default_factory=Stop)
    pace: Pace = field(default_factory=Pace)
    quota: dict[str, str] = field(default_factory=dict)
    """What the headers of the last answer say is left."""

    def __post_init__(self) -> None:
        # what pulls nothing starts without it
        from pulling.wire import Wire

        base = self.credentials.base or self.platform.url
        until = self.clock.now() + self.patience.slice
        how = (replace(self.clock, sleep=self._sleep), self.patience, self.platform.elsewhere, until)
        self._wire = Wire(base, self._headers, *how, self._completed, self.pace, self._signed)
        self._judge = Judge(self.platform.signals, self.hidden, self.clock.since_1970)
        self._values = {"version": version_of(self.platform), **self.credentials.values}
        self._renewals = 0
        self._refuse_lacking()
        self._hide_signed()

    def _hide_signed(self) -> None:
        """What signed questions are sent with is written otherwise there."""
        for name in SENT if self.platform.sign else ():
            self._secret(escaped(self._values[name]))

    def _sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.stop.refuse()

    def wait(self, seconds: float) -> None:
        """Wait for a report; raises `GaveUpError` where the time of the slice does not last for it."""
        self._wire.wait(seconds)

    def close(self) -> None:
        """End its connections."""
        self._wire.close()

    def json_of(self, request: Request, journal: Journal | None = None) -> Any:
        """The value that a question is answered with; one that is landed today is not asked again."""
        return self._landed(request, self._judge.json_of, journal)

    def content_of(self, request: Request, journal: Journal | None = None) -> bytes:
        """The same for a file."""
        return self._landed(request, self._judge.content_of, journal)

    def _landed(self, request: Request, judged: Callable[[Answer], T], journal: Journal | None) -> T:
        known = journal.answered(request) if journal else None
        if known is not None:
            return judged(Answer(200, {}, known))
        self.stop.refuse()
        value, landed = self._asked(request, self._landing(judged, journal))
        if journal:
            journal.note(request, landed)
        return value

    def _landing(
        self, judged: Callable[[Answer], T], journal: Journal | None
    ) -> Callable[[Answer], tuple[T, str]]:
        def land_and_judge(answer: Answer) -> tuple[T, str]:
            content = self.credentials.secrets.hidden_in(answer.content)
            landed = journal.keep(content) if journal else ""
            self._note_quota(answer)
            return judged(replace(answer, content=content)), landed

        return land_and_judge

    def _note_quota(self, answer: Answer) -> None:
        names = self.platform.signals.quota
        self.quota.update(
            {
                name: self.hidden(answer.headers[name.lower()])
                for name in names
                if name.lower() in answer.headers
            }
        )

    def hidden(self, text: str) -> str:
        """A text without anything of the connection."""
        return self.credentials.secrets.hidden(text)

    def _asked(self, request: Request, judged: Callable[[Answer], T]) -> T:
        """The answer, with a new token where the platform no longer takes the old one."""
        while True:
            try:
                return self._wire.ask(request, judged)
            except ExpiredError as error:
                self._renew(error)

    def _renew(self, error: ExpiredError) -> None:
        how = self.platform.token
        if how is None or self._renewals == _RENEWED:
            raise RefusedByPlatformError(error.found, _SIGNED if self.platform.sign else _SIGN_IN)
        self._renewals += 1
        self._values["token"] = self._new_token(how, self._values.get("token"))

    def _completed(self, request: Request) -> Request:
        """A question with what its platform wants in it and not in a header."""
        return completed(request, self.platform.sent, self._with_token()) if self.platform.sent else request

    def _with_token(self) -> Mapping[str, str]:
        how = self.platform.token
        if how is not None and "token" not in self._values:
            self._values["token"] = self._new_token(how, None)
        return self._values

    def _headers(self) -> Mapping[str, str]:
        values = self._with_token()
        more = {name: said for name, said in self.platform.headers_if.items() if not lacking(said, values)}
        found: Mapping[str, str] = filled({**self.platform.headers, **more}, values)
        _refuse_unsendable(found)
        return found

    def _signed(self, method: str, url: str) -> Mapping[str, str]:
        """What signs a question, where the platform wants that."""
        how = self.platform.sign
        if how is None:
            return {}
        return signature_header(how, method, url, self._values, self.clock.since_1970(), MADE["nonce"]())

    def _new_token(self, how: Token, refused: str | None) -> str:
        """A token for an hour, which somebody else may have got already."""
        get = self.tokens.token if how.refresh is None else self.tokens.next_token
        # what is signed for one scope opens no other, whatever connection it is of
        scope = [how.signed] if how.signed and is_signed(how, self._values) else []
        whose = " ".join([self._connection, *scope])
        token = get(whose, self._given, refused, partial(self._refreshed, how))
        return self._secret(token)

    @property
    def _connection(self) -> str:
        return str(self.account.connection)

    @property
    def _given(self) -> str:
        """The refresh token that stands in the connection."""
        return self.credentials.values.get("refresh_token", "")

    def _refreshed(self, how: Token, refresh: str, was_lost: bool) -> tuple[str, str]:
        """A new token, and the next refresh token if there is one; neither question nor answer is landed."""
        # what needs no token starts without it
        from pulling.granting import form_of

        url, said = self._values.get("token_url", how.url), {**self._values, "refresh_token": refresh}
        self._secret(refresh)
        form = form_of(how, said, url, self.clock.since_1970())
        self._secret(form.get("assertion"))
        try:
            answer = self._answer_to(how, url, form)
        except (ExpiredError, RefusedByPlatformError) as error:
            hint = _KEY if "assertion" in form else _LOST if was_lost else _SIGN_IN
            raise RefusedByPlatformError(error.found, hint) from None
        return self._got(first(answer, how.at)), self._secret(first(answer, how.refresh or "-"))

    def _answer_to(self, how: Token, url: str, form: Mapping[str, str]) -> Any:
        if how.in_address:
            return self._wire.get_secrets(url, form, self._judge.json_of)
        return self._wire.post_secrets(url, form, self._judge.json_of, as_json=how.as_json)

    def _got(self, token: Any) -> str:
        if not isinstance(token, str) or not token:
            raise RefusedByPlatformError("no token", _SIGN_IN)
        return self._secret(token)

    def _secret(self, found: Any) -> str:
        """What was got, which nobody may see."""
        text = str(found or "")
        self.credentials.secrets.add(text)
        return text

    def _refuse_lacking(self) -> None:
        """Raise `UsageError` where the connection lacks a value that the platform needs."""
        has = {**self._values, "refresh_token": self.tokens.refresh_token(self._connection, self._given)}
        missing = [name for name in values_needed(self.platform, has) if not has.get(name)]
        if missing:
            raise UsageError(
                f"{self.account.name}: expected {missing[0]!r} in its connection "
                f"{self.account.connection!r}, found none; add it, see docs/how-to/pull-from-a-platform.md."
            )


def _refuse_unsendable(headers: Mapping[str, str]) -> None:
    """Raise `RefusedByPlatformError` for what a header cannot carry, such as a token with a line break."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise RefusedByPlatformError(
                f"signs in the connection that the header {name} cannot carry",
                "copy the token into it again, whole and on one line",
            )
