"""What a chat platform is to us: how a message is written and signed, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import SplitResult, parse_qs

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
        values = (value for found in parse_qs(self.query).values() for value in found)
        return tuple(part for part in (self.secret, *values, *self.path.split("/")) if len(part) >= _SHORTEST)


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
    said = platform.meanings.get(code or "", Verdict.BAD_ADDRESS) if code else None
    if said in (Verdict.TAKEN, Verdict.BAD_ADDRESS) and not _is_its_own(answer.status, said):
        said = None
    return said or _by_status(answer.status)


def _is_its_own(status: int, said: Verdict) -> bool:
    """Whether the status lets the code be believed: a yes with an error, or a no with a crash, is neither."""
    return 200 <= status < 300 if said is Verdict.TAKEN else status < 500


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


def query_of(parts: SplitResult) -> Mapping[str, list[str]]:
    """What the address asks with; a key without a value is none."""
    return parse_qs(parts.query)
