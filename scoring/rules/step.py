"""每低 5% 扣 2 分, 最高扣 10 分; 每高 1% 加 0.5 分: points per step off the target, limited both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED
from scoring.cells import InCells, settings_of
from scoring.rules.case import Case, Needs, flag, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.stairs import ABOVE_IN_CELLS, BELOW_IN_CELLS, Stair, distances, read_stair
from scoring.rules.threshold import Threshold
from scoring.working import Operand, Working

NAME = "step"


@dataclass(frozen=True, slots=True)
class Step(Rule):
    """100 on target; `above` adds at most `most_added`, `below` takes at most `most_taken`."""

    above: Stair
    most_added: Decimal
    below: Stair
    most_taken: Decimal
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(fixed=("base",))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return EXACT.add(HUNDRED, self.most_added if self.above.points else Decimal(0))

    def score(self, case: Case) -> Working:
        """The unrounded score; `applied` says which limit applied."""
        over, under = distances(case.reached())
        if under:
            return self._working(case, self.below, under, self.most_taken, -1)
        return self._working(case, self.above, over, self.most_added, 1)

    def _working(self, case: Case, stair: Stair, distance: Decimal, most: Decimal, sign: int) -> Working:
        worth = stair.worth(distance)
        held = min(worth, most)
        operands = (
            *case.operands(),
            Operand("base", HUNDRED),
            Operand("step_size", stair.per),
            Operand("step_points", sign * stair.points),
            Operand("steps", stair.steps(distance)),
            Operand("most", sign * most),
        )
        return Working(NAME, operands, ("most",) if worth > most else (), EXACT.add(HUNDRED, sign * held))

    def solve(self, score: Decimal) -> Threshold | None:
        """The lowest attainment that scores at least `score`; None if none does."""
        if score > HUNDRED:
            gain = score - HUNDRED
            return None if gain > self.most_added else self.above.least_above(gain)
        loss = HUNDRED - score
        return Threshold(Decimal(0)) if loss >= self.most_taken else self.below.least_below(loss)

    @property
    def in_cells(self) -> InCells:
        """100 and what the steps of either side add or take."""
        taken = f"MIN({{most_taken}},{self.below.worth_in_cells(BELOW_IN_CELLS, 'below')})"
        added = f"MIN({{most_added}},{self.above.worth_in_cells(ABOVE_IN_CELLS, 'above')})"
        settings = settings_of(
            above_per=self.above.per,
            above_points=self.above.points,
            most_added=self.most_added,
            below_per=self.below.per,
            below_points=self.below.points,
            most_taken=self.most_taken,
        )
        return InCells(f"100+IF({{attainment}}<1,-{taken},{added})", settings)


def parse(params: Mapping[str, object]) -> Step:
    """Read `{above: {per, points, at_most}, below: {per, points, at_most}, partial}`; raises `BookError`."""
    refuse_unknown(NAME, params, frozenset({"above", "below", "partial"}))
    is_partial = flag(NAME, "partial", params["partial"])
    per, points, most_added = read_stair(NAME, "above", params["above"], "per", "points", "at_most")
    above = Stair(per, points, is_partial)
    per, points, most_taken = read_stair(NAME, "below", params["below"], "per", "points", "at_most")
    return Step(above, most_added, Stair(per, points, is_partial), most_taken)


KIND = Kind(NAME, Step, parse)
