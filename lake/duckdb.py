"""DuckDB reads the files, in this process and in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pyarrow as pa
from sqlglot import exp

from disk import Place
from lake.computing import Relations
from scoring.errors import DataError
from warehouse.asking import Question, Values, said
from warehouse.duckdb.converted import in_whole_numbers
from warehouse.duckdb.warehouse import MEMORY_LIMIT


class DuckDB:
    """Computes in this process; nothing of it is kept between two questions."""

    def answer(self, asked: Question, values: Values, relations: Relations) -> pa.Table:
        """Read the files of the question's facts."""
        bound = ", ".join(f'"{name}" := {_spelled(value)}' for name, value in values.items())
        with _opened() as connection, _told():
            _show(connection, relations)
            connection.execute(f"prepare asked as {said(asked, _in_its_words)}")
            call = f"execute asked({bound})" if bound else "execute asked"
            return connection.execute(call).to_arrow_table()

    def select(self, statement: str, relations: Relations) -> pa.Table:
        """The answer to a statement in DuckDB's own SQL."""
        with _opened() as connection, _told():
            _show(connection, relations)
            return connection.execute(statement).to_arrow_table()


def _in_its_words(tree: exp.Expr) -> str:
    return in_whole_numbers(tree).sql(dialect="duckdb", comments=False)


def _spelled(value: date | str) -> str:
    """A value as SQL: the driver would import pandas for the first that it is given."""
    quoted = "'" + str(value).replace("'", "''") + "'"
    return f"date {quoted}" if isinstance(value, date) else quoted


@contextmanager
def _opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="scorewright-lake-") as folder:
        config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": folder}
        with duckdb.connect(config=config) as connection:
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise DataError(
            f"lake: expected files that can be read, found {str(error).splitlines()[0]}; "
            "`scorewright verify` says which file it is."
        ) from None


def _show(connection: duckdb.DuckDBPyConnection, relations: Relations) -> None:
    for name, rows in relations.rows.items():
        connection.register(name, rows)
    for fact, files in relations.files.items():
        if files:
            _show_files(connection, fact, files)
        else:
            connection.register(fact, relations.empty(fact))


def _show_files(connection: duckdb.DuckDBPyConnection, fact: str, files: Any) -> None:
    if not isinstance(files[0], Path):
        _know(connection, files[0])
    names = ", ".join(_spelled(str(file)) for file in files)
    connection.execute(f"create view {fact} as select * from read_parquet([{names}])")  # noqa: S608


def _know(connection: duckdb.DuckDBPyConnection, place: Place) -> None:
    """Let DuckDB read the store by the library that wrote to it: its own reader is no part of its wheel."""
    connection.register_filesystem(_system(str(place).partition("://")[0]))


@cache
def _system(scheme: str) -> Any:
    return fsspec.filesystem(scheme)
