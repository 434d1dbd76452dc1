"""What a chat platform is to us: how a message is written and signed, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote_plus

from delivery.message import Brief

Payload = dict[str, Any]
"""A message as the platform takes it, in JSON."""


class Verdict(Enum):
    """What an answer says became of the message."""

    TAKEN = "taken"
    LIMITED = "limited"
    """Not taken, because there were too many: to be sent later."""
    BUSY = "busy"
    """Not taken, for a reason that passes."""
    BAD_MESSAGE = "bad message"
    """Not taken, and never will be: this very message is refused."""
    BAD_ADDRESS = "bad address"
    """Not taken until somebody corrects the address, the secret, or the robot itself."""
    UNKNOWN = "unknown"
    """It does not say; the message may be in the group."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `retry_after` is in seconds, None where the answer does not say."""

    status: int
    body: bytes
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """The parts of a group's address; `secret` signs, where that is done. All but the host is secret."""

    host: str
    port: int
    is_encrypted: bool
    path: str = field(repr=False)
    query: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def target(self) -> str:
        """Path and query as they are asked for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every part that nobody may read: the longer pieces of the path, the values of the query."""
        # as they are written and as they are meant: either may be repeated in an answer
        written = [pair.partition("=")[2] for pair in self.query.split("&")]
        parts = (self.secret, *written, *map(unquote_plus, written), *self.path.split("/"))
        return tuple(filter(_is_telling, parts))


def _is_telling(part: str) -> bool:
    """Whether it is long enough to be a secret; a shorter one would be found in common words."""
    return len(part) >= _SHORTEST


_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Signed:
    """A message with its signature: `query` is added to that of the address."""

    payload: Payload
    query: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """How a platform takes a file before a message names it."""

    target: Callable[[Webhook], str]
    message: Callable[[str], Payload]


def unsigned(payload: Payload, webhook: Webhook, now: float) -> Signed:
    """A message to a platform whose address is all the secret there is."""
    return Signed(payload)


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. Its `kind` is the word in the book, in the settings and in the ledger.

    `fits` says whether an address can be one of its groups, `expected` how one looks. `code_of` finds the
    platform's own code in an answer, None where it has none; `meanings` says what the codes mean, any other
    is a refusal. `largest` is the most bytes of a message, `per_minute` how many a group takes, `pause` the
    seconds to wait where it took too many and did not say how long.
    """

    kind: str
    title: str
    expected: str
    fits: Callable[[SplitResult], bool]
    payload: Callable[[Brief], Payload]
    code_of: Callable[[Answer], str | None]
    meanings: Mapping[str, Verdict]
    largest: int
    per_minute: int
    pause: int
    is_signed: bool = False
    sign: Callable[[Payload, Webhook, float], Signed] = unsigned
    upload: Upload | None = None


# a redirect of the kind that says nothing was done; 303 says that something may have been
_MOVED = (301, 302, 307, 308)
_BELIEVED: Mapping[Verdict, range] = {Verdict.TAKEN: range(200, 300), Verdict.BAD_ADDRESS: range(500)}
_BY_STATUS: Mapping[int, Verdict] = {
    408: Verdict.BUSY,
    413: Verdict.BAD_MESSAGE,
    503: Verdict.BUSY,
    **dict.fromkeys(_MOVED, Verdict.BAD_ADDRESS),
}


def verdict_of(platform: Platform, answer: Answer) -> Verdict:
    """What the answer says; never more than that."""
    if answer.status == 429:
        return Verdict.LIMITED
    code = platform.code_of(answer)
    said = None if code is None else platform.meanings.get(code, Verdict.BAD_ADDRESS)
    return said if said is not None and _is_believed(answer.status, said) else _by_status(answer.status)


def _is_believed(status: int, said: Verdict) -> bool:
    """Whether the status lets the code be believed: a yes with an error, or a no with a crash, is neither."""
    return status in _BELIEVED.get(said, range(600))


def _by_status(status: int) -> Verdict:
    is_refusal = 400 <= status < 500
    return _BY_STATUS.get(status, Verdict.BAD_ADDRESS if is_refusal else Verdict.UNKNOWN)


def read_json(answer: Answer) -> dict[str, Any]:
    """The object that an answer is; an empty one where it is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def code_under(key: str) -> Callable[[Answer], str | None]:
    """Finds a platform's code under a key of its JSON."""

    def code_of(answer: Answer) -> str | None:
        code = read_json(answer).get(key)
        return str(code) if type(code) is int else None

    return code_of


_WIDE = str.maketrans("<>[]*`_~\\", "＜＞［］＊｀＿～＼")


def in_markdown(text: str) -> str:
    """A text that Markdown without any way of escaping prints as it is: its signs become wide ones.

    So no name of a team or KPI can call everybody in the group, or hide an address behind other words.
    """
    return text.translate(_WIDE)


def link_in_markdown(brief: Brief) -> list[str]:
    """The line with the link, or none."""
    return [f"[{in_markdown(brief.link[0])}]({brief.link[1]})"] if brief.link else []


def query_of(parts: SplitResult) -> Mapping[str, list[str]]:
    """What the address asks with; a key without a value is none."""
    return parse_qs(parts.query)
