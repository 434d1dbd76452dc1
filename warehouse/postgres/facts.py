"""The facts in PostgreSQL's own tables, added up by all cores."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlglot import exp

from warehouse.asking import Question, Values, said
from warehouse.conversions import AMOUNT, RATE, WHOLE, with_conversions
from warehouse.in_tables import InTables
from warehouse.measure_rows import insertion_of_wide, wide
from warehouse.sql_files import SqlFile

_AT_HOME = f"case when {RATE} = 1 then cast({AMOUNT} as decimal(19, 6)) else {WHOLE} end"

_MEMORY = "set local work_mem = '64MB'"
"""For each step of a statement in each process; what needs more uses the disk."""

# The server takes rows with few owners for ones with as many as there are rows, and sorts them all.
_HASHED, _AS_BEFORE = "set local enable_sort = off", "set local enable_sort to default"


def unmultiplied_at_home(tree: exp.Expr) -> exp.Expr:
    """The statement without a multiplication by 1: numbers of any length are dear to multiply and round."""
    return with_conversions(tree, _AT_HOME)


@dataclass(frozen=True, slots=True)
class InServer(InTables):
    """The facts of a warehouse in its own tables; several processes of the server compute."""

    def measure(self, connection: sa.Connection, file: SqlFile, window: Values) -> None:
        """Add up into a table of the transaction, of which the measures are then inserted.

        Only that makes use of several cores: an INSERT is planned for one process.
        """
        asked = wide(file)
        connection.exec_driver_sql(_MEMORY)
        connection.exec_driver_sql(_AS_BEFORE if _needs_order(asked) else _HASHED)
        answer = said(asked, self.warehouse.translated)
        connection.execute(sa.text(f"create temporary table wide on commit drop as {answer}"), window)
        connection.exec_driver_sql(_AS_BEFORE)
        connection.exec_driver_sql(said(insertion_of_wide(file), self.warehouse.translated))
        connection.exec_driver_sql("drop table wide")


def _needs_order(asked: Question) -> bool:
    """Whether a statement cannot do without sorting; to forbid it then blurs what its other steps cost."""
    return asked.tree.find(exp.Window) is not None
