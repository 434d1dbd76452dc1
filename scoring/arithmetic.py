"""How numbers are computed: one decimal context for all of scoring, one way of rounding.

Inside a score nothing is rounded to a visible digit; 34 significant digits (IEEE 754 decimal128)
keep quotients far from any rounding boundary that a person could see.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from itertools import pairwise

EXACT = Context(prec=34, traps=[DivisionByZero, InvalidOperation, Overflow])

ONE = Decimal(1)
HUNDRED = Decimal(100)


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """`value` with `digits` digits after the point; a half goes away from zero (`-0` becomes `0`)."""
    rounded = value.quantize(ONE.scaleb(-digits), ROUND_HALF_UP, EXACT)
    return rounded if rounded else abs(rounded)


def digits_of(value: Decimal) -> int:
    """How many digits after the point `value` needs: 0 for `100.0`, 2 for `12.25`."""
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rises(values: Iterable[Decimal]) -> bool:
    """Whether each value is greater than the one before it."""
    return all(before < after for before, after in pairwise(values))


def held_between(value: Decimal, floor: Decimal, cap: Decimal) -> tuple[Decimal, tuple[str, ...]]:
    """`value` within its limits, and the name of the limit that applied, if one did."""
    if value > cap:
        return cap, ("cap",)
    if value < floor:
        return floor, ("floor",)
    return value, ()


def last_reached(starts: Sequence[Decimal], value: Decimal) -> int:
    """The place of the last of the rising `starts` that `value` has reached; the first where none."""
    return max(bisect_right(starts, value) - 1, 0)


def weighted_sum(pairs: Iterable[tuple[Decimal, Decimal | int]]) -> Decimal:
    """The sum of the products."""
    return sum((value * weight for value, weight in pairs), Decimal(0))
