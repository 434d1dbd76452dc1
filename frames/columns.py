"""Typed columns, and a DataFrame made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any

import pandas as pd
import pyarrow as pa

from scoring.arithmetic import EXACT, round_half_up

TEXT = pa.string()
COUNT = pa.int64()
DAY = pa.date32()
MOMENT = pa.timestamp("us", "UTC")
AGREED = pa.decimal128(18, 6)
MEASURED = pa.decimal128(28, 10)
UNROUNDED = pa.decimal128(38, 18)

Columns = Mapping[str, pa.DataType]


def frame(columns: Columns, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """A DataFrame of `columns`, in their order, with `rows`; None is missing.

    A decimal with more digits after the point than its column is rounded half away from zero. Raises
    `pyarrow.ArrowInvalid` for one that is too large.
    """
    listed = list(rows)
    arrays = [_array(kind, [row[at] for row in listed]) for at, kind in enumerate(columns.values())]
    table = pa.Table.from_arrays(arrays, names=list(columns))
    found: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return found


def _array(kind: pa.DataType, values: list[Any]) -> pa.Array:
    if pa.types.is_decimal(kind):
        values = [_rounded(value, kind.scale) for value in values]
    return pa.array(values, kind)


def _rounded(value: Decimal | None, digits: int) -> Decimal | None:
    with localcontext(EXACT):
        return None if value is None else round_half_up(value, digits)
