"""A line through anchors: between two of them the score is proportional."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.arithmetic import EXACT
from scoring.working import Operand


@dataclass(frozen=True, slots=True)
class Anchor:
    """At the value `at` the score is `score`."""

    at: Decimal
    score: Decimal


def score_between(before: Anchor, after: Anchor, at: Decimal) -> Decimal:
    """The unrounded score of a value on the line from one anchor to the next."""
    rise = EXACT.multiply(EXACT.subtract(at, before.at), after.score - before.score)
    return EXACT.add(before.score, EXACT.divide(rise, after.at - before.at))


def anchor_operands(before: Anchor, after: Anchor) -> tuple[Operand, ...]:
    """The two anchors as a working names them."""
    return (
        Operand("anchor_from", before.at),
        Operand("anchor_from_score", before.score),
        Operand("anchor_until", after.at),
        Operand("anchor_until_score", after.score),
    )
