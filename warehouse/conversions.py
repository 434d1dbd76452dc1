"""Converted amounts in a statement: found in the one form of the SQL files, spelled as an engine likes it.

The form is `round(cast(amount as decimal(19, 6)) * rate, 6)`, with an amount of six decimal places and a rate
of ten.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from warehouse.sql_files import WRITTEN_IN

AMOUNT, RATE, WHOLE = "an_amount", "a_rate", "as_it_stood"
"""What stands in a spelling for the amount, the rate and the whole as the files have it."""

_WIDENED = exp.DataType.build("decimal(19, 6)", dialect=WRITTEN_IN)


def with_conversions(tree: exp.Expr, spelling: str) -> exp.Expr:
    """A copy of the statement with each converted amount in another `spelling`."""
    found: exp.Expr = tree.transform(_respelled, spelling)
    return found


def _respelled(node: exp.Expr, spelling: str) -> exp.Expr:
    product = node.this if isinstance(node, exp.Round) else None
    if not isinstance(product, exp.Mul) or not _is_widened(product.this):
        return node
    parts = {AMOUNT: product.this.this, RATE: product.expression, WHOLE: node}
    whole: exp.Expr = _parsed(spelling).transform(
        lambda each: parts[each.name].copy() if _is_place(each) else each
    )
    return whole


def _is_widened(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to == _WIDENED


def _is_place(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name in (AMOUNT, RATE, WHOLE)


@cache
def _parsed(spelling: str) -> exp.Expr:
    return sqlglot.parse_one(spelling, read=WRITTEN_IN)
