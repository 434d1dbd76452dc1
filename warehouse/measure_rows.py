"""The measures of a file by day and team as rows of `measure_daily`, one for each measure."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from warehouse.asking import Question
from warehouse.owning import team_days
from warehouse.sql_files import WRITTEN_IN, SqlFile, put


@cache
def insertion(file: SqlFile) -> Question:
    """The file's measures by day and team, turned into rows of `measure_daily`; what is null has no row."""
    return Question(_with_rows(file, "insert into measure_daily"))


@cache
def selection(file: SqlFile) -> Question:
    """The same rows, to be looked at alone."""
    return Question(_with_rows(file, ""))


def _with_rows(file: SqlFile, into: str) -> exp.Expr:
    rows = " union all ".join(
        f"select activity_date, team_id, '{name}' as measure, "  # noqa: S608 - names from our own SQL headers
        f"cast({name} as decimal(28, 10)) as value from wide where {name} is not null"
        for name in file.measures
    )
    tree = sqlglot.parse_one(f"{into} with wide as (select 1) {rows}", read=WRITTEN_IN)
    return put(team_days(file), tree, "wide")
