"""The working of the rule `tolerance` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, percent
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"deviation", "limit"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """How far off target, and the limit that holds it."""
    values = {
        "deviation": percent(operands["deviation"], reader),
        "limit": percent(operands["limit"], reader),
        "score": reader.score(working.result),
    }
    if operands["limit"] == "open":
        return reader.words.say("%(deviation)s off target, beyond every limit, scores %(score)s", **values)
    return reader.words.say("%(deviation)s off target, within %(limit)s, scores %(score)s", **values)
