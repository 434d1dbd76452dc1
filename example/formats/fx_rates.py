"""Euro reference rates: units for one euro, newest first, with the last two days before the month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from example.formats.table import table
from example.slices import Slice
from example.truth.rows import QuoteRow

HEADER = ("Date", "USD", "CNY")


def files(part: Slice, quotes: Sequence[QuoteRow]) -> dict[str, bytes]:
    """The month's rates; `quotes` are those of all months."""
    days: dict[date, dict[str, str]] = {}
    for row in quotes:
        if row.date < part.end:
            days.setdefault(row.date, {})[row.currency] = row.quote or "N/A"
    before = [day for day in sorted(days) if day < part.month][-2:]
    shown = [*before, *(day for day in sorted(days) if day >= part.month)]
    lines: list[Sequence[object]] = [HEADER]
    lines += [(day, *(days[day][currency] for currency in HEADER[1:])) for day in reversed(shown)]
    path = f"fx_rates/{part.account.entity}/eurofx_{part.month_text}.csv"
    return {path: table(lines).encode()}
