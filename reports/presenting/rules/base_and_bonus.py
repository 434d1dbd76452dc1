"""The working of the rule `base_and_bonus` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, plain
from reports.presenting.reader import Reader
from reports.presenting.rules._stairs import stairs
from scoring.working import Working

NEEDS = frozenset({"base", "step_size", "step_points", "steps", "cap", "floor", "points", "out_of"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """The steps off target in points, and the points as a score."""
    values = {
        "sums": stairs(operands, reader),
        "points": plain(operands["points"], reader),
        "out_of": plain(operands["out_of"], reader),
        "cap": plain(operands["cap"], reader),
        "floor": plain(operands["floor"], reader),
        "score": reader.score(working.result),
    }
    return reader.words.say(
        "%(sums)s = %(points)s points (cap %(cap)s, floor %(floor)s); "
        "%(points)s ÷ %(out_of)s × 100: %(score)s",
        **values,
    )
