"""目标达成 X 分, 80%-100% Y 分, 低于 80% Z 分: a score for each band of attainment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from scoring.arithmetic import ONE, last_reached
from scoring.cells import InCells, looked_up
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, numbers, refuse_unknown, rows
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Threshold
from scoring.working import Operand, Working

NAME = "bands"


@dataclass(frozen=True, slots=True)
class Rung:
    """A band begins at the attainment `start` (a fraction) and lasts until the next one begins."""

    start: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Bands(Rule):
    """Half-open bands, lowest first: an attainment on an edge belongs to the higher band.

    The ends of bands are not stored, so bands cannot have gaps or overlap. Anything below the first band (a
    negative attainment) counts as the first band.
    """

    steps: tuple[Rung, ...]
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(parts=(("band_from", "band_score"),))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.steps[-1].score

    def score(self, case: Case) -> Working:
        """The score of the band that contains the attainment."""
        index = last_reached([step.start for step in self.steps], case.reached())
        step = self.steps[index]
        until: Decimal | str = self.steps[index + 1].start if index + 1 < len(self.steps) else "open"
        band = (
            Operand("band_from", step.start),
            Operand("band_until", until),
            Operand("band_score", step.score),
        )
        return Working(NAME, case.operands() + band, (), step.score)

    def solve(self, score: Decimal) -> Threshold | None:
        """The lowest attainment that scores at least `score`; None if none does."""
        return next((Threshold(step.start) for step in self.steps if step.score >= score), None)

    @property
    def in_cells(self) -> InCells | None:
        """The score of the last band that was reached."""
        return looked_up(
            "{attainment}", [step.start for step in self.steps], [step.score for step in self.steps]
        )


def parse(params: Mapping[str, object]) -> Bands:
    """Read `{bands: [{from, score}, ...]}`, attainments as fractions.

    Raises `BookError` unless they start at 0, rise strictly, score never less for more, and a
    band that begins at 1 exists, so that on target is a step of its own.
    """
    refuse_unknown(NAME, params, frozenset({"bands"}))
    given = rows(NAME, "bands", params["bands"], '{from: "0.8", score: "80"}')
    steps = tuple(map(_step, given))
    if steps[0].start != 0:
        raise BookError(f"rule {NAME}: expected the first band to start at 0, found {steps[0].start}.")
    _check_order(steps)
    if ONE not in {step.start for step in steps}:
        raise BookError(f"rule {NAME}: expected a band that starts at 1 (on target), found none.")
    return Bands(steps)


def _check_order(steps: Sequence[Rung]) -> None:
    for lower, upper in pairwise(steps):
        if upper.start <= lower.start:
            raise BookError(
                f"rule {NAME}: expected bands that rise, found {upper.start} after {lower.start}; sort them."
            )
        if upper.score < lower.score:
            raise BookError(
                f"rule {NAME}: expected no lower score for more attainment, "
                f"found {upper.score} from {upper.start} after {lower.score}."
            )


def _step(row: Mapping[str, object]) -> Rung:
    refuse_unknown(NAME, row, frozenset({"from", "score"}))
    return Rung(*numbers(NAME, row, "from", "score"))


KIND = Kind(NAME, Bands, parse)
