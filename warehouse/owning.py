"""Wraps the SELECT of another file in the ownership of the book."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from warehouse.catalog import BEGINS_LATER, is_zero_when_empty, measure_catalog
from warehouse.sql_files import WRITTEN_IN, SqlFile, parse, put, sql_file

_DAY = ("source", "entity", "owner_key", "activity_date")
_OF_SLICE = """
    key_sums.source = load_record.source
    and key_sums.entity = load_record.entity
    and key_sums.activity_date >= load_record.slice_month
    and key_sums.activity_date < load_record.slice_month + interval '1' month
"""


def row_file(stem: str) -> SqlFile:
    """The file with the rows of a fact: that of its measures, unless these are not sums of rows."""
    file = sql_file("measures", stem)
    return sql_file("rows", stem) if is_by_team(file) else file


def owned(rows: exp.Expr) -> exp.Expr:
    """The rows of a SELECT, once for each team that owns them, with `team_id` and its `share`."""
    return put(rows, parse(sql_file("rollups", "owned_rows")), "source_rows")


def team_days(file: SqlFile) -> exp.Expr:
    """The measures of a file by day and team.

    A team's measure is the sum of its shares; a figure that does not add up is computed by team in the file
    itself, which then has `team_id` in its grain.
    """
    if is_by_team(file):
        return parse(file)
    sums = (f"sum({name} * share) as {name}" for name in file.measures)
    day = ("activity_date", "team_id")
    summed = exp.select(*day, *sums, dialect=WRITTEN_IN).from_("rows_owned").group_by(*day)
    return summed.with_("rows_owned", owned(key_days(file)), copy=False)


def key_days(file: SqlFile) -> exp.Expr:
    """The sum of a file's rows by day and owner key, and 0 if a month was loaded without any.

    It is null instead of 0 where the exports lack a column that the measure needs, or what rows should have
    in it, or begin after the month.
    """
    wanted: exp.Query = exp.select(*_DAY, *file.measures).from_("rows_read")
    zeros = [name for name, declared in file.measures.items() if is_zero_when_empty(declared)]
    if zeros:
        wanted = exp.union(wanted, _zeros_of_months(file, zeros), distinct=False, copy=False)
    sums = (f"cast(sum({name}) as decimal(24, 6)) as {name}" for name in file.measures)
    summed = exp.select(*_DAY, *sums, dialect=WRITTEN_IN).from_("rows_and_none").group_by(*_DAY)
    summed = summed.with_("rows_read", parse(file), copy=False)
    if not zeros:
        return summed.with_("rows_and_none", wanted, copy=False)
    summed = summed.with_("loaded_months", _loaded_months(file.name), copy=False)
    return _said(file, summed.with_("rows_and_none", wanted, copy=False), zeros)


def _said(file: SqlFile, summed: exp.Select, zeros: Sequence[str]) -> exp.Select:
    """The sums without the zeros of what the exports of an account and month do not say.

    Any other measure is null where nothing says it.
    """
    sums = (
        f"{_said_or_null(name) if name in zeros else f'key_sums.{name}'} as {name}" for name in file.measures
    )
    days = (f"key_sums.{name}" for name in _DAY)
    found = exp.select(*days, *sums, dialect=WRITTEN_IN).from_("key_sums")
    found = found.join("load_record", on=_OF_SLICE, join_type="left", dialect=WRITTEN_IN)
    return found.with_("key_sums", summed, copy=False)


def _said_or_null(name: str) -> str:
    spec = measure_catalog()[name]
    codes = sorted(spec.unsaid | spec.partly_said | {BEGINS_LATER})
    lacking = " or ".join(f"load_record.findings_json like '%\"{code}\"%'" for code in codes)
    return f"case when {lacking} then nullif(key_sums.{name}, 0) else key_sums.{name} end"


def _zeros_of_months(file: SqlFile, zeros: Sequence[str]) -> exp.Select:
    nothing = (f"{'0' if name in zeros else 'null'} as {name}" for name in file.measures)
    return exp.select(*_DAY, *nothing, dialect=WRITTEN_IN).from_("loaded_months")


def is_by_team(file: SqlFile) -> bool:
    """Whether the file computes a team's figures itself, because they do not add up."""
    return "team_id" in file.listed("grain")


def _loaded_months(stem: str) -> exp.Expr:
    tree = parse(sql_file("rollups", "loaded_months"))
    for table in tree.find_all(exp.Table):
        if table.name == "fct_sale":
            table.set("this", exp.to_identifier(f"fct_{stem}"))
    for column in tree.find_all(exp.Column):
        if column.table == "fct_sale":
            column.set("table", exp.to_identifier(f"fct_{stem}"))
    return tree
