"""Which actual scores enough if a range is best: it can be on either side."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from scoring.arithmetic import EXACT, ONE
from scoring.kpi import Direction
from scoring.rules import Case, Rule
from scoring.targets.attainment import attain
from scoring.working import Reason


def actual_in_range(
    rule: Rule, at_least: Decimal, actual: Decimal, ends: tuple[Decimal, Decimal], digits: int
) -> Decimal | None:
    """The actual with `digits` digits, on the side where it is now, that scores at least `at_least`.

    None if none does. Below the range it is rounded up, above it down, so the printed number itself is
    enough; within the range nothing can be better.
    """
    with localcontext(EXACT):
        if _scores(rule, at_least, actual, ends):
            return actual
        is_above = actual > ends[1]
        exact = rule.furthest(at_least, ends, is_above=is_above)
        if exact is None:
            return None
        nearer = _towards_range(exact, ONE.scaleb(-digits), is_above=is_above)
        return next((near for near in nearer if _scores(rule, at_least, near, ends)), None)


def _towards_range(exact: Decimal, unit: Decimal, *, is_above: bool) -> tuple[Decimal, Decimal]:
    """The next number of whole units, and the one after, where the furthest itself is just not enough."""
    if is_above:
        below = exact.quantize(unit, ROUND_FLOOR)
        return below, below - unit
    above = exact.quantize(unit, ROUND_CEILING)
    return above, above + unit


def _scores(rule: Rule, at_least: Decimal, actual: Decimal, ends: tuple[Decimal, Decimal]) -> bool:
    nearest = min(max(actual, ends[0]), ends[1])
    attainment = attain(actual, nearest, Direction.RANGE)
    if isinstance(attainment, Reason):
        return False
    working = rule.score(Case(Direction.RANGE, actual, nearest, attainment))
    return not isinstance(working, Reason) and working.result >= at_least
