"""The checks of `sql/checks/`, run on every fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from sqlglot import exp

from warehouse.asking import Question
from warehouse.facts import FactSpec, fact_catalog
from warehouse.sql_files import WRITTEN_IN, parse, put, sql_file

_FACT_ROWS = "fact_rows"


@cache
def check(name: str) -> Question:
    """What the file `sql/checks/<name>.sql` asks.

    A CTE `fact_rows` in it is replaced by the rows of all facts, with the columns that it names.
    """
    tree = parse(sql_file("checks", name))
    for cte in tree.find_all(exp.CTE):
        if cte.alias == _FACT_ROWS:
            return Question(put(_fact_rows(cte.this.named_selects), tree, _FACT_ROWS))
    return Question(tree)


def _fact_rows(names: Iterable[str]) -> exp.Query:
    selects = []
    for fact in fact_catalog().values():
        columns = _columns(fact)
        asked = (f"{columns[name]} as {name}" for name in names)
        selects.append(exp.select(*asked, dialect=WRITTEN_IN).from_(fact.name))
    return exp.union(*selects, distinct=False)


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
        "has_amount": " or ".join(f"{name} is not null" for name in fact.amounts) or "false",
        "amount_date": fact.converted if fact.amounts else "cast(null as date)",
        "currency_code": "currency_code" if fact.amounts else "cast(null as text)",
    }
