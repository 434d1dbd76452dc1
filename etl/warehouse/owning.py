"""Who has what part of the rows: the ownership of the book around the SELECT of another file."""

from __future__ import annotations

from sqlglot import exp

from etl.sql_files import WRITTEN_IN, SqlFile, parse, put, sql_file


def owned(file: SqlFile) -> exp.Expr:
    """The rows of `file`, once for each team that owns them, with `team_id` and its `share`."""
    return put(parse(file), parse(sql_file("rollups", "owned_rows")), "source_rows")


def team_days(file: SqlFile) -> exp.Expr:
    """The measures of a file by day and team.

    What a team has of them is the sum of its shares; a figure that does not add up is made by team in
    the file itself, which has `team_id` in its grain then.
    """
    if "team_id" in file.listed("grain"):
        return parse(file)
    sums = (f"sum({name} * share) as {name}" for name in file.measures)
    day = ("activity_date", "team_id")
    summed = exp.select(*day, *sums, dialect=WRITTEN_IN).from_("rows_owned").group_by(*day)
    return summed.with_("rows_owned", owned(file))
