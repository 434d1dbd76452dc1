"""The working of the rule `qualitative` in words."""

from __future__ import annotations

from reports.presenting.levels import level_name
from reports.presenting.operands import Operands, plain
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"level", "points", "out_of"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """`level “good”: 10 of 15 points; 10 ÷ 15 × 100: 66.7`."""
    return reader.words.say(
        "level “%(level)s”: %(points)s of %(out_of)s points; %(points)s ÷ %(out_of)s × 100: %(score)s",
        level=level_name(operands["level"], reader),
        points=plain(operands["points"], reader, 4),
        out_of=plain(operands["out_of"], reader, 4),
        score=reader.score(working.result),
    )
