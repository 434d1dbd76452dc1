"""The checks of `sql/checks/`, run on every fact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from sqlglot import exp

from warehouse.asking import Question
from warehouse.facts import FactSpec, fact_catalog
from warehouse.sql_files import WRITTEN_IN, parse, put, sql_file

_FACT_ROWS = "fact_rows"


@cache
def check(name: str) -> Question:
    """What the file `sql/checks/<name>.sql` asks.

    A CTE `fact_rows` in it is replaced by the rows that all facts have in its window, with the columns that
    it names: by the day of an amount, and then of facts with amounts alone, or else by the month of a slice.
    """
    tree = parse(sql_file("checks", name))
    for cte in tree.find_all(exp.CTE):
        if cte.alias == _FACT_ROWS:
            return Question(put(_fact_rows(cte.this.named_selects), tree, _FACT_ROWS))
    return Question(tree)


def _fact_rows(names: Collection[str]) -> exp.Query:
    """The rows of the window alone, of each fact by itself: a lake opens the files of these months."""
    of_amounts = "amount_date" in names
    facts = (fact for fact in fact_catalog().values() if fact.amounts or not of_amounts)
    return exp.union(*(_rows_of(fact, names, of_amounts=of_amounts) for fact in facts), distinct=False)


def _rows_of(fact: FactSpec, names: Iterable[str], *, of_amounts: bool) -> exp.Query:
    columns = _columns(fact)
    day = fact.converted if of_amounts else "slice_month"
    asked = exp.select(*(f"{columns[name]} as {name}" for name in names), dialect=WRITTEN_IN)
    return asked.from_(fact.name).where(f"{day} >= :start", f"{day} < :end", dialect=WRITTEN_IN)


def _columns(fact: FactSpec) -> Mapping[str, str]:
    """The fact's expression for each column of `fact_rows`."""
    return {
        "fact": f"'{fact.name}'",
        "source": "source",
        "entity": "entity",
        "slice_month": "slice_month",
        "owner_key": "owner_key",
        "activity_date": fact.dated,
        "is_everybodys": str(fact.is_everybodys).lower(),
        "is_ignored": fact.ignored or "false",
        "has_amount": " or ".join(f"{name} is not null" for name in fact.amounts),
        "amount_date": fact.converted,
        "currency_code": "currency_code",
    }
