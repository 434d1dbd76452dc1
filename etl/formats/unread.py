"""The columns of a file that no field of its format reads, which may say what its rows are after all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import distinct_rows
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from etl.reading.days import MONTH_FIRST, Moment, moments_in
from etl.reading.styles import matches
from scoring.period import Period

_NUMBERS = r"[-+$€£¥0-9.,%() ]*"


def unread_columns(found: Recognised, rows: Rows) -> list[tuple[str, pa.Array]]:
    """Their names, and their cells in these rows."""
    header = found.header
    known = set(chain.from_iterable(header.places.values()))
    places = {place: name for place, name in enumerate(header.record.cells) if name and place not in known}
    if not places:
        return []
    body = found.candidate.table.body(header.record, [*places])
    is_here = pc.is_in(body.rows, value_set=rows.numbers)
    return [
        (name, pc.utf8_trim_whitespace(pc.fill_null(body.columns[place], "")).filter(is_here))
        for place, name in places.items()
    ]


def telling_apart(found: Recognised, rows: Rows, doubles: pa.Array) -> Iterator[str]:
    """The names of those with words that differ in the rows that are `doubles` of one another."""
    for name, cells in unread_columns(found, rows):
        some = cells.filter(doubles)
        if not matches(some, _NUMBERS) and len(pc.unique(some)) > 1:
            yield name


def days_apart(found: Recognised, rows: Rows, keys: pa.Table, month: Period) -> Iterator[str]:
    """The names of those with days, mostly of the month, that differ in rows with the same keys."""
    for name, cells in unread_columns(found, rows):
        if _has_days_of(cells, month):
            with_days = keys.append_column("", cells)
            if distinct_rows(with_days, with_days.column_names) > distinct_rows(keys, keys.column_names):
                yield name


def _has_days_of(cells: pa.Array, month: Period) -> bool:
    texts = [*filter(None, pc.unique(cells).to_pylist())]
    if not moments_in(texts[:1]):  # most columns have no days, as their first cell tells
        return False
    moments = moments_in(texts)
    inside = [each for each in moments if _may_be_in(each, month)]
    return len(moments) == len(texts) and 2 * len(inside) >= len(moments)


def _may_be_in(each: Moment, month: Period) -> bool:
    numbers = {each.first} if each.order == MONTH_FIRST else {each.first, each.second}
    return each.year == month.start.year and month.start.month in numbers
