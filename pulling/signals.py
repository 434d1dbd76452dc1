"""What an answer says of itself: good, wait and ask again, a token that has expired, or an error for good."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pulling.asking import AgainError, Answer, ExpiredError, RefusedByPlatformError
from pulling.paths import every, first, parsed
from pulling.platform import Signal, Signals, WaitHint

_SHOWN = 200
_SECONDS_OF = {"seconds": 1.0, "minutes": 60.0, "epoch": 1.0}
_AN_EPOCH = 1_000_000_000
"""Nobody asks to wait for thirty years: it is a time of day."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_TAG = re.compile(rb"\s*<(!doctype|html|head|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the answers of a platform; `hidden` takes secrets out of what is repeated of them.

    `now` is the time (seconds since 1970) from which is waited where the platform does not say its own.
    """

    signals: Signals
    hidden: Callable[[str], str]
    now: Callable[[], float] = time.time

    def json_of(self, answer: Answer) -> Any:
        """The value of a good answer; raises one of the errors of the wire for any other."""
        value = _value(answer)
        self.refuse_errors(answer, value)
        if value is None:
            raise AgainError(_not_json(answer.content))
        return value

    def content_of(self, answer: Answer) -> bytes:
        """The same for an answer that is a file."""
        self.refuse_errors(answer, _value(answer) if answer.status != 200 else None)
        if _TAG.match(answer.content):
            raise AgainError("a page of HTML")
        return answer.content

    def refuse_errors(self, answer: Answer, value: Any) -> None:
        """Raise what the answer asks for, if it is no good one."""
        said = _said(self, answer, value)
        if self._has_expired(answer, value):
            raise ExpiredError(said)
        if self._is_busy(answer, value):
            raise AgainError(said, _seconds(self.signals, answer, value, self.now()))
        if answer.status != 200 or self._is_bad(value):
            raise RefusedByPlatformError(said)

    def _has_expired(self, answer: Answer, value: Any) -> bool:
        return answer.status == 401 or _any(self.signals.expired, value)

    def _is_busy(self, answer: Answer, value: Any) -> bool:
        return answer.status == 429 or answer.status >= 500 or _any(self.signals.again, value)

    def _is_bad(self, value: Any) -> bool:
        is_good = value is None or all(_is_wholly(each, value) for each in self.signals.good)
        return not is_good or any(_is_something(first(value, path)) for path in self.signals.bad)


def _is_something(value: Any) -> bool:
    return value not in (None, [], {}, "", 0)


def _value(answer: Answer) -> Any:
    with suppress(ValueError):
        return parsed(answer.content)
    return None


def _any(signals: Iterable[Signal], value: Any) -> bool:
    return any(is_said(each, value) for each in signals)


def is_said(signal: Signal, value: Any) -> bool:
    """Whether it stands in an answer."""
    found = [*map(str, every(value, signal.at))]
    return any(each in signal.has for each in found) if signal.has else bool(found)


def _is_wholly(signal: Signal, value: Any) -> bool:
    """Whether it is there, and everywhere one of what it has."""
    found = {*map(str, every(value, signal.at))}
    return bool(found) and found <= {*signal.has}


def _said(judge: Judge, answer: Answer, value: Any) -> str:
    """The status and what the error says of itself, on one line and without a secret."""
    line = judge.hidden(" ".join(_message(judge.signals, value).split()))
    shown = f" ({line[:_SHOWN]})" if line else ""
    return f"HTTP {answer.status}{shown}"


def _message(signals: Signals, value: Any) -> str:
    """The first thing that the error says at one of the paths of messages."""
    texts = (first(value, path) for path in signals.message)
    text = next((each for each in texts if each not in (None, "")), "")
    return text if isinstance(text, str) else json.dumps(text)


def _not_json(content: bytes) -> str:
    if _TAG.match(content):
        return "a page of HTML"
    return "an answer that is no whole JSON" if content else "an empty answer"


def _seconds(signals: Signals, answer: Answer, value: Any, now: float) -> float | None:
    """How long the platform asks to wait."""
    hints = (*signals.wait, WaitHint(header="retry-after"))
    sent_at = next((moment.timestamp() for moment in _times(answer.headers.get("date", ""))), now)
    return next(filter(None, (_hinted(hint, _text(hint, answer, value), sent_at) for hint in hints)), None)


def _hinted(hint: WaitHint, text: str, sent_at: float) -> float | None:
    number = _NUMBER.search(text)
    if number is None or "GMT" in text:
        return next((max(moment.timestamp() - sent_at, 0) for moment in _times(text)), None)
    seconds = float(number[0]) * _SECONDS_OF[hint.unit]
    return _since_1970(seconds, sent_at) if hint.unit == "epoch" or seconds >= _AN_EPOCH else seconds


def _since_1970(said: float, sent_at: float) -> float:
    """The seconds until then; some say thousandths of a second."""
    return max((said / 1000 if said >= _AN_EPOCH * 100 else said) - sent_at, 0)


def _text(hint: WaitHint, answer: Answer, value: Any) -> str:
    text = _whole_text(hint, answer, value)
    if hint.of is None:
        return text
    found = re.search(rf'"{re.escape(hint.of)}"\s*:\s*([0-9.]+)', text)
    return found[1] if found else ""


def _whole_text(hint: WaitHint, answer: Answer, value: Any) -> str:
    """What stands in the header or at the path of the body that a hint names."""
    if hint.header:
        return answer.headers.get(hint.header.lower(), "")
    said = first(value, hint.body or "")
    return "" if said is None else str(said)


def _times(text: str) -> Iterator[datetime]:
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        yield moment.replace(tzinfo=moment.tzinfo or UTC)
