"""A line through anchors: red line, target, stretch; between two anchors the score is proportional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from scoring.anchors import Anchor, anchor_operands, score_between
from scoring.arithmetic import HUNDRED, ONE
from scoring.cells import MOST_CHOICES, InCells, chosen, numbered
from scoring.errors import BookError
from scoring.kpi import Direction
from scoring.rules.case import Case, Needs, numbers, refuse_unknown, rows
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Threshold
from scoring.working import Working

NAME = "piecewise_linear"


@dataclass(frozen=True, slots=True)
class PiecewiseLinear(Rule):
    """Anchors at attainments (fractions), lowest first. Before and after them the line is level.

    Of two at the same attainment the second is a jump: it counts from there on.
    """

    anchors: tuple[Anchor, ...]
    needs: ClassVar[Needs] = Needs.TARGET
    parameters: ClassVar[Parameters] = Parameters(parts=(("anchor_from", "anchor_from_score"),))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.anchors[-1].score

    def score(self, case: Case) -> Working:
        """The unrounded score between the two anchors around the attainment."""
        reached = case.reached()
        first, last = self.anchors[0], self.anchors[-1]
        if self._is_short_of(first, reached):
            return self._working(case, first, first, first.score, ("floor",) if reached < first.at else ())
        for lower, upper in pairwise(self.anchors):
            if lower.at < upper.at and self._is_short_of(upper, reached):
                return self._working(case, lower, upper, score_between(lower, upper, reached), ())
        return self._working(case, last, last, last.score, ("cap",))

    def _is_short_of(self, anchor: Anchor, reached: Decimal) -> bool:
        """Whether the line ends by the anchor; one that jumps is left as soon as it is reached."""
        return reached < anchor.at or (reached == anchor.at and anchor not in self._jumping)

    @property
    def _jumping(self) -> tuple[Anchor, ...]:
        """The anchors that another one follows at the same attainment."""
        return tuple(lower for lower, upper in pairwise(self.anchors) if lower.at == upper.at)

    def _working(
        self, case: Case, lower: Anchor, upper: Anchor, score: Decimal, applied: tuple[str, ...]
    ) -> Working:
        return Working(NAME, (*case.operands(), *anchor_operands(lower, upper)), applied, score)

    def solve(self, score: Decimal) -> Threshold | None:
        """The lowest attainment that scores at least `score`; None if none does."""
        anchors = self.anchors
        if score <= anchors[0].score:
            return Threshold(Decimal(0))
        for lower, upper in pairwise(anchors):
            if score <= upper.score:
                way = (score - lower.score) / (upper.score - lower.score)
                return Threshold(lower.at + way * (upper.at - lower.at))
        return None

    @property
    def in_cells(self) -> InCells | None:
        """The piece of the line that the attainment lies on, by how many anchors are behind it."""
        if len(self.anchors) > MOST_CHOICES:
            return None
        behind = (
            f"({{attainment}}{self._passed(anchor)}{{at_{place}}})"
            for place, anchor in enumerate(self.anchors, start=1)
        )
        between = (_piece(place, *pair) for place, pair in enumerate(pairwise(self.anchors), start=1))
        pieces = ["{worth_1}", *between, f"{{worth_{len(self.anchors)}}}"]
        settings = (
            *numbered("at", [anchor.at for anchor in self.anchors]),
            *numbered("worth", [anchor.score for anchor in self.anchors]),
        )
        return InCells(chosen("+".join(["1", *behind]), pieces), settings)

    def _passed(self, anchor: Anchor) -> str:
        """How an attainment is held against an anchor: one that jumps is behind as soon as it is reached."""
        return ">=" if anchor in self._jumping else ">"


def _piece(place: int, lower: Anchor, upper: Anchor) -> str:
    """The line from one anchor to the next; where it jumps, what the jump leads to."""
    if lower.at == upper.at:
        return f"{{worth_{place + 1}}}"
    at, worth, until, then = (f"{{{name}_{n}}}" for n in (place, place + 1) for name in ("at", "worth"))
    return f"{worth}+({{attainment}}-{at})*({then}-{worth})/({until}-{at})"


def parse(params: Mapping[str, object]) -> PiecewiseLinear:
    """Read `{anchors: [{at, score}, ...]}`, attainments as fractions.

    Raises `BookError` unless there are two or more, `at` rises or jumps, scores never fall, and the line goes
    through 100 at an attainment of 1.
    """
    refuse_unknown(NAME, params, frozenset({"anchors"}))
    anchors = tuple(map(_anchor, rows(NAME, "anchors", params["anchors"], "{at: 1, score: 100}")))
    if len(anchors) < 2:
        raise BookError(f"rule {NAME}: expected two anchors or more, found {len(anchors)}.")
    _check_order(anchors)
    rule = PiecewiseLinear(anchors)
    at_target = rule.score(Case(Direction.HIGHER, attainment=ONE)).result
    if at_target != HUNDRED:
        raise BookError(f"rule {NAME}: expected a score of 100 at an attainment of 1, found {at_target}.")
    return rule


def _check_order(anchors: Sequence[Anchor]) -> None:
    for lower, upper in pairwise(anchors):
        if (upper.at, upper.score) <= (lower.at, lower.score) or upper.score < lower.score:
            raise BookError(
                f"rule {NAME}: expected anchors that rise, found {upper.at} ({upper.score}) after "
                f"{lower.at} ({lower.score})."
            )


def _anchor(row: Mapping[str, object]) -> Anchor:
    refuse_unknown(NAME, row, frozenset({"at", "score"}))
    return Anchor(*numbers(NAME, row, "at", "score"))


KIND = Kind(NAME, PiecewiseLinear, parse)
