"""Separated text, as all exports are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Rows = Iterable[Sequence[object]]


def table(rows: Rows, *, separator: str = ",", end: str = "\n", quote_all: bool = False) -> str:
    """The rows as text, cells quoted where they must be."""
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=separator,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return text.getvalue()


def total(values: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that are there, with two digits."""
    return sum((value for value in values if value is not None), Decimal("0.00"))


def count(values: Iterable[int | None]) -> int:
    """The sum of the counts that are there."""
    return sum(value for value in values if value is not None)


def ratio(numerator: Decimal | int | None, denominator: Decimal | int | None, scale: int = 1) -> str | None:
    """`scale` times the quotient with two digits, or None where there is none."""
    if numerator is None or not denominator:
        return None
    return f"{float(numerator) / float(denominator) * scale:.2f}"
