"""Rows that count without an amount, such as won deals: it is no fault to have none, and easily missed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pyarrow.compute as pc

from etl.formats.columns import count_true, first
from etl.formats.reading import FileRead
from warehouse.facts import fact_catalog


def amountless(read: FileRead) -> Iterator[str]:
    """A sentence for each amount that is missing in rows with the day on which it would count."""
    for day, amount in _pairs():
        if read.rows.has(amount) and day in read.table.column_names:
            yield from _told(read, day, amount)


def _pairs() -> Iterator[tuple[str, str]]:
    """The columns with the day on which an amount counts, where it has one of its own, with each amount."""
    for spec in fact_catalog().values():
        yield from product({spec.converted} - {spec.dated}, spec.amounts)


def _told(read: FileRead, day: str, amount: str) -> Iterator[str]:
    days, amounts = (read.table[name].combine_chunks() for name in (day, amount))
    missing = pc.and_(days.is_valid(), amounts.is_null())
    if bad := count_true(missing):
        name, lines = read.rows.header.name, read.rows.numbers if read.lines is None else read.lines
        yield (
            f"{bad} of {count_true(days.is_valid())} rows with a day for {name(day)} have nothing in "
            f"{name(amount)!r}, such as row {lines[first(missing)]}: they count, and add nothing to {amount}"
        )
