"""The facts as tables of the warehouse's own database, beside its load records and measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from scoring.period import Period
from warehouse.asking import Question, Rows, Values, said
from warehouse.engine import EVERY_SLICE, FACT_FILES, Warehouse
from warehouse.facts import fact_catalog
from warehouse.measure_rows import insertion
from warehouse.recording import is_in
from warehouse.records import Slice
from warehouse.sql_files import SqlFile


@dataclass(frozen=True, slots=True)
class InTables:
    """The facts of a warehouse in its own tables; its database computes."""

    warehouse: Warehouse

    def keeps(self, table: str) -> bool:
        """Whether a file of `sql/schema/` is one of the warehouse's tables: all but that of files are."""
        return table != FACT_FILES

    def prepare(self, months: Iterable[Period]) -> None:
        """Create the partitions of the months, if the engine has partitions."""
        self.warehouse.make_parts(months)

    def drop(self, connection: sa.Connection, fact: str, slices: Iterable[Slice]) -> None:
        """Delete the rows of the slices."""
        connection.execute(sa.delete(sa.table(fact)).where(is_in(slices)))

    def put(self, connection: sa.Connection, fact: str, parts: Sequence[tuple[Slice, pa.Table]]) -> None:
        """Insert the rows of all slices at once."""
        rows = pa.concat_tables(table for _, table in parts)
        if rows.num_rows:
            self.warehouse.insert(connection, fact, rows)

    def ask(
        self,
        connection: sa.Connection,
        asked: Question | sa.Select[Any],
        values: Values | None = None,
        of: sa.ColumnElement[bool] = EVERY_SLICE,
    ) -> Rows:
        """Let the database answer."""
        if isinstance(asked, Question):
            return connection.execute(sa.text(said(asked, self.warehouse.translated)), values or {})
        return connection.execute(asked.where(of), values or {})

    def filled(self, connection: sa.Connection) -> frozenset[str]:
        """Each fact is looked at for a first row."""
        return frozenset(connection.execute(_with_rows()).scalars())

    def measure(self, connection: sa.Connection, file: SqlFile, window: Values) -> None:
        """Insert a file's measures, which never leave the database."""
        connection.execute(sa.text(said(insertion(file), self.warehouse.translated)), window)

    def damaged(self, connection: sa.Connection) -> Iterable[str]:
        """Nothing: all is in the database."""
        return ()


@cache
def _with_rows() -> sa.CompoundSelect[Any]:
    """The names of the facts that have rows."""
    return sa.union_all(*map(_name_if_any_row, fact_catalog()))


def _name_if_any_row(fact: str) -> sa.Select[Any]:
    row: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(sa.table(fact))
    return sa.select(sa.literal_column(f"'{fact}'")).where(row.exists())
