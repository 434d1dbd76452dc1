"""Weights in percent points: when they sum to 100, and how they are printed so that they still do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from scoring.arithmetic import HUNDRED, ONE, digits_of, round_half_up

MOST_DIGITS = 4
"""A third that a spreadsheet wrote out has 15."""
ALMOST = Decimal("0.000001")


def as_hundred(total: Decimal) -> Decimal:
    """`total`, or 100 where it is almost that: three times 33.3333333333333, as spreadsheets save a third."""
    return HUNDRED if abs(total - HUNDRED) < ALMOST else total


def printed_weights(weights: Sequence[Decimal]) -> list[Decimal]:
    """The weights with as many digits as the finest needs, four at most, adding up to what they are in sum.

    What is cut off goes, one last digit each, to those that lost most by it.
    """
    digits = min(MOST_DIGITS, max(map(digits_of, weights), default=0))
    unit = ONE.scaleb(-digits)
    cut = [weight.quantize(unit, ROUND_FLOOR) for weight in weights]
    left_over = round_half_up(sum(weights, Decimal(0)), digits) - sum(cut, Decimal(0))
    losers = sorted(range(len(cut)), key=lambda place: cut[place] - weights[place])
    for place in losers[: int(left_over / unit)]:
        cut[place] += unit
    return cut
