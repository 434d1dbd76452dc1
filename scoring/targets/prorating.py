"""What differs within a period, averaged by days, with its working."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.arithmetic import weighted_sum
from scoring.working import Operand, Working

ByDays = Sequence[tuple[Decimal, int]]
"""Values, each with the number of days that it counts for."""


def mean_by_days(values: ByDays) -> Decimal:
    """The mean over the days of all values, unrounded."""
    return weighted_sum(values) / sum(days for _, days in values)


def prorate_working(name: str, values: ByDays, of_days: int, result: Decimal) -> Working:
    """How `result` came about: each value under its name, its days, and of how many."""
    operands = (
        Operand(*named) for value, days in values for named in ((name, value), ("days", Decimal(days)))
    )
    return Working("prorate", (*operands, Operand("of_days", Decimal(of_days))), (), result)
