"""Which months' files a question needs: of a fact that it asks about the days of a window, only theirs.

The `dated` column of a fact decides which month a row is in, and every row of a slice is in its month:
readers set the others aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from sqlglot import exp

from scoring.period import Period
from warehouse.asking import Question, Values
from warehouse.facts import FactSpec, fact_catalog


def months_asked(asked: Question, values: Values) -> Mapping[str, tuple[date, date]]:
    """Of each fact that the question asks about the days of its window alone: the first day of the first
    month that can have some, and the end of the window.
    """
    start, end = values.get("start"), values.get("end")
    if not isinstance(start, date) or not isinstance(end, date):
        return {}
    return dict.fromkeys(_asked_by_window(asked), (Period.containing(start).start, end))


@cache
def _asked_by_window(asked: Question) -> frozenset[str]:
    """The facts of which every SELECT from them wants only rows of the window."""
    selects = [(table.name, table.find_ancestor(exp.Select)) for table in asked.tree.find_all(exp.Table)]
    of_facts = [(name, select) for name, select in selects if name in fact_catalog()]
    open_ones = {name for name, select in of_facts if not _is_of_window(fact_catalog()[name], select)}
    return frozenset(name for name, _ in of_facts) - open_ones


def _is_of_window(fact: FactSpec, select: exp.Expr | None) -> bool:
    """Whether all that it is from is the fact, and every row must have its day in the window."""
    if select is None or select.args.get("joins"):
        return False
    met = _conditions(select.args.get("where"))
    return any({f"{day} >= :start", f"{day} < :end"} <= met for day in (fact.dated, "slice_month"))


def _conditions(where: exp.Expr | None) -> set[str]:
    """The conditions that every row must meet."""
    if where is None:
        return set()
    said = where.this
    parts = said.flatten() if isinstance(said, exp.And) else (said,)
    return {part.sql(comments=False) for part in parts}
