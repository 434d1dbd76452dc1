"""Control totals: what a file says its rows add up to, checked against what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.conformed import Control
from etl.reading.cells import ENGLISH, Missing, NumberStyle, amounts
from etl.reading.sheet import Sheet
from scoring.errors import BadFileError, BadRowError

_CUT_OFF = "the file may be cut off or edited; export the report again and rerun"


def control_totals(
    totals: Sheet,
    label: str,
    columns: Mapping[str, pa.Array],
    *,
    missing: Missing,
    style: NumberStyle = ENGLISH,
) -> tuple[Control, ...]:
    """Check the one row of `totals` against the sum of the values read in each of its `columns`.

    Raises `BadFileError` if the row is missing (as in a file that was cut off), or the values do not add up
    to it. A missing total counts as 0.
    """
    if len(totals) != 1:
        raise BadFileError(
            totals.file,
            expected=f"one row of totals ({label})",
            found=str(len(totals) or "none"),
            hint=_CUT_OFF,
        )
    return tuple(_control(totals, name, values, missing, style) for name, values in columns.items())


def hold(
    file: str,
    name: str,
    declared: Decimal,
    values: pa.Array,
    *,
    row: int,
    column: str,
    apart: Decimal = Decimal(0),
) -> Control:
    """Check the values, with those of the rows set `apart`, against a declared sum.

    Raises `BadFileError` if they differ.
    """
    computed = Decimal(pc.sum(values).as_py() or 0) + apart
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


def sums_by(keys: pa.Array, values: pa.Array) -> dict[str, pa.Array]:
    """For each key the sum of its values, as an array of one; null where none of them is known."""
    # a look at all rows for each key takes minutes where every row has its own
    sums = pa.table({"key": keys, "value": values}).group_by("key", use_threads=False)
    found = sums.aggregate([("value", "sum")])
    total = found["value_sum"].combine_chunks()
    return {key: total.slice(index, 1) for index, key in enumerate(found["key"].to_pylist())}


def sum_apart(
    sheet: Sheet,
    column: str,
    *,
    missing: Missing,
    style: NumberStyle = ENGLISH,
    only: tuple[str, str] | None = None,
) -> Decimal:
    """What the rows set apart add to a total, where they can be read; `only` names a cell they must have."""
    if not sheet.apart.num_rows:
        return Decimal(0)
    rows = sheet.apart if only is None else sheet.apart.filter(pc.equal(sheet.apart.column(only[0]), only[1]))
    found = Decimal(0)
    for index in range(rows.num_rows):
        one = replace(sheet, table=rows.slice(index, 1), rows=pa.array([0]))
        try:
            found += amounts(one, column, missing=missing, style=style)[0].as_py() or 0
        except BadRowError:
            continue  # a cell that cannot be read adds nothing, and the total will say so
    return found


def _control(totals: Sheet, name: str, values: pa.Array, missing: Missing, style: NumberStyle) -> Control:
    try:
        declared = amounts(totals, name, missing=missing, style=style)[0].as_py() or Decimal(0)
    except BadRowError as error:
        # without its total a file cannot be checked: that row is never set apart
        raise BadFileError(
            error.file, row=error.row, column=error.column, expected=error.expected, found=error.found
        ) from None
    apart = sum_apart(totals, name, missing=missing, style=style)
    return hold(totals.file, name, declared, values, row=totals.rows[0].as_py(), column=name, apart=apart)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
