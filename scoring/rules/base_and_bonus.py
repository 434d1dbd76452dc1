"""达到计划给 B 分; 每超 1% 加 1 分, C 分为上限; 每低 1% 扣 1 分, 扣完为止: base points, bonus, deduction.

Such tables count in points of their own (a KPI of 50 points, at most 60). `base` points are exactly
on target, so they are a score of 100: score = 100 x points / base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED, held_between
from scoring.cells import InCells, settings_of
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, flag, numbers, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.stairs import ABOVE_IN_CELLS, BELOW_IN_CELLS, Stair, distances, read_stair
from scoring.rules.threshold import Threshold
from scoring.working import Operand, Working

NAME = "base_and_bonus"


@dataclass(frozen=True, slots=True)
class BaseAndBonus(Rule):
    """`base` points at target, more per step above up to `cap`, fewer per step below down to `floor`."""

    base: Decimal
    above: Stair
    cap: Decimal
    below: Stair
    floor: Decimal
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(fixed=("cap", "floor", "base", "out_of"))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return EXACT.divide(EXACT.multiply(HUNDRED, self.cap if self.above.points else self.base), self.base)

    def score(self, case: Case) -> Working:
        """The unrounded score; `applied` says whether the cap or the floor applied."""
        over, under = distances(case.reached())
        stair, distance, sign = (self.below, under, -1) if under else (self.above, over, 1)
        raw = EXACT.add(self.base, sign * stair.worth(distance))
        points, applied = held_between(raw, self.floor, self.cap)
        operands = (
            *case.operands(),
            Operand("base", self.base),
            Operand("step_size", stair.per),
            Operand("step_points", sign * stair.points),
            Operand("steps", stair.steps(distance)),
            Operand("cap", self.cap),
            Operand("floor", self.floor),
            Operand("points", points),
            Operand("out_of", self.base),
        )
        return Working(NAME, operands, applied, EXACT.divide(EXACT.multiply(HUNDRED, points), self.base))

    def solve(self, score: Decimal) -> Threshold | None:
        """The lowest attainment that scores at least `score`; None if none does."""
        points = score * self.base / HUNDRED
        if points > self.base:
            return None if points > self.cap else self.above.least_above(points - self.base)
        if points <= self.floor:
            return Threshold(Decimal(0))
        return self.below.least_below(self.base - points)

    @property
    def in_cells(self) -> InCells:
        """The points of both sides between their limits, as a part of the base."""
        taken = self.below.worth_in_cells(BELOW_IN_CELLS, "below")
        added = self.above.worth_in_cells(ABOVE_IN_CELLS, "above")
        points = f"MIN({{cap}},MAX({{floor}},{{base}}+IF({{attainment}}<1,-{taken},{added})))"
        settings = settings_of(
            base=self.base,
            above_per=self.above.per,
            above_points=self.above.points,
            cap=self.cap,
            below_per=self.below.per,
            below_points=self.below.points,
            floor=self.floor,
        )
        return InCells(f"100*{points}/{{base}}", settings)


def parse(params: Mapping[str, object]) -> BaseAndBonus:
    """Read `{base, above: {per, points}, cap, below: {per, points}, floor, partial}`; raises `BookError`."""
    known = frozenset({"base", "above", "cap", "below", "floor", "partial"})
    refuse_unknown(NAME, params, known)
    base, cap, floor = numbers(NAME, params, "base", "cap", "floor")
    if not 0 <= floor < base <= cap:
        raise BookError(
            f"rule {NAME}: expected 0 <= floor < base <= cap, found floor {floor}, base {base}, cap {cap}."
        )
    is_partial = flag(NAME, "partial", params["partial"])
    stairs = (read_stair(NAME, side, params[side], "per", "points") for side in ("above", "below"))
    above, below = (Stair(per, points, is_partial) for per, points in stairs)
    return BaseAndBonus(base, above, cap, below, floor)


KIND = Kind(NAME, BaseAndBonus, parse)
