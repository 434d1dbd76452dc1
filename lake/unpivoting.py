"""A file's measures, asked for side by side, as rows of `measure_daily`.

Asked for one below the other they would have the files read once for each measure.
"""

from __future__ import annotations

import pyarrow as pa

from warehouse.sql_files import SqlFile

DAY = ("activity_date", "team_id")


def measured(table: pa.Table, file: SqlFile) -> pa.Table:
    """The rows of `measure_daily` that an answer to `wide` stands for; what is null has no row."""
    return pa.concat_tables(_of_measure(table, name) for name in file.measures)


def _of_measure(table: pa.Table, name: str) -> pa.Table:
    there = table.filter(table[name].is_valid())
    names = pa.repeat(pa.scalar(name), there.num_rows)
    columns = [*map(there.column, DAY), names, there[name]]
    return pa.table(columns, names=[*DAY, "measure", "value"])
