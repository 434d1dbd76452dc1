"""The columns of a file that no field of its format reads, which may say what its rows are after all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import distinct_rows
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from etl.reading.days import MONTH_FIRST, Moment, moments_of_column
from etl.reading.styles import matches
from scoring.period import Period

_NUMBERS = r"[-+$€£¥0-9.,%() ]*"


def unread_columns(found: Recognised, rows: Rows) -> list[tuple[str, pa.Array]]:
    """Their names, and their cells in these rows."""
    names = unread_names(found)
    return [*_cells_of(found, rows, names)] if names else []


def unread_names(found: Recognised) -> dict[int, str]:
    """The columns that have a name and no field, by their places."""
    known = set(chain.from_iterable(found.header.places.values()))
    cells = enumerate(found.header.record.cells)
    return {place: name for place, name in cells if name and place not in known}


def _cells_of(found: Recognised, rows: Rows, names: Mapping[int, str]) -> Iterator[tuple[str, pa.Array]]:
    body = found.candidate.table.body(found.header.record, [*names])
    is_here = pc.is_in(body.rows, value_set=rows.numbers)
    for place, name in names.items():
        yield name, pc.utf8_trim_whitespace(pc.fill_null(body.columns[place], "")).filter(is_here)


def telling_apart(found: Recognised, rows: Rows, doubles: pa.Array) -> Iterator[str]:
    """The names of those with words that differ in the rows that are `doubles` of one another."""
    for name, cells in unread_columns(found, rows):
        some = cells.filter(doubles)
        if not matches(some, _NUMBERS) and len(pc.unique(some)) > 1:
            yield name


def days_apart(found: Recognised, rows: Rows, keys: pa.Table, month: Period) -> Iterator[str]:
    """The names of those with days, mostly of the month, that differ in rows with the same keys."""
    for name, cells in unread_columns(found, rows):
        if _has_days_of(cells, month) and _tells_rows_apart(cells, keys):
            yield name


def _tells_rows_apart(cells: pa.Array, keys: pa.Table) -> bool:
    with_cells = keys.append_column("", cells)
    return distinct_rows(with_cells, with_cells.column_names) > distinct_rows(keys, keys.column_names)


def _has_days_of(cells: pa.Array, month: Period) -> bool:
    texts = [*filter(None, pc.unique(cells).to_pylist())]
    moments = moments_of_column(texts)
    inside = [*filter(partial(_may_be_in, month), moments)]
    return 0 < len(moments) == len(texts) and 2 * len(inside) >= len(moments)


def _may_be_in(month: Period, each: Moment) -> bool:
    numbers = {each.first} if each.order == MONTH_FIRST else {each.first, each.second}
    return each.year == month.start.year and month.start.month in numbers
