"""The inverse of the rules: which attainment does a score need?

No trial and error: every rule over attainments is a formula, so its inverse is one, too. A threshold may be
open: with whole steps, all above a point will do, but not the point itself.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from scoring.arithmetic import EXACT, ONE
from scoring.kpi import Attainment, Direction, Method
from scoring.rules import Rule
from scoring.rules.threshold import Threshold
from scoring.targets.attainment import attain
from scoring.working import Reason


def attainment_for(rule: Rule, score: Decimal) -> Threshold | None:
    """The lowest attainment whose unrounded score is at least `score`.

    None if no attainment reaches it, or the rule is declared unsolvable.
    """
    with localcontext(EXACT):
        solved = rule.solve(score)
    return solved if isinstance(solved, Threshold) else None


def actual_for(
    threshold: Threshold, target: Decimal, direction: Direction, how: Attainment, digits: int
) -> Decimal | None:
    """The nearest actual with `digits` digits that reaches the threshold; None if none does.

    If lower is better it is rounded down, otherwise up: the printed number itself is enough. Where that
    makes it 0, it is enough only if 0 attains so much.
    """
    with localcontext(EXACT):
        exact = _actual(threshold.at, target, direction, how)
        if exact is None:
            return None
        actual = _rounded(exact, threshold, direction, ONE.scaleb(-digits))
        reached = attain(actual, target, direction, how)
        return None if isinstance(reached, Reason) or reached < threshold.at else actual


def _rounded(exact: Decimal, threshold: Threshold, direction: Direction, unit: Decimal) -> Decimal:
    """The nearest number of units that is enough; beyond `exact` where that itself is not."""
    is_up = direction is Direction.HIGHER
    actual = exact.quantize(unit, ROUND_CEILING if is_up else ROUND_FLOOR)
    if threshold.is_open and actual == exact:
        actual += unit if is_up else -unit
    return actual


def _actual(attainment: Decimal, target: Decimal, direction: Direction, how: Attainment) -> Decimal | None:
    """The inverse of `scoring.targets.attainment.attain`."""
    match how.method:
        case Method.BASELINE if how.baseline is not None:
            return how.baseline + attainment * (target - how.baseline)
        case Method.COMPLEMENT if direction is Direction.LOWER:
            return (2 - attainment) * target
    if direction is Direction.HIGHER:
        return attainment * target
    return target / attainment if attainment > 0 else None
