"""Numbers inside a sum that can be redone by hand."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.reader import Reader
from scoring.arithmetic import HUNDRED, digits_of
from scoring.okr.result import KeyResultResult
from scoring.scorecard import KpiResult, Scorecard


def precise(result: KpiResult | KeyResultResult, value: Decimal, reader: Reader) -> str:
    """A number of the KPI or key result with enough digits to redo a score."""
    return reader.figures.precise(value, result.unit, result.decimals)


def equals(value: Decimal, digits: int) -> str:
    """`=` where the shown digits are all there is, `≈` where they are not."""
    return "=" if digits_of(value) <= digits else "≈"


def weight_factor(card: Scorecard, reader: Reader) -> str:
    """How the sum of a total goes on where the weights do not add up to 100."""
    if card.total_weight == HUNDRED:
        return ""
    return f" × {reader.figures.exact(card.total_weight, 4)} ÷ 100"


def equals_in_unit(result: KpiResult | KeyResultResult, value: Decimal) -> str:
    """The same for a number as `precise` shows it."""
    return equals(value, result.decimals + 4 + (2 if result.unit == "percent" else 0))
