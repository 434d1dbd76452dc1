"""The tables of issued scores: a star that follows the ledger, written issue by issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlglot import exp

from scoring.text import numbered
from warehouse.sql_files import parse, sql_file

SCORES_LOCK = "scores"
"""The lock for writing the tables."""
SHARED_SCHEMA = "warehouse"
"""Where the tables are in a database that the ledger is in, too."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of each of the tables, by its name."""

_DIMENSIONS = {"dim_kpi": "kpi_id", "dim_team": "team_id"}
_FACTS = ("fct_score", "fct_total")
FACTS_AND_DIMENSIONS = (*_FACTS, *_DIMENSIONS)
"""The tables."""


def has_scores(connection: sa.Connection, schema: str | None = None) -> bool:
    """Whether the tables were made; a warehouse of an older program gets them with its next run."""
    return sa.inspect(connection).has_table("fct_total", schema)


def written_issues(connection: sa.Connection, schema: str | None = None) -> frozenset[tuple[int, str]]:
    """The number and the content hash of each issue that the tables have."""
    totals = _table("fct_total", schema)
    rows = connection.execute(sa.select(totals.c.issue_id, totals.c.content_hash))
    return frozenset((row.issue_id, row.content_hash) for row in rows)


def write_scores(connection: sa.Connection, rows: Rows, schema: str | None = None) -> None:
    """Add issues, or replace what the tables have of them; safe to repeat.

    Earlier revisions of their cards are current no more. A dimension keeps what a newer issue says.
    """
    issues = [row["issue_id"] for row in rows["fct_total"]]
    for name in _FACTS:
        table = _table(name, schema)
        connection.execute(sa.delete(table).where(table.c.issue_id.in_(issues)))
        _replace_earlier(connection, table, rows["fct_total"])
        _insert(connection, table, rows[name])
    for name, key in _DIMENSIONS.items():
        _write_dimension(connection, _table(name, schema), key, rows[name])


_CARD = ("period", "team_id", "issue_id")


def _replace_earlier(
    connection: sa.Connection, table: sa.TableClause, totals: Sequence[Mapping[str, Any]]
) -> None:
    """Say that the revisions before the current ones are current no more."""
    revised = (row for row in totals if row["is_current"] and row["revision"] > 1)
    cards = [{f"of_{name}": row[name] for name in _CARD} for row in revised]
    if cards:
        connection.execute(_earlier_revisions(table), cards)


def _earlier_revisions(table: sa.TableClause) -> sa.Update:
    """Says that the current rows of a card before an issue are so no more."""
    of_card = (table.c[name] == sa.bindparam(f"of_{name}") for name in ("period", "team_id"))
    earlier = table.c.issue_id < sa.bindparam("of_issue_id")
    return sa.update(table).where(*of_card, earlier, table.c.is_current).values(is_current=False)


def _write_dimension(
    connection: sa.Connection, table: sa.TableClause, key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put the newest row of each member in the place of an older one."""
    newest = _newest(rows, key)
    query = sa.select(table.c[key], table.c.issue_id).where(table.c[key].in_(newest))
    kept = {member for member, issue_id in connection.execute(query) if issue_id > newest[member]["issue_id"]}
    new = [row for member, row in newest.items() if member not in kept]
    connection.execute(sa.delete(table).where(table.c[key].in_([row[key] for row in new])))
    _insert(connection, table, new)


def clear_scores(connection: sa.Connection, schema: str | None = None) -> None:
    """Empty the tables, to write them anew."""
    for name in FACTS_AND_DIMENSIONS:
        connection.execute(sa.delete(_table(name, schema)))


def audit_scores(connection: sa.Connection, expected: Rows) -> Iterator[str]:
    """Which of the tables do not have just these rows; of each member of a dimension the newest counts."""
    for name, rows in expected.items():
        table = _table(name, None)
        kept = {tuple(row) for row in connection.execute(sa.select(table))}
        wanted = {tuple(row[column.name] for column in table.columns) for row in _expected(name, rows)}
        if kept != wanted:
            changed = numbered(len(wanted - kept), "row")
            yield f"{name}: {changed} not as issued, {len(kept - wanted)} of no issue"


def _expected(name: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [*_newest(rows, _DIMENSIONS[name]).values()] if name in _DIMENSIONS else rows


def _newest(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, Mapping[str, Any]]:
    """The row of the newest issue for each member."""
    return {row[key]: row for row in sorted(rows, key=lambda row: row["issue_id"])}


def _insert(connection: sa.Connection, table: sa.TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = [column.name for column in table.columns]
        connection.execute(sa.insert(table), [{name: row[name] for name in names} for row in rows])


@cache
def _table(name: str, schema: str | None) -> sa.TableClause:
    columns = parse(sql_file("schema", name)).find_all(exp.ColumnDef)
    return sa.table(name, *(sa.column(column.name) for column in columns), schema=schema)
