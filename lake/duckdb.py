"""DuckDB reads the files, in this process and in bounded memory; nothing is kept between two questions."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from disk import Place
from lake.copies import at_hand
from lake.relations import Relations, schema_of
from scoring.errors import DataError
from warehouse.asking import Question, Values, said
from warehouse.duckdb.converted import in_whole_numbers
from warehouse.duckdb.spelled import spelled
from warehouse.duckdb.warehouse import MEMORY_LIMIT
from warehouse.owning import is_by_team
from warehouse.sql_files import SqlFile

AT_ONCE_BYTES = 32 * 2**20
"""Some million rows, which are added up in memory by day, account and owner key."""

_PATTERNED = re.compile(r"[*?[]")
"""What DuckDB would take for a pattern in a name."""


def answer(asked: Question, values: Values, relations: Relations) -> pa.Table:
    """The answer to a question; raises `DataError` where a file cannot be read."""
    bound = ", ".join(f'"{name}" := {spelled(value)}' for name, value in values.items())
    with _opened(relations) as connection:
        connection.execute(f"prepare asked as {said(asked, _in_its_words)}")
        call = f"execute asked({bound})" if bound else "execute asked"
        return connection.execute(call).to_arrow_table()


def at_once(file: SqlFile) -> float:
    """So many bytes of files for the measures of a file; all of them where these are no sums of rows."""
    return inf if is_by_team(file) else AT_ONCE_BYTES


def select(statement: str, relations: Relations) -> pa.Table:
    """The answer to a statement in DuckDB's own SQL; raises the same."""
    with _opened(relations) as connection:
        return connection.execute(statement).to_arrow_table()


def _in_its_words(tree: exp.Expr) -> str:
    return in_whole_numbers(tree).sql(dialect="duckdb", comments=False)


@contextmanager
def _opened(relations: Relations) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory that has the relations as its tables."""
    with tempfile.TemporaryDirectory(prefix="scorewright-lake-") as folder:
        config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": folder}
        with duckdb.connect(config=config) as connection, _told():
            for name, rows in relations.rows.items():
                connection.register(name, rows)
            for fact, files in relations.files.items():
                _show_fact(connection, fact, files)
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise DataError(
            f"lake: expected files that can be read, found {str(error).splitlines()[0]}; "
            "`scorewright verify --all` says which file it is."
        ) from None


def _show_fact(connection: duckdb.DuckDBPyConnection, fact: str, files: Sequence[Place]) -> None:
    if not files:
        connection.register(fact, schema_of(fact).empty_table())
        return
    # DuckDB's own reader of stores is no part of its wheel
    names = ", ".join(spelled(_PATTERNED.sub(r"[\g<0>]", str(file))) for file in at_hand(files))
    # a folder named a=b is no column
    read = f"read_parquet([{names}], hive_partitioning = false)"
    connection.execute(f"create view {fact} as select * from {read}")  # noqa: S608
