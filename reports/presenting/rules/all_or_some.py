"""The working of the rule `all_or_some` in words."""

from __future__ import annotations

from reports.presenting.formulas import condition_in_words
from reports.presenting.operands import Operands, plain
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"met", "conditions"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """How many conditions are met, and which."""
    told = {"condition_met": "✓", "condition_missed": "✗"}
    listed = [
        f"{told[item.name]} {condition_in_words(str(item.value), reader.figures)}"
        for item in working.operands
        if item.name in told
    ]
    return reader.words.say(
        "%(met)s of %(conditions)s conditions met (%(listed)s) scores %(score)s",
        met=plain(operands["met"], reader),
        conditions=plain(operands["conditions"], reader),
        listed=reader.words.listing(listed),
        score=reader.score(working.result),
    )
