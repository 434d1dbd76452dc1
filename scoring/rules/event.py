"""每发生 1 次违规扣 2 分, 扣完为止: a deduction for each event, down to a floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import HUNDRED, held_between
from scoring.cells import InCells, settings_of
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, numbers, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Unsolvable
from scoring.working import Operand, Reason, Working

NAME = "event"


@dataclass(frozen=True, slots=True)
class Event(Rule):
    """100 without events, `deduction` less for each, not below `floor`."""

    deduction: Decimal
    floor: Decimal
    needs: ClassVar[Needs] = Needs.EVENTS
    parameters: ClassVar[Parameters] = Parameters(fixed=("base", "deduction", "floor"))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return HUNDRED

    def score(self, case: Case) -> Working | Reason:
        """The score; `no_data` if nobody has entered the number of events."""
        if case.events is None:
            return Reason.NO_DATA
        left, applied = held_between(HUNDRED - self.deduction * case.events, self.floor, HUNDRED)
        operands = (
            Operand("events", Decimal(case.events)),
            Operand("base", HUNDRED),
            Operand("deduction", self.deduction),
            Operand("floor", self.floor),
        )
        return Working(NAME, operands, applied, left)

    def solve(self, score: Decimal) -> Unsolvable:
        """The score does not depend on an attainment."""
        return Unsolvable("people count the events")

    @property
    def in_cells(self) -> InCells:
        """100 less the deductions, not below the floor."""
        return InCells(
            "MIN(100,MAX({floor},100-{deduction}*{events}))",
            settings_of(deduction=self.deduction, floor=self.floor),
        )


def parse(params: Mapping[str, object]) -> Event:
    """Read `{deduction, floor}`; raises `BookError` unless deduction > 0 and 0 <= floor < 100."""
    refuse_unknown(NAME, params, frozenset({"deduction", "floor"}))
    deduction, floor = numbers(NAME, params, "deduction", "floor")
    if deduction <= 0 or not 0 <= floor < HUNDRED:
        raise BookError(
            f"rule {NAME}: expected a deduction above 0 and 0 <= floor < 100, "
            f"found deduction {deduction} and floor {floor}."
        )
    return Event(deduction, floor)


KIND = Kind(NAME, Event, parse)
