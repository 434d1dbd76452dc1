"""Rows below a fact's grain, such as ads of an ad set, before they are added up."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from etl.formats.reading import FileRead, is_added_up
from warehouse.facts import fact_catalog


def refuse_parts_twice(read: FileRead) -> None:
    """Raise `BadFileError` if two rows that would be added up are the same part, such as one ad twice.

    Where the format adds up rows of one key anyway, its totals say so; in a breakdown by a column that the
    format does not read, one part has several rows.
    """
    parts = _parts(read)
    key = _key(read) if parts else []
    columns = [*(read.table[name] for name in key), *(read.rows.column(name) for name in parts)]
    if not parts or _distinct(columns) == len(read.rows):
        return
    index, row = _second(columns)
    said = ", ".join(map(read.rows.header.name, (*key, *parts)))
    raise read.rows.refusal(
        index,
        parts[-1],
        f"one row for each {said}",
        f"a second one for {', '.join(map(str, row))}",
        "export the report again, with the ids of its rows if it has none, and rerun",
    )


def refuse_currencies_mixed(read: FileRead) -> None:
    """Raise `BadFileError` where rows that are added up have amounts in two currencies."""
    if "currency_code" not in read.table.column_names or not is_added_up(read.found):
        return
    columns = [read.table[name] for name in (*_key(read), "currency_code")]
    if _distinct(columns) == _distinct(columns[:-1]):
        return
    first: dict[tuple[object, ...], object] = {}
    for index, (*of, code) in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
        if first.setdefault(tuple(of), code) != code:
            expected = f"{first[tuple(of)]}, as in the other rows that it is added up with"
            raise read.rows.refusal(index, "currency_code", expected, str(code))


def _parts(read: FileRead) -> list[str]:
    form = read.found.format
    if form.fact is None or form.same_key == "add" or read.found.is_broken_down:
        return []
    return [name for name in form.parted_by if read.rows.has(name)]


def _key(read: FileRead) -> list[str]:
    grain = fact_catalog()[str(read.found.format.fact)].grain
    return [name for name in grain if name in read.table.column_names]


def _distinct(columns: Sequence[pa.Array]) -> int:
    """How many different rows there are."""
    names = [str(place) for place in range(len(columns))]
    whole = pa.table(dict(zip(names, columns, strict=True)))
    return int(whole.group_by(names, use_threads=False).aggregate([]).num_rows)


def _second(columns: Sequence[pa.Array]) -> tuple[int, tuple[object, ...]]:
    """The first row that was there before."""
    seen: set[tuple[object, ...]] = set()
    for index, row in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
        if row in seen:
            return index, row
        seen.add(row)
    raise ValueError("all rows are different")
