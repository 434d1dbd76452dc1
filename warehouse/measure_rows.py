"""The measures of a file by day and team as rows of `measure_daily`, one for each measure."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from warehouse.asking import Question
from warehouse.owning import team_days
from warehouse.sql_files import WRITTEN_IN, SqlFile, put

_INTO = "insert into measure_daily"
_DAY = ("activity_date", "team_id")


@cache
def insertion(file: SqlFile) -> Question:
    """The file's measures by day and team, turned into rows of `measure_daily`; what is null has no row."""
    return Question(_with_rows(file, _INTO))


@cache
def selection(file: SqlFile) -> Question:
    """The same rows, to be looked at alone."""
    return Question(_with_rows(file, ""))


@cache
def wide(file: SqlFile) -> Question:
    """The measures of a file by day and team, in a column each."""
    values = (f"cast({name} as decimal(28, 10)) as {name}" for name in file.measures)
    asked = exp.select(*_DAY, *values, dialect=WRITTEN_IN).from_("team_days")
    return Question(asked.with_("team_days", team_days(file)))


@cache
def insertion_of_wide(file: SqlFile) -> Question:
    """The rows of `measure_daily` from a table `wide` that the answer to `wide` is in."""
    return Question(sqlglot.parse_one(f"{_INTO} {_rows(file)}", read=WRITTEN_IN))


def _with_rows(file: SqlFile, into: str) -> exp.Expr:
    tree = sqlglot.parse_one(f"{into} with wide as (select 1) {_rows(file)}", read=WRITTEN_IN)
    return put(team_days(file), tree, "wide")


def _rows(file: SqlFile) -> str:
    """A row for each measure of `wide` that is not null."""
    return " union all ".join(
        f"select activity_date, team_id, '{name}' as measure, "  # noqa: S608 - names from our own SQL headers
        f"cast({name} as decimal(28, 10)) as value from wide where {name} is not null"
        for name in file.measures
    )
