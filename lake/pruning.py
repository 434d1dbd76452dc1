"""Which files a question needs: of a fact that it asks about the days of a window, only those of its months.

The `dated` column of a fact decides which month a row is in, and every row of a slice is in its month:
readers set the others aside. Where it asks for one team's rows, only the files of that team's accounts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from lake.files import FactFile
from scoring.period import Period
from warehouse import UNASSIGNED
from warehouse.asking import Question, Values
from warehouse.facts import FactSpec, fact_catalog


@dataclass(frozen=True, slots=True)
class Needed:
    """What a question asks about: the days of each fact that it bounds, and the accounts (source, entity);
    None are all of them.
    """

    days: Mapping[str, tuple[date, date]]
    accounts: Collection[tuple[str, str]] | None

    def has(self, file: FactFile) -> bool:
        """Whether the file may have rows of it."""
        first, end = self.days.get(file.fact, (date.min, date.max))
        return first <= file.slice.month.start < end and self._is_of_accounts(file)

    def _is_of_accounts(self, file: FactFile) -> bool:
        # what is everybody's, such as exchange rates, is of no team's account
        if self.accounts is None or fact_catalog()[file.fact].is_everybodys:
            return True
        return (file.slice.source, file.slice.entity) in self.accounts


EVERYTHING = Needed({}, None)


def needed(asked: Question, values: Values, rows: Mapping[str, pa.Table]) -> Needed:
    """What the answer hangs on; `rows` are those of the warehouse's tables that the question names."""
    return Needed(months_asked(asked, values), _accounts_asked(asked, values, rows))


def _accounts_asked(
    asked: Question, values: Values, rows: Mapping[str, pa.Table]
) -> Collection[tuple[str, str]] | None:
    """The accounts of the team whose rows alone are asked for; what nobody owns may be in any."""
    team = values.get("team", UNASSIGNED)
    if team == UNASSIGNED or "team_id = :team" not in _conditions(asked.tree.args.get("where")):
        return None
    owned = rows["dim_ownership"]
    its = owned.filter(pc.equal(owned["team_id"], team))
    return {*zip(its["source"].to_pylist(), its["entity"].to_pylist(), strict=True)}


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
