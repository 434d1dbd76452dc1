"""What is done with whole columns of Arrow, and with what is found in them, again and again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

T = TypeVar("T")


def only_one(found: Collection[T]) -> T | None:
    """The only one that was found; None where there is none, or several."""
    return next(iter(found)) if len(found) == 1 else None


def none_of(cells: pa.Array, missing: Iterable[str] = ("",)) -> pa.Array:
    """The cells, null where they are one of `missing`."""
    is_missing = pc.is_in(cells, value_set=pa.array([*missing], pa.string()))
    return pc.if_else(is_missing, pa.scalar(None, pa.string()), cells)


def all_of(value: bool, length: int) -> pa.Array:
    """A mask that says the same of every row."""
    return pa.repeat(pa.scalar(value), length)


def first(cells: pa.Array, value: object = True) -> int:
    """The first place of a value in a column, or where a mask is true; -1 where it is not there."""
    return int(pc.index(cells, pa.scalar(value)).as_py())


def count_true(mask: pa.Array) -> int:
    """In how many places a mask is true."""
    return int(pc.sum(mask, min_count=0).as_py())


def of_each_cell(cells: pa.Array, make: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """What `make` makes of the cells; each different one is looked at once."""
    encoded = pc.dictionary_encode(cells)
    return pc.take(pa.array([*map(make, encoded.dictionary.to_pylist())], kind), encoded.indices)


def distinct_rows(table: pa.Table, names: Sequence[str]) -> int:
    """How many different rows there are in some columns of a table."""
    # other threads are busy: the previous slice is being written to the warehouse
    return int(table.group_by([*names], use_threads=False).aggregate([]).num_rows)


def side_by_side(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Table:
    """A table of columns whose names are no matter."""
    return pa.table([*columns], names=[*map(str, range(len(columns)))])


def rows_in(table: pa.Table, names: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of some columns of a table."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def row_twice(table: pa.Table, names: Sequence[str]) -> tuple[int, tuple[object, ...]] | None:
    """The first row that was there before, by some columns of a table; None where all are different."""
    return None if distinct_rows(table, names) == table.num_rows else _second_row(table, names)


def _second_row(table: pa.Table, names: Sequence[str]) -> tuple[int, tuple[object, ...]]:
    seen: set[tuple[object, ...]] = set()
    for index, row in enumerate(rows_in(table, names)):
        if row in seen:
            return index, row
        seen.add(row)
    raise ValueError("all rows are different")
