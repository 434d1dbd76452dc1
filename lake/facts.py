"""The facts of a warehouse in a lake: which file counts is a row of its `fact_file`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from duckdb_sqlalchemy import Dialect
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlglot import exp

from disk import Place
from killpoints import reach
from lake.files import FactFile, faults, file_of, refuse_lost, row_of, write
from lake.parts import added_up, in_parts
from lake.pruning import EVERYTHING, Needed, needed
from lake.relations import Computer, Relations
from lake.unpivoting import measured
from scoring.period import Period
from warehouse import Slice, Warehouse
from warehouse.asking import Question, Rows, Values
from warehouse.engine import EVERY_SLICE, FACT_FILES
from warehouse.facts import arrow_schema, fact_catalog
from warehouse.measure_rows import wide
from warehouse.recording import is_in, table_of
from warehouse.sql_files import SqlFile

FILES = table_of(FACT_FILES)


@dataclass(frozen=True, slots=True)
class Lake:
    """The facts of a warehouse as files in a folder or an object store, and who computes with them.

    A lake for trials lies over the real one `beneath`, which it reads and never writes to.
    """

    warehouse: Warehouse
    place: Place
    computer: Computer
    beneath: Place | None = None

    def keeps(self, table: str) -> bool:
        """Whether a file of `sql/schema/` is one of the warehouse's tables: the facts are none."""
        return table not in fact_catalog()

    def prepare(self, months: Iterable[Period]) -> None:
        """Does nothing: a file needs no room."""

    def drop(self, connection: sa.Connection, fact: str, slices: Iterable[Slice]) -> None:
        """Let the files of the slices count no more; `tidy` removes them later, when nobody reads them."""
        connection.execute(sa.delete(FILES).where(FILES.c.fact == fact, is_in(slices)))

    def put(self, connection: sa.Connection, fact: str, parts: Sequence[tuple[Slice, pa.Table]]) -> None:
        """Write a file for each slice that has rows; they count when the transaction is committed."""
        written = [write(self.place, fact, which, rows) for which, rows in parts if rows.num_rows]
        reach("lake.written")
        if written:
            connection.execute(sa.insert(FILES), [*map(row_of, written)])

    def ask(
        self,
        connection: sa.Connection,
        asked: Question | sa.Select[Any],
        values: Values | None = None,
        of: sa.ColumnElement[bool] = EVERY_SLICE,
    ) -> Rows:
        """Answer from the files that count in the connection's snapshot."""
        if isinstance(asked, Question):
            return _as_rows(self._answer(connection, asked, values or {}))
        statement = str(asked.where(of).compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
        facts = [table.name for table in asked.get_final_froms() if isinstance(table, sa.TableClause)]
        files = _by_fact(facts, self._files(connection, facts, of=of))
        return _as_rows(self.computer.select(statement, Relations(files, {})))

    def filled(self, connection: sa.Connection) -> frozenset[str]:
        """A fact has rows where it has a file."""
        return frozenset(connection.execute(sa.select(FILES.c.fact).distinct()).scalars())

    def measure(self, connection: sa.Connection, file: SqlFile, window: Values) -> None:
        """Add up the files and enter the sums in `measure_daily`."""
        at_once = self.computer.at_once(file)
        rows = measured(added_up(self._answers(connection, wide(file), window, at_once), file), file)
        if rows.num_rows:
            self.warehouse.insert(connection, "measure_daily", rows)

    def damaged(self, connection: sa.Connection) -> Iterator[str]:
        """Which of the files that count are lost, or not as they were written."""
        return faults(self._found(named_files(connection, fact_catalog())))

    def _answer(self, connection: sa.Connection, asked: Question, values: Values) -> pa.Table:
        (answer,) = self._answers(connection, asked, values, inf)
        return answer

    def _answers(
        self, connection: sa.Connection, asked: Question, values: Values, at_once: float
    ) -> Iterator[pa.Table]:
        """The answer about each part of the accounts whose files have `at_once` bytes together."""
        facts, others = _tables(asked)
        rows = {name: _rows_of(connection, name, columns) for name, columns in others.items()}
        for part in in_parts(self._files(connection, facts, needed(asked, values, rows)), at_once):
            yield self.computer.answer(asked, values, Relations(_by_fact(facts, part), rows))

    def _files(
        self,
        connection: sa.Connection,
        facts: Iterable[str],
        asked: Needed = EVERYTHING,
        of: sa.ColumnElement[bool] = EVERY_SLICE,
    ) -> dict[FactFile, Place]:
        """The files of slices `of` of the facts that may have rows of what is asked."""
        files = self._found(filter(asked.has, named_files(connection, facts, of)))
        refuse_lost(files)
        return files

    def _found(self, files: Iterable[FactFile]) -> dict[FactFile, Place]:
        """Where each of the files is."""
        return {file: self._at(file) for file in files}

    def _at(self, file: FactFile) -> Place:
        own = file.at(self.place)
        return own if self.beneath is None or own.exists() else file.at(self.beneath)


def _by_fact(facts: Iterable[str], files: Mapping[FactFile, Place]) -> dict[str, list[Place]]:
    """The files of each fact; one without any has an empty list."""
    found: dict[str, list[Place]] = {fact: [] for fact in facts}
    for file, place in files.items():
        found[file.fact].append(place)
    return found


def named_files(
    connection: sa.Connection, facts: Iterable[str], of: sa.ColumnElement[bool] = EVERY_SLICE
) -> list[FactFile]:
    """The files that count of slices `of`, in the order of facts, months and accounts."""
    order = (FILES.c[name] for name in ("fact", "slice_month", "source", "entity"))
    query = sa.select(FILES).where(FILES.c.fact.in_([*facts]), of).order_by(*order)
    return [file_of(row) for row in connection.execute(query)]


@cache
def _tables(asked: Question) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The facts that a question is about, and the columns of the warehouse's other tables that it names."""
    defined = {cte.alias for cte in asked.tree.find_all(exp.CTE)}
    named = {table.name for table in asked.tree.find_all(exp.Table)} - defined
    columns = {column.name for column in asked.tree.find_all(exp.Column)}
    facts = tuple(sorted(named & fact_catalog().keys()))
    others = {
        name: tuple(column.name for column in table_of(name).c if column.name in columns)
        for name in sorted(named - set(facts))
    }
    return facts, others


def _rows_of(connection: sa.Connection, name: str, columns: Sequence[str]) -> pa.Table:
    """The rows of a small table of the warehouse."""
    table = table_of(name)
    found = connection.execute(sa.select(*(table.c[column] for column in columns))).all()
    by_column = zip(*found, strict=True) if found else ((),) * len(columns)
    types = {field.name: field.type for field in arrow_schema(name)}
    arrays = [pa.array(values, types[column]) for column, values in zip(columns, by_column, strict=True)]
    return pa.table(arrays, names=[*columns])


def _as_rows(table: pa.Table) -> Rows:
    columns = [column.to_pylist() for column in table.columns]
    return IteratorResult(SimpleResultMetaData(table.column_names), zip(*columns, strict=True))
