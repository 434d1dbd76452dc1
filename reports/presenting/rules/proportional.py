"""The working of the rule `proportional` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, percent, plain
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"attainment", "cap", "floor"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """`100 × 102.6%, rounded: 102.6 (cap 120, floor 0)`."""
    values = {
        "sums": f"100 × {percent(operands['attainment'], reader)}",
        "score": reader.score(working.result),
        "cap": plain(operands["cap"], reader),
        "floor": plain(operands["floor"], reader),
    }
    if "cap" in working.applied:
        return reader.words.say("%(sums)s, held at the cap of %(cap)s: %(score)s", **values)
    if "floor" in working.applied:
        return reader.words.say("%(sums)s, raised to the floor of %(floor)s: %(score)s", **values)
    return reader.words.say("%(sums)s, rounded: %(score)s (cap %(cap)s, floor %(floor)s)", **values)
