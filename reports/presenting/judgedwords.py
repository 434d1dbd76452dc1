"""The workings of what people judge: events, vetoes and levels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.working import Working

Operands = Mapping[str, Decimal | str]

SCOPES = {
    "kpi": msgid("this KPI"),
    "area": msgid("the whole area"),
    "card": msgid("the whole card"),
}


def event_words(operands: Operands, working: Working, reader: Reader) -> str:
    """`100 − 2 × 20 (2 events of 20 points), not below 0: 60.0`."""
    values = {name: _plain(operands[name], reader) for name in ("base", "events", "deduction", "floor")}
    return reader.words.count(
        "%(base)s − %(events)s × %(deduction)s (%(number)s event), not below %(floor)s: %(score)s",
        "%(base)s − %(events)s × %(deduction)s (%(number)s events), not below %(floor)s: %(score)s",
        _count(operands),
        **values,
        score=reader.score(working.result),
    )


def veto_words(operands: Operands, working: Working, reader: Reader) -> str:
    """`1 event: a veto sets the whole card to 0`, or that nothing happened."""
    score = reader.score(working.result)
    if not working.applied:
        return reader.words.say("no event, so no veto: %(score)s", score=score)
    scope = str(operands["scope"])
    return reader.words.count(
        "%(number)s event: a veto sets %(scope)s to %(value)s at most; this KPI scores %(score)s",
        "%(number)s events: a veto sets %(scope)s to %(value)s at most; this KPI scores %(score)s",
        _count(operands),
        scope=reader.words.say(SCOPES[scope]) if scope in SCOPES else scope,
        value=_plain(operands["value"], reader),
        score=score,
    )


def level_words(operands: Operands, working: Working, reader: Reader) -> str:
    """`level “good”: 10 of 15 points; 10 ÷ 15 × 100: 66.7`."""
    return reader.words.say(
        "level “%(level)s”: %(points)s of %(out_of)s points; %(points)s ÷ %(out_of)s × 100: %(score)s",
        level=operands["level"],
        points=_plain(operands["points"], reader),
        out_of=_plain(operands["out_of"], reader),
        score=reader.score(working.result),
    )


def _count(operands: Operands) -> int:
    return int(operands["events"])


def _plain(value: Decimal | str, reader: Reader) -> str:
    return value if isinstance(value, str) else reader.figures.exact(value, 4)
