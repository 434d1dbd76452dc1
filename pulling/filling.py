"""What stands for `{start}`, `{entity}` and others in the questions of a platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import chain
from secrets import token_hex
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from etl.account import Account
from pulling.asking import Request
from pulling.platform import Asked, Platform, Token
from pulling.signing import NEEDED
from scoring.period import Period

_NAME = re.compile(r"\{([a-z_]+)\}")
_DAY = timedelta(days=1)
_MINUTE = Fraction(1, 1440)


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one question: from `start` to before `end`; of a single day perhaps only a part of it."""

    start: date
    end: date
    first: Fraction = Fraction(0)
    last: Fraction = Fraction(1)

    def halves(self) -> list[Window]:
        """Its first and its second half; only itself where it is a minute."""
        days = (self.end - self.start).days
        if days > 1:
            return [*_windows(self.start, self.end, days // 2)]
        middle = (self.first + self.last) / 2
        is_shortest = self.last - self.first <= _MINUTE
        return [self] if is_shortest else [replace(self, last=middle), replace(self, first=middle)]

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and when it has ended where the account is."""
        start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (self.start, self.end))
        seconds = (end - start).total_seconds()
        parts = (start + timedelta(seconds=float(seconds * part)) for part in (self.first, self.last))
        first, last = (moment.astimezone(zone) for moment in parts)
        return first, last


def windows(month: Period, today: date, longest: int) -> Iterator[Window]:
    """The days of a month up to today, in windows of at most so many days."""
    return _windows(month.start, min(month.end, today + _DAY), longest)


def _windows(start: date, end: date, longest: int) -> Iterator[Window]:
    while start < end:
        until = min(start + timedelta(days=longest), end)
        yield Window(start, until)
        start = until


def names_of(
    platform: Platform, account: Account, window: Window, given: Mapping[str, str]
) -> dict[str, str]:
    """What each name stands for; `given` are the values of the connection that are no secret."""
    moments = window.moments(ZoneInfo(account.time_zone))
    return {
        **platform.options,
        **{name: given[name] for name in platform.options if name in given},
        "version": version_of(platform),
        "entity": account.entity,
        "currency": account.currency_code or "",
        "digits": re.sub(r"\D", "", account.entity),
        "start": window.start.isoformat(),
        "last": (window.end - _DAY).isoformat(),
        "end": window.end.isoformat(),
        "start_ms": f"{moments[0].timestamp() * 1000:.0f}",
        "end_ms": f"{moments[1].timestamp() * 1000:.0f}",
        "start_s": f"{moments[0].timestamp():.0f}",
        "last_s": f"{moments[1].timestamp() - 1:.0f}",
        "start_time": moments[0].isoformat(),
        "end_time": moments[1].isoformat(),
        "start_utc": _in_utc(moments[0]),
        "end_utc": _in_utc(moments[1]),
        **_written("start", window.start),
        **_written("last", window.end - _DAY),
    }


def version_of(platform: Platform) -> str:
    """The version that is asked; an empty text where there is none."""
    return platform.version.name if platform.version else ""


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _written(name: str, day: date) -> dict[str, str]:
    """The parts of a day, without zeros before them."""
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("year", "month", "day")}


def filled(said: Any, names: Mapping[str, str]) -> Any:
    """A value of the YAML with its names replaced; what is no name of ours stays as it is.

    `{size}` alone is a number, and `{start_parts}` and `{last_parts}` are objects with the parts of a day.
    """
    if isinstance(said, str):
        return _text(said, names)
    if isinstance(said, Mapping):
        return {key: filled(value, names) for key, value in said.items()}
    return [filled(each, names) for each in said] if isinstance(said, list) else said


def _text(said: str, names: Mapping[str, str]) -> object:
    whole = _WHOLE.get(said)
    return whole(names) if whole else _NAME.sub(lambda found: names.get(found[1], found[0]), said)


def _parts(day: str) -> dict[str, int]:
    found = date.fromisoformat(day)
    return {"Day": found.day, "Month": found.month, "Year": found.year}


_WHOLE: Mapping[str, Callable[[Mapping[str, str]], object]] = {
    "{size}": lambda names: int(names["size"]),
    "{start_parts}": lambda names: _parts(names["start"]),
    "{last_parts}": lambda names: _parts(names["last"]),
}


def lacking(said: str, names: Mapping[str, str]) -> list[str]:
    """The names in a text that stand for nothing known."""
    return [name for name in _NAME.findall(said) if name not in names]


def is_signed(token: Token | None, given: Mapping[str, str]) -> bool:
    """Whether the connection has the key of a service account, for a platform that takes those."""
    return token is not None and token.signed is not None and "private_key" in given


def values_needed(platform: Platform, given: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """What a connection must have, by name, that has what is `given`; `token` is its password."""
    names = dict.fromkeys(chain.from_iterable(map(_NAME.findall, _said_to(platform, given))))
    known = {*platform.options, *MADE, "version", *(("token",) if platform.token else ())}
    return [name for name in names if name not in known]


def _said_to(platform: Platform, given: Mapping[str, str]) -> Iterator[str]:
    """The texts of its file that are sent with every question, and to get a token."""
    yield from platform.headers.values()
    yield from platform.sent.values()
    yield _signs(platform)
    if is_signed(platform.token, given):
        yield "{client_email}"
    elif platform.token:
        yield from platform.token.form.values()


def _signs(platform: Platform) -> str:
    """The names of what its questions are signed with."""
    return NEEDED if platform.sign else ""


MADE: Mapping[str, Callable[[], str]] = {
    "now_s": lambda: f"{datetime.now(UTC).timestamp():.0f}",
    "nonce": lambda: token_hex(16),
}
"""What is made anew for each question: the time in seconds since 1970, and a number that nobody else has."""


def values_used(platform: Platform) -> set[str]:
    """What it is asked with by name, which nobody may see; what stands in its questions anybody may."""
    token = platform.token
    said = (platform.headers, platform.headers_if, platform.sent, token.form if token else {})
    texts = [_signs(platform), *(text for each in said for text in each.values())]
    names = {name for text in texts for name in _NAME.findall(text)}
    return (names | {"login", "token", "basic"}) - {*platform.options, *MADE, "version"}


def request_of(asked: Asked, names: Mapping[str, str]) -> Request:
    """The question itself."""
    safe = {name: quote(value, safe="") for name, value in names.items()}
    params = {name: str(value) for name, value in filled(asked.params, names).items()}
    return Request(asked.method, filled(asked.path, safe), params, filled(asked.body, names), asked.plain)


def completed(request: Request, sent: Mapping[str, str], values: Mapping[str, str]) -> Request:
    """The question with what goes out with it and is kept nowhere, such as a token in its body."""
    made = {**values, **{name: make() for name, make in MADE.items()}}
    for place, said in sent.items():
        request = request.putting(place, filled(said, made))
    return request
