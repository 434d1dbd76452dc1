"""From columns of a sheet to a fact's rows: checks types, grain and month for every source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.conformed import FileTally
from etl.facts import Column, fact_catalog
from etl.reading.cells import first_true
from etl.reading.lines import with_lines
from etl.reading.sheet import Sheet
from scoring.period import Period


def fact_table(fact: str, sheet: Sheet, columns: Mapping[str, tuple[str, pa.Array]]) -> pa.Table:
    """The rows of `fact`: for each of its columns the sheet's column that it comes from, and the values.

    A last column says in which row of the file each stands.

    Raises `BadFileError` if a required value is missing, or two rows share a grain.
    """
    spec = fact_catalog()[fact]
    table = pa.table(
        {column.name: _values(column, sheet, *columns[column.name]) for column in spec.read_columns}
    )
    key = [name for name in spec.grain if name in table.column_names]
    if key:
        _refuse_doubles(table, key, sheet, {name: columns[name][0] for name in key})
    return with_lines(table, sheet.file, sheet.rows)


def _values(column: Column, sheet: Sheet, origin: str, values: pa.Array) -> pa.Array:
    if not column.nullable and values.null_count:
        raise sheet.unreadable(values.is_null(), origin, f"a value for {column.name}")
    return values.cast(column.type)


def table_of(fact: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """The rows of `fact` from their values by column."""
    columns = fact_catalog()[fact].read_columns
    return pa.table(
        {column.name: pa.array([row[column.name] for row in rows], column.type) for column in columns}
    )


def in_month(values: pa.Array, month: Period) -> pa.Array:
    """Which days lie in `month`."""
    first, end = pa.scalar(month.start, pa.date32()), pa.scalar(month.end, pa.date32())
    return pc.and_(pc.greater_equal(values, first), pc.less(values, end))


def refuse_other_months(
    sheet: Sheet, column: str, values: pa.Array, month: Period, zone: str | None = None
) -> None:
    """Raise `BadFileError` if a row is outside `month`; days are counted in `zone`."""
    outside = first_true(pc.invert(in_month(values, month)))
    if outside is None:
        return
    if zone is None:
        raise sheet.refusal(outside, column, f"a day of {month}")
    raise sheet.refusal(
        outside,
        column,
        f"a time in {month} as {zone} counts its days",
        hint=f"export the month from midnight to midnight in {zone}, or name the zone that the platform "
        "cuts months in as the account's time_zone",
    )


def tally(everything: Sheet, *, used: int, set_aside: int) -> FileTally:
    """Account for the rows of a file: each number is counted independently, so that a lost row shows."""
    return FileTally(
        everything.file, everything.counted, used, set_aside, rows_quarantined=len(everything.left_out)
    )


def _refuse_doubles(table: pa.Table, key: list[str], sheet: Sheet, origins: Mapping[str, str]) -> None:
    # other threads are busy: the previous slice is being written to the warehouse
    counted = table.group_by(key, use_threads=False).aggregate([([], "count_all")])
    if counted.num_rows == table.num_rows:
        return
    seen: set[tuple[object, ...]] = set()
    for index, row in enumerate(zip(*(table.column(name).to_pylist() for name in key), strict=True)):
        if row in seen:
            raise sheet.refusal(
                index,
                origins[key[-1]],
                f"one row for each {', '.join(origins[name] for name in key)}",
                f"a second one for {', '.join(str(value) for value in row)}",
            )
        seen.add(row)
