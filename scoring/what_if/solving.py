"""The rules asked the other way round: which attainment does a score need?

No trial and error: every rule over attainments is a formula, so its inverse is one, too. A threshold
may be open: with whole steps, all above a point will do, but not the point itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from scoring.arithmetic import EXACT, HUNDRED, ONE
from scoring.kpi import Attainment, Direction, Method
from scoring.rules.bands import Bands
from scoring.rules.base_and_bonus import BaseAndBonus
from scoring.rules.case import Rule
from scoring.rules.piecewise_linear import PiecewiseLinear
from scoring.rules.proportional import Proportional
from scoring.rules.step import Step
from scoring.rules.steps import Stair


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least attainment that will do; where `is_open`, anything above it, but not itself."""

    at: Decimal
    is_open: bool = False


def attainment_for(rule: Rule, score: Decimal) -> Threshold | None:
    """The least attainment whose unrounded score is at least `score`.

    None where no attainment reaches it, and for rules whose score does not rise with attainment.
    """
    solve = _SOLVERS.get(type(rule))
    with localcontext(EXACT):
        return None if solve is None else solve(rule, score)


def actual_for(
    threshold: Threshold, target: Decimal, direction: Direction, how: Attainment, digits: int
) -> Decimal | None:
    """The nearest actual with `digits` digits that reaches the threshold; None where none does.

    Where lower is better it is rounded down, otherwise up: the printed number itself will do.
    """
    with localcontext(EXACT):
        exact = _actual(threshold.at, target, direction, how)
        if exact is None:
            return None
        is_up = direction is Direction.HIGHER
        unit = ONE.scaleb(-digits)
        actual = exact.quantize(unit, ROUND_CEILING if is_up else ROUND_FLOOR)
        if threshold.is_open and actual == exact:
            actual += unit if is_up else -unit
        return actual


def _actual(attainment: Decimal, target: Decimal, direction: Direction, how: Attainment) -> Decimal | None:
    """The inverse of `scoring.targets.attainment.attain`."""
    if how.method is Method.BASELINE and how.baseline is not None:
        return how.baseline + attainment * (target - how.baseline)
    if how.method is Method.COMPLEMENT and direction is Direction.LOWER:
        return (2 - attainment) * target
    if direction is Direction.HIGHER:
        return attainment * target
    return target / attainment if attainment > 0 else None


def _proportional(rule: Proportional, score: Decimal) -> Threshold | None:
    if score > rule.cap:
        return None
    # at or below the floor any attainment will do; 0 is the least that a count can show
    return Threshold(score / HUNDRED if score > rule.floor else Decimal(0))


def _bands(rule: Bands, score: Decimal) -> Threshold | None:
    return next((Threshold(step.start) for step in rule.steps if step.score >= score), None)


def _piecewise_linear(rule: PiecewiseLinear, score: Decimal) -> Threshold | None:
    anchors = rule.anchors
    if score <= anchors[0].score:
        return Threshold(Decimal(0))
    for lower, upper in itertools.pairwise(anchors):
        if score <= upper.score:
            way = (score - lower.score) / (upper.score - lower.score)
            return Threshold(lower.at + way * (upper.at - lower.at))
    return None


def _step(rule: Step, score: Decimal) -> Threshold | None:
    if score > HUNDRED:
        gain = score - HUNDRED
        return None if gain > rule.most_added else _above(rule.above, gain)
    loss = HUNDRED - score
    return Threshold(Decimal(0)) if loss >= rule.most_taken else _below(rule.below, loss)


def _base_and_bonus(rule: BaseAndBonus, score: Decimal) -> Threshold | None:
    points = score * rule.base / HUNDRED
    if points > rule.base:
        return None if points > rule.cap else _above(rule.above, points - rule.base)
    return Threshold(Decimal(0)) if points <= rule.floor else _below(rule.below, rule.base - points)


def _above(stair: Stair, points: Decimal) -> Threshold | None:
    """The least attainment above 1 that is worth `points` more."""
    if not stair.points:
        return None
    steps = points / stair.points
    return Threshold(1 + (steps if stair.is_partial else steps.to_integral_value(ROUND_CEILING)) * stair.per)


def _below(stair: Stair, points: Decimal) -> Threshold:
    """The least attainment under 1 that costs no more than `points`."""
    if not stair.points:
        return Threshold(Decimal(0))
    steps = points / stair.points
    if stair.is_partial:
        return Threshold(1 - steps * stair.per)
    # so many whole steps are still free; the next one is not, so just short of it
    at = 1 - (steps.to_integral_value(ROUND_FLOOR) + 1) * stair.per
    return Threshold(at, is_open=True) if at >= 0 else Threshold(Decimal(0))


_SOLVERS: Mapping[type, Callable[..., Threshold | None]] = {
    Proportional: _proportional,
    Bands: _bands,
    PiecewiseLinear: _piecewise_linear,
    Step: _step,
    BaseAndBonus: _base_and_bonus,
}
