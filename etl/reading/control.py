"""Control totals: what a file says its rows add up to, held against what was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.reading.cells import ENGLISH, Missing, NumberStyle, amounts
from etl.reading.sheet import Sheet
from etl.sources.base import Control
from scoring.errors import BadFileError

_CUT_OFF = "the file may be cut off or edited; export the report again and rerun"


def control_totals(
    totals: Sheet,
    label: str,
    columns: Mapping[str, pa.Array],
    *,
    missing: Missing,
    style: NumberStyle = ENGLISH,
) -> tuple[Control, ...]:
    """Hold the one row of `totals` against the sum of the values read of each of its `columns`.

    Raises `BadFileError` where the row is not there (a file that was cut off has lost it), or the
    values do not add up to it. A total that is itself missing counts as 0.
    """
    if len(totals) != 1:
        raise BadFileError(
            totals.file,
            expected=f"one row of totals ({label})",
            found=str(len(totals) or "none"),
            hint=_CUT_OFF,
        )
    return tuple(_control(totals, name, values, missing, style) for name, values in columns.items())


def hold(file: str, name: str, declared: Decimal, values: pa.Array, *, row: int, column: str) -> Control:
    """Hold the values against a declared sum; raises `BadFileError` where they differ."""
    computed = Decimal(pc.sum(values).as_py() or 0)
    if computed != declared:
        raise BadFileError(
            file,
            row=row,
            column=column,
            expected=f"the sum of the rows, {_plain(computed)}",
            found=_plain(declared),
            hint=_CUT_OFF,
        )
    return Control(name, declared, computed)


def _control(totals: Sheet, name: str, values: pa.Array, missing: Missing, style: NumberStyle) -> Control:
    declared = amounts(totals, name, missing=missing, style=style)[0].as_py() or Decimal(0)
    return hold(totals.file, name, declared, values, row=totals.rows[0].as_py(), column=name)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
