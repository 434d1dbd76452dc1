"""The tables as PostgreSQL defines them, and their schema."""

from __future__ import annotations

from functools import cache

from sqlglot import exp

from warehouse.facts import fact_catalog
from warehouse.sql_files import SqlFile, parse, render

SCHEMA = "warehouse"
"""The database schema of the warehouse; the ledger has its own."""


@cache
def table_statement(file: SqlFile) -> str:
    """The statement that creates a table.

    Text sorts by its bytes as in DuckDB, whatever the database's locale, and facts are partitioned by month,
    which makes replacing a slice cheaper than an index does.
    """
    tree = parse(file)
    for column in tree.find_all(exp.ColumnDef):
        if column.args["kind"].is_type("text"):
            collation = exp.CollateColumnConstraint(this=exp.to_identifier("C", quoted=True))
            column.args["constraints"].insert(0, exp.ColumnConstraint(kind=collation))
    is_fact = file.name in fact_catalog()
    return render(tree, "postgres") + (" partition by list (slice_month)" if is_fact else "")
