"""误差 ≤5% / 5-8% / >8%: scored by how far the actual is off the target, whichever way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED, rises
from scoring.cells import MOST_CHOICES, InCells, chosen, numbered, to_edge
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

    def holds(self, off: Decimal, target: Decimal) -> bool:
        """Whether an actual that is `off` the target lies within it."""
        # compared as products: a quotient could be rounded onto the limit
        return self.up_to is None or off <= EXACT.multiply(self.up_to, abs(target))


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
        held = next(limit for limit in self.limits if limit.holds(off, target))
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

    @property
    def in_cells(self) -> InCells | None:
        """The score of the first limit that the deviation lies within."""
        closed = [limit.up_to for limit in self.limits if limit.up_to is not None]
        if len(closed) >= MOST_CHOICES:
            return None
        off = to_edge("ABS({actual}-{held_against})/ABS({held_against})")
        beyond = "+".join(["1", *(f"({off}>{{up_to_{place}}})" for place in range(1, len(closed) + 1))])
        scores = numbered("worth", [limit.score for limit in self.limits])
        formula = chosen(beyond, [f"{{{score.name}}}" for score in scores])
        return InCells(formula, (*numbered("up_to", closed), *scores))

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
    limits = tuple(map(_limit, rows(NAME, "limits", params["limits"], "{up_to: 0.05, score: 100}")))
    if not _only_the_last_is_open(limits):
        raise BookError(f"rule {NAME}: expected the last limit, and only it, without up_to.")
    if not _begins_on_target(limits):
        raise BookError(f"rule {NAME}: expected a first limit from 0 up that scores 100.")
    if not _is_in_order(limits):
        raise BookError(f"rule {NAME}: expected limits that rise and scores that fall, found otherwise.")
    return Tolerance(limits)


def _only_the_last_is_open(limits: Sequence[Limit]) -> bool:
    *closed, last = (limit.up_to for limit in limits)
    return last is None and None not in closed


def _begins_on_target(limits: Sequence[Limit]) -> bool:
    """Whether there is a first limit beside the open one, from 0 up, and it scores 100."""
    return len(limits) > 1 and limits[0].score == HUNDRED and (limits[0].up_to or 0) >= 0


def _is_in_order(limits: Sequence[Limit]) -> bool:
    scores = [limit.score for limit in limits]
    closed = (limit.up_to for limit in limits if limit.up_to is not None)
    return rises(closed) and scores == sorted(scores, reverse=True)


def _limit(row: Mapping[str, object]) -> Limit:
    refuse_unknown(NAME, row, frozenset({"score"}), frozenset({"up_to"}))
    up_to = number(NAME, "up_to", row["up_to"]) if "up_to" in row else None
    return Limit(up_to, number(NAME, "score", row["score"]))


KIND = Kind(NAME, Tolerance, parse)
