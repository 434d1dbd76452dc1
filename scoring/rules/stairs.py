"""Steps of attainment above and below the target, counted and paid: shared by two rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scoring.arithmetic import EXACT, ONE
from scoring.cells import to_edge
from scoring.errors import BookError
from scoring.rules.case import mapping, numbers, refuse_unknown
from scoring.rules.threshold import Threshold


@dataclass(frozen=True, slots=True)
class Stair:
    """`points` for each step of `per` (a fraction of the target), whole steps or parts of one, too."""

    per: Decimal
    points: Decimal
    is_partial: bool

    def steps(self, distance: Decimal) -> Decimal:
        """How many steps lie in `distance`, a fraction of the target from 0 up."""
        count = EXACT.divide(distance, self.per)
        if self.is_partial:
            return count
        # a quotient that was rounded up to a whole number must not count an extra step
        whole = count.to_integral_value(ROUND_FLOOR)
        return whole - 1 if EXACT.multiply(whole, self.per) > distance else whole

    def worth(self, distance: Decimal) -> Decimal:
        """The points of `distance`."""
        return EXACT.multiply(self.steps(distance), self.points)

    def worth_in_cells(self, distance: str, side: str) -> str:
        """The points of a distance as a formula; its settings are `{side}_per` and `{side}_points`."""
        count = to_edge(f"({distance})/{{{side}_per}}")
        return f"{{{side}_points}}*{count if self.is_partial else f'INT({count})'}"

    def least_above(self, points: Decimal) -> Threshold | None:
        """The lowest attainment above 1 that is worth `points` more; None if no step is worth any."""
        if not self.points:
            return None
        steps = points / self.points
        return Threshold(
            1 + (steps if self.is_partial else steps.to_integral_value(ROUND_CEILING)) * self.per
        )

    def least_below(self, points: Decimal) -> Threshold:
        """The lowest attainment under 1 that costs no more than `points`."""
        if not self.points:
            return Threshold(Decimal(0))
        steps = points / self.points
        if self.is_partial:
            return Threshold(1 - steps * self.per)
        # so many whole steps are still free; the next one is not, so just short of it
        at = 1 - (steps.to_integral_value(ROUND_FLOOR) + 1) * self.per
        return Threshold(at, is_open=True) if at >= 0 else Threshold(Decimal(0))


def distances(attainment: Decimal) -> tuple[Decimal, Decimal]:
    """How far above and how far below the target, as fractions; one of the two is 0."""
    off = EXACT.subtract(attainment, ONE)
    return (max(off, Decimal(0)), max(-off, Decimal(0)))


ABOVE_IN_CELLS, BELOW_IN_CELLS = "{attainment}-1", "1-{attainment}"
"""The distances as formulas."""


def read_stair(rule: str, side: str, value: object, *names: str) -> tuple[Decimal, ...]:
    """The numbers of such as `{per, points}`, in the order of `names`; raises `BookError`.

    The first is the size of a step, which is never 0.
    """
    given = mapping(rule, side, value)
    refuse_unknown(f"{rule}.{side}", given, frozenset(names))
    read = numbers(f"{rule}.{side}", given, *names)
    if read[0] <= 0 or min(read) < 0:
        raise BookError(
            f"rule {rule}.{side}: expected per above 0 and no negative points, found {dict(given)}."
        )
    return read
