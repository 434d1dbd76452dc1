"""Converted amounts in whole numbers: DuckDB takes six times as long to round a product of 38 digits.

The SQL files say `round(cast(amount as decimal(19, 6)) * rate, 6)`, with an amount of six decimal places and
a rate of ten. In millionths of the amount and 10^-10 of the rate this is amount * rate / 10^10, rounded half
away from zero. The amount is divided as a * 10^5 + b, so that no product leaves 64 bits:

    (a * 10^5 + b) * rate / 10^10  =  (a * rate + b * rate / 10^5) / 10^5

Rounding down the inner quotient first changes nothing: the outer one is of whole numbers. A larger amount or
rate is left to `round`.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from warehouse.sql_files import WRITTEN_IN

_WIDENED = exp.DataType.build("decimal(19, 6)", dialect=WRITTEN_IN)
_AMOUNT, _RATE, _WHOLE = "an_amount", "a_rate", "as_it_stood"

# The amount below 9e8 makes the double exact to the millionth, the rate below 9,000 keeps b * rate within 64
# bits, and their product below 8e7 a * rate.
_IN_WHOLE_NUMBERS = f"""
case
    when
        abs(cast({_AMOUNT} as double)) < 9e8
        and cast({_RATE} as double) between 0 and 9e3
        and abs(cast({_AMOUNT} as double)) * cast({_RATE} as double) < 8e7
        then cast(
            sign({_AMOUNT}) * (
                (
                    cast(abs(cast({_AMOUNT} as double)) * 1e6 as bigint) // 100000
                    * cast(cast({_RATE} as double) * 1e10 as bigint)
                    + (
                        cast(abs(cast({_AMOUNT} as double)) * 1e6 as bigint) % 100000
                        * cast(cast({_RATE} as double) * 1e10 as bigint)
                        + 5000000000
                    ) // 100000
                ) // 100000
            ) as decimal(18, 0)
        ) * cast(0.000001 as decimal(6, 6))
    else {_WHOLE}
end
"""


def in_whole_numbers(tree: exp.Expr) -> exp.Expr:
    """The statement with each converted amount computed in whole numbers; its digits are the same."""
    found: exp.Expr = tree.transform(_converted)
    return found


def _converted(node: exp.Expr) -> exp.Expr:
    product = node.this if isinstance(node, exp.Round) else None
    if not isinstance(product, exp.Mul) or not _is_widened(product.this):
        return node
    parts = {_AMOUNT: product.this.this, _RATE: product.expression, _WHOLE: node}
    whole: exp.Expr = _template().transform(lambda each: parts[each.name].copy() if _is_place(each) else each)
    return whole


def _is_widened(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to == _WIDENED


def _is_place(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name in (_AMOUNT, _RATE, _WHOLE)


@cache
def _template() -> exp.Expr:
    return sqlglot.parse_one(_IN_WHOLE_NUMBERS, read=WRITTEN_IN)
