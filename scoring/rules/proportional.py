"""按实际与目标值的比例计分: the score is the attainment, from a floor to a cap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED, held_between
from scoring.cells import InCells, settings_of
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, number, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Threshold
from scoring.working import Operand, Working

NAME = "proportional"
DEFAULTS = {"cap": 120, "floor": 0}
"""What most books agree on: up to a fifth above the target counts."""


@dataclass(frozen=True, slots=True)
class Proportional(Rule):
    """100 x attainment, not above `cap` and not below `floor` (both scores)."""

    cap: Decimal
    floor: Decimal
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(fixed=("cap", "floor"))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.cap

    def score(self, case: Case) -> Working:
        """The unrounded score; `applied` says whether the cap or the floor applied."""
        raw = EXACT.multiply(HUNDRED, case.reached())
        result, applied = held_between(raw, self.floor, self.cap)
        limits = (Operand("cap", self.cap), Operand("floor", self.floor))
        return Working(NAME, case.operands() + limits, applied, result)

    def solve(self, score: Decimal) -> Threshold | None:
        """The lowest attainment that scores at least `score`; None if none does."""
        if score > self.cap:
            return None
        # at or below the floor any attainment is enough; 0 is the lowest that a count can have
        return Threshold(score / HUNDRED if score > self.floor else Decimal(0))

    @property
    def in_cells(self) -> InCells:
        """The attainment between both limits."""
        return InCells(
            "MIN({cap},MAX({floor},100*{attainment}))", settings_of(cap=self.cap, floor=self.floor)
        )


def parse(params: Mapping[str, object]) -> Proportional:
    """Read `{cap, floor}`, 120 and 0 if left out; raises `BookError` unless 0 <= floor < 100 <= cap."""
    refuse_unknown(NAME, params, frozenset(), frozenset(DEFAULTS))
    cap, floor = (number(NAME, name, params.get(name, DEFAULTS[name])) for name in ("cap", "floor"))
    if not 0 <= floor < HUNDRED <= cap:
        raise BookError(
            f"rule {NAME}: expected 0 <= floor < 100 <= cap, so that on target is 100, "
            f"found floor {floor} and cap {cap}."
        )
    return Proportional(cap, floor)


KIND = Kind(NAME, Proportional, parse)
