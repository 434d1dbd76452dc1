"""The working of the rule `step` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, plain, unsigned
from reports.presenting.reader import Reader
from reports.presenting.rules._stairs import stairs
from scoring.working import Working

NEEDS = frozenset({"base", "step_size", "step_points", "steps", "most"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """The steps off target, and what held them."""
    most = operands["most"]
    values = {
        "sums": stairs(operands, reader),
        "most": plain(unsigned(most), reader),
        "score": reader.score(working.result),
    }
    if working.applied:
        return reader.words.say("%(sums)s, held at %(most)s points: %(score)s", **values)
    return reader.words.say("%(sums)s: %(score)s", **values)
