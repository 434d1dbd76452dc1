"""优秀 15 良好 10 一般 5 差 0: named levels worth points, chosen by an appraiser."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED
from scoring.cells import InCells, numbered, settings_of
from scoring.errors import BookError, UsageError
from scoring.rules.case import Case, Needs, mapping, number, numbers, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Unsolvable
from scoring.working import Operand, Reason, Working

NAME = "qualitative"
MOST_NESTED = 60
"""How deep conditions may stand in each other; a spreadsheet takes 64."""


@dataclass(frozen=True, slots=True)
class Qualitative(Rule):
    """The points of each level; `out_of` points are a score of 100."""

    levels: Mapping[str, Decimal]
    out_of: Decimal
    needs: ClassVar[Needs] = Needs.LEVEL
    parameters: ClassVar[Parameters] = Parameters(fixed=("out_of",))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return EXACT.divide(EXACT.multiply(HUNDRED, max(self.levels.values())), self.out_of)

    def score(self, case: Case) -> Working | Reason:
        """The score; `no_data` if nobody has appraised. Raises `UsageError` for an unknown level."""
        if case.level is None:
            return Reason.NO_DATA
        if case.level not in self.levels:
            raise UsageError(
                f"appraisal: expected one of the levels {', '.join(self.levels)}, found {case.level!r}."
            )
        points = self.levels[case.level]
        operands = (
            Operand("level", case.level),
            Operand("points", points),
            Operand("out_of", self.out_of),
        )
        return Working(NAME, operands, (), EXACT.divide(EXACT.multiply(HUNDRED, points), self.out_of))

    def solve(self, score: Decimal) -> Unsolvable:
        """The score does not depend on an attainment."""
        return Unsolvable("an appraiser chooses the level")

    @property
    def in_cells(self) -> InCells | None:
        """The points of the level, told from all others by case as well."""
        if len(self.levels) > MOST_NESTED:
            return None
        points = "NA()"
        for place in range(len(self.levels), 0, -1):
            points = f"IF(EXACT({{level}},{{level_{place}}}),{{points_{place}}},{points})"
        settings = (
            *numbered("level", [*self.levels]),
            *numbered("points", [*self.levels.values()]),
            *settings_of(out_of=self.out_of),
        )
        return InCells(f"100*{points}/{{out_of}}", settings)

    @property
    def choices(self) -> tuple[str, ...]:
        """The levels, in the order of the book."""
        return tuple(self.levels)


def parse(params: Mapping[str, object]) -> Qualitative:
    """Read `{levels: {name: points, ...}, out_of}`; raises `BookError` unless two levels differ."""
    refuse_unknown(NAME, params, frozenset({"levels", "out_of"}))
    (out_of,) = numbers(NAME, params, "out_of")
    given = mapping(NAME, "levels", params["levels"])
    levels = {name: number(NAME, name, points) for name, points in given.items()}
    if out_of <= 0 or not _tell_apart(levels.values()):
        found = ", ".join(f"{name} {points}" for name, points in levels.items())
        raise BookError(
            f"rule {NAME}: expected out_of above 0 and levels of different points from 0 up, "
            f"found out_of {out_of} and {found}."
        )
    return Qualitative(levels, out_of)


def _tell_apart(points: Collection[Decimal]) -> bool:
    """Whether two levels differ, and none is worth less than nothing."""
    return len(set(points)) > 1 and min(points) >= 0


KIND = Kind(NAME, Qualitative, parse)
