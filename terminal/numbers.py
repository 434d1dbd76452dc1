"""Numbers as the terminal shows them: half-up, with thousands commas."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reports.figures import money_digits
from scoring.arithmetic import digits_of
from scoring.canonical import plain_number
from scoring.kpi import Unit

NOTHING = "–"


def number(value: Decimal | None, decimals: int) -> str:
    """`1,234.5`; a dash if there is none."""
    if value is None:
        return NOTHING
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def rounded(value: Decimal | None, least: int = 1) -> str:
    """A score, a total or a coefficient, rounded as the book says when it was made: with all its digits."""
    return number(value, least if value is None else max(least, digits_of(value)))


def exact(value: Decimal | None) -> str:
    """`1,234.5` with all its digits; a dash if there is none."""
    return NOTHING if value is None else f"{Decimal(plain_number(value)):,f}"


def in_unit(value: Decimal | None, unit: str, decimals: int, currency_code: str = "") -> str:
    """A KPI's number; fractions of `percent` KPIs as percentages, money with the digits of its currency."""
    if unit == Unit.MONEY:
        return number(value, money_digits(currency_code, decimals))
    if value is not None and unit == Unit.PERCENT:
        return f"{number(value * 100, decimals)} %"
    return number(value, decimals)
