"""How far a target was reached, as a fraction: 1 is exactly on target, more is better."""

from __future__ import annotations

from decimal import Decimal

from scoring.arithmetic import EXACT
from scoring.kpi import Direction
from scoring.scorecard import Reason


def attain(actual: Decimal, target: Decimal, direction: Direction) -> Decimal | Reason:
    """`actual / target` where higher is better, `target / actual` where lower is.

    A `Reason` where the quotient is undefined. An actual of 0 or below has no `target / actual`
    that would rank it rightly, so a lower-is-better KPI is then not available rather than wrong.
    """
    if direction is Direction.HIGHER:
        return EXACT.divide(actual, target) if target else Reason.ZERO_DENOMINATOR
    return EXACT.divide(target, actual) if actual > 0 else Reason.ZERO_DENOMINATOR
