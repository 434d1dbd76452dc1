"""The working of the rule `piecewise_linear` in words."""

from __future__ import annotations

from reports.presenting.operands import Operands, percent, plain
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"attainment", "anchor_from", "anchor_from_score", "anchor_until", "anchor_until_score"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """The two anchors around the attainment, and the way between them."""
    low, high = percent(operands["anchor_from"], reader), percent(operands["anchor_until"], reader)
    values = {
        "low": low,
        "low_score": plain(operands["anchor_from_score"], reader),
        "high": high,
        "high_score": plain(operands["anchor_until_score"], reader),
        "attainment": percent(operands["attainment"], reader),
        "score": reader.score(working.result),
    }
    if low == high:
        return reader.words.say("level beyond the anchor at %(low)s: %(score)s", **values)
    return reader.words.say(
        "%(low_score)s + (%(attainment)s − %(low)s) ÷ (%(high)s − %(low)s) × "
        "(%(high_score)s − %(low_score)s): %(score)s",
        **values,
    )
