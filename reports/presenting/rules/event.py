"""The working of the rule `event` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, plain
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"events", "base", "deduction", "floor"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """`100 − 2 × 20 (2 events of 20 points), not below 0: 60.0`."""
    values = {name: plain(operands[name], reader, 4) for name in ("base", "events", "deduction", "floor")}
    return reader.words.count(
        "%(base)s − %(events)s × %(deduction)s (%(number)s event), not below %(floor)s: %(score)s",
        "%(base)s − %(events)s × %(deduction)s (%(number)s events), not below %(floor)s: %(score)s",
        int(operands["events"]),
        **values,
        score=reader.score(working.result),
    )
