"""误差 ≤5% / 5-8% / >8%: scored by how far the actual is off the target, whichever way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, number, refuse_unknown, rows
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Unsolvable
from scoring.working import Operand, Working

NAME = "tolerance"


@dataclass(frozen=True, slots=True)
class Limit:
    """A deviation up to and with `up_to` (a fraction of the target) scores `score`; None = any more."""

    up_to: Decimal | None
    score: Decimal


@dataclass(frozen=True, slots=True)
class Tolerance(Rule):
    """Limits, tightest first; the last one is open."""

    limits: tuple[Limit, ...]
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(parts=(("limit", "band_score"),))
    is_two_sided: ClassVar[bool] = True

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.limits[0].score

    def score(self, case: Case) -> Working:
        """The score of the first limit that contains the deviation."""
        actual, target = case.actual, case.target
        if actual is None or not target:
            raise BookError("rule tolerance: expected an actual and a target other than 0, found none.")
        off = abs(EXACT.subtract(actual, target))
        # compared as products: a quotient could be rounded onto the limit
        held = next(
            limit
            for limit in self.limits
            if limit.up_to is None or off <= EXACT.multiply(limit.up_to, abs(target))
        )
        operands = (
            *case.operands(),
            Operand("deviation", EXACT.divide(off, abs(target))),
            Operand("limit", "open" if held.up_to is None else held.up_to),
            Operand("band_score", held.score),
        )
        return Working(NAME, operands, (), held.score)

    def solve(self, score: Decimal) -> Unsolvable:
        """The score does not depend on an attainment."""
        return Unsolvable("too much and too little attain alike, so an attainment has two sides")

    def furthest(self, score: Decimal, ends: tuple[Decimal, Decimal], *, is_above: bool) -> Decimal | None:
        """The end of the widest limit that scores enough; None if only the open one does, or none."""
        enough = [limit.up_to for limit in self.limits if limit.up_to is not None and limit.score >= score]
        if not enough:
            return None
        low, high = ends
        return high * (1 + enough[-1]) if is_above else low * (1 - enough[-1])


def parse(params: Mapping[str, object]) -> Tolerance:
    """Read `{limits: [{up_to, score}, ..., {score}]}`.

    Raises `BookError` unless limits rise, scores fall, the tightest scores 100, and the last is open.
    """
    refuse_unknown(NAME, params, frozenset({"limits"}))
    limits = tuple(_limit(row) for row in rows(NAME, "limits", params["limits"], "{up_to: 0.05, score: 100}"))
    *closed, last = limits
    if last.up_to is not None or any(limit.up_to is None for limit in closed):
        raise BookError(f"rule {NAME}: expected the last limit, and only it, without up_to.")
    if not closed or limits[0].score != HUNDRED or (closed[0].up_to or 0) < 0:
        raise BookError(f"rule {NAME}: expected a first limit from 0 up that scores 100.")
    for tight, wide in pairwise(limits):
        rises = wide.up_to is None or tight.up_to is None or wide.up_to > tight.up_to
        if not rises or wide.score > tight.score:
            raise BookError(f"rule {NAME}: expected limits that rise and scores that fall, found otherwise.")
    return Tolerance(limits)


def _limit(row: Mapping[str, object]) -> Limit:
    refuse_unknown(NAME, row, frozenset({"score"}), frozenset({"up_to"}))
    up_to = number(NAME, "up_to", row["up_to"]) if "up_to" in row else None
    return Limit(up_to, number(NAME, "score", row["score"]))


KIND = Kind(NAME, Tolerance, parse)
