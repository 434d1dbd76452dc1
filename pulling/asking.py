"""A question and its answer, how long is waited for it, and what can come instead."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any


class AgainError(Exception):
    """An answer that asking again may better; `seconds` is how long the platform asks to wait, if it says,
    and `hint` what helps where it stays.
    """

    def __init__(self, found: str, seconds: float | None = None, hint: str = "run again later") -> None:
        super().__init__(found)
        self.found, self.seconds, self.hint = found, seconds, hint


class RefusedByPlatformError(Exception):
    """An answer that asking again would not better."""

    def __init__(self, found: str, hint: str = "") -> None:
        super().__init__(found)
        self.found, self.hint = found, hint


class ExpiredError(Exception):
    """The platform no longer takes the token."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class GaveUpError(Exception):
    """What was found when it was asked the last time, and what helps."""

    def __init__(self, found: str, hint: str) -> None:
        super().__init__(found)
        self.found, self.hint = found, hint


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that passes, in seconds, how to wait, and seconds since 1970; tests have their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    since_1970: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: seconds for a connection and between two bytes, for an answer, for all of a slice;
    how often a question is asked, and the longest wait that a platform may ask for.
    """

    connect: float = 10.0
    read: float = 60.0
    answer: float = 180.0
    slice: float = 3600.0
    tries: int = 6
    longest_wait: float = 300.0
    most_bytes: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, without any secret. `address` is a path of the platform, or a whole one elsewhere.

    `plain` are the signs that its parameters keep as they are; `signed` is the query of a file's address,
    which opens it like a token and is not said.
    """

    method: str
    address: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    plain: str = ""
    signed: str = field(default="", repr=False)

    @property
    def said(self) -> dict[str, Any]:
        """Its description, as it is kept beside the answer."""
        asked = {"method": self.method, "address": self.address, "params": dict(self.params)}
        return {**asked, "body": self.body}

    @property
    def key(self) -> str:
        """A hash over all that it asks."""
        return sha256(json.dumps(self.said, sort_keys=True).encode()).hexdigest()

    def putting(self, place: str, value: object) -> Request:
        """The same with a value at `params.NAME`, or at a path in the body such as `body.variables.after`."""
        part, _, name = place.partition(".")
        if part == "params":
            return replace(self, params={**self.params, name: str(value)})
        return replace(self, body=_put(self.body or {}, name.split("."), value))


def _put(body: Mapping[str, Any], keys: list[str], value: object) -> dict[str, Any]:
    first, *rest = keys
    return {**body, first: _put(body.get(first) or {}, rest, value) if rest else value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in small letters, and the content is unpacked."""

    status: int
    headers: Mapping[str, str]
    content: bytes
