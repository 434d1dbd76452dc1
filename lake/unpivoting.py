"""A file's measures, asked for side by side, as rows of `measure_daily`.

Asked for one below the other they would have the files read once for each measure.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa
from sqlglot import exp

from warehouse.asking import Question
from warehouse.owning import team_days
from warehouse.sql_files import WRITTEN_IN, SqlFile

DAY = ("activity_date", "team_id")


@cache
def wide(file: SqlFile) -> Question:
    """The measures of a file by day and team, in a column each."""
    values = (f"cast({name} as decimal(28, 10)) as {name}" for name in file.measures)
    asked = exp.select(*DAY, *values, dialect=WRITTEN_IN).from_("team_days")
    return Question(asked.with_("team_days", team_days(file)))


def measured(table: pa.Table, file: SqlFile) -> pa.Table:
    """The rows of `measure_daily` that an answer to `wide` stands for; what is null has no row."""
    return pa.concat_tables(_of_measure(table, name) for name in file.measures)


def _of_measure(table: pa.Table, name: str) -> pa.Table:
    there = table.filter(table[name].is_valid())
    names = pa.repeat(pa.scalar(name), there.num_rows)
    columns = [*map(there.column, DAY), names, there[name]]
    return pa.table(columns, names=[*DAY, "measure", "value"])
