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
        exact = rule.furthest(at_least, ends, is_above=actual > ends[1])
        if exact is None:
            return None
        # towards the range, and one unit on where the furthest itself is just not enough
        unit = ONE.scaleb(-digits) * (-1 if actual > ends[1] else 1)
        found = exact.quantize(unit, ROUND_FLOOR if unit < 0 else ROUND_CEILING)
        return next((near for near in (found, found + unit) if _scores(rule, at_least, near, ends)), None)


def _scores(rule: Rule, at_least: Decimal, actual: Decimal, ends: tuple[Decimal, Decimal]) -> bool:
    nearest = min(max(actual, ends[0]), ends[1])
    attainment = attain(actual, nearest, Direction.RANGE)
    if isinstance(attainment, Reason):
        return False
    working = rule.score(Case(Direction.RANGE, actual, nearest, attainment))
    return not isinstance(working, Reason) and working.result >= at_least
