"""How far a target was reached, as a fraction: 1 is exactly on target, more is better.

Companies do not agree on the formula, least of all if lower is better, so the KPI names its method, and the
card prints it. `complement` is also written 1 - (actual - target) / target.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, ONE
from scoring.cells import InCells, settings_of
from scoring.kpi import Attainment, Direction, Method
from scoring.working import Reason

PLAIN = Attainment()


def attain(
    actual: Decimal, target: Decimal, direction: Direction, how: Attainment = PLAIN
) -> Decimal | Reason:
    """The attainment; a `Reason` if the formula has no value that ranks the actual correctly.

    `quotient`: actual / target where higher is better, target / actual where lower is (an actual of 0 or
    below has none, but `at_zero` where the book says it); where lower is better and the target is 0, 1 if it
    is kept and 0 if not; `complement`: 2 - actual / target, for lower is better; `baseline`: the part of
    the way from the baseline to the target that is done, either direction. Where a range is best, `target` is
    its end that is nearest: actual / target below it, target / actual above.
    """
    with localcontext(EXACT):
        match how.method:
            case Method.BASELINE if how.baseline is not None:
                way = target - how.baseline
                return (actual - how.baseline) / way if way else Reason.ZERO_DENOMINATOR
            case Method.COMPLEMENT if direction is Direction.LOWER:
                return 2 - actual / target if target > 0 else Reason.ZERO_DENOMINATOR
            case _:
                return _quotient(actual, target, direction, how.at_zero)


def attainment_in_cells(direction: Direction, how: Attainment = PLAIN) -> InCells:
    """The same as a formula of a spreadsheet over `{actual}` and `{held_against}`, see `scoring.cells`."""
    if how.method is Method.BASELINE and how.baseline is not None:
        return InCells(
            "({actual}-{baseline})/({held_against}-{baseline})", settings_of(baseline=how.baseline)
        )
    if how.method is Method.COMPLEMENT and direction is Direction.LOWER:
        return InCells("2-{actual}/{held_against}")
    return _quotient_in_cells(direction, how.at_zero)


def _quotient_in_cells(direction: Direction, at_zero: Decimal | None) -> InCells:
    if direction is Direction.HIGHER:
        return InCells("{actual}/{held_against}")
    at_most = "NA()" if at_zero is None else "{at_zero}"
    lower = f"IF({{actual}}>0,{{held_against}}/{{actual}},IF({{held_against}}=0,1,{at_most}))"
    settings = () if at_zero is None else settings_of(at_zero=at_zero)
    if direction is Direction.LOWER:
        return InCells(lower, settings)
    below = "{actual}/{held_against}"
    return InCells(f"IF({{actual}}<={{held_against}},{below},{lower})", settings)


def _quotient(
    actual: Decimal, target: Decimal, direction: Direction, at_zero: Decimal | None
) -> Decimal | Reason:
    is_below_range = direction is Direction.RANGE and actual <= target
    if direction is Direction.HIGHER or is_below_range:
        return actual / target if target > 0 else Reason.ZERO_DENOMINATOR
    if actual > 0:
        return target / actual
    return _at_zero(target, at_zero)


def _at_zero(target: Decimal, at_zero: Decimal | None) -> Decimal | Reason:
    """What 0 or less attains where lower is better: of a target of 0 all there is to attain."""
    if not target:
        return ONE
    return Reason.UNRANKED if at_zero is None else at_zero
