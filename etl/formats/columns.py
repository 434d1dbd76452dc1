"""What is done with whole columns of Arrow again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def none_of(cells: pa.Array, missing: Iterable[str] = ("",)) -> pa.Array:
    """The cells, null where they are one of `missing`."""
    is_missing = pc.is_in(cells, value_set=pa.array([*missing], pa.string()))
    return pc.if_else(is_missing, pa.scalar(None, pa.string()), cells)


def all_of(value: bool, length: int) -> pa.Array:
    """A mask that says the same of every row."""
    return pa.repeat(pa.scalar(value), length)


def first(mask: pa.Array, value: bool = True) -> int:
    """The first place where the mask has the value; -1 where it has it nowhere."""
    return int(pc.index(mask, pa.scalar(value)).as_py())


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


def second_row(table: pa.Table, names: Sequence[str]) -> tuple[int, tuple[object, ...]]:
    """The first row that was there before, by some columns of a table; raises `ValueError` without one."""
    seen: set[tuple[object, ...]] = set()
    for index, row in enumerate(zip(*(table[name].to_pylist() for name in names), strict=True)):
        if row in seen:
            return index, row
        seen.add(row)
    raise ValueError("all rows are different")
