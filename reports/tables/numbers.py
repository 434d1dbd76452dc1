"""Numbers as a column of decimals holds them."""

from __future__ import annotations

from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, round_half_up

DIGITS = 18
"""How many digits a column has after the point, of 38 that every database and reader of Parquet knows."""
LARGEST = Decimal("1e20")
"""From here on a number does not fit."""


def fitted(value: Decimal) -> Decimal:
    """A number with at most 18 digits after the point, rounded half up."""
    with localcontext(EXACT):
        # quantizing fails where 34 digits do not reach so far down; then there is nothing to round
        return round_half_up(value, DIGITS) if value.adjusted() < EXACT.prec - DIGITS else value
