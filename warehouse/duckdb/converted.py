"""Converted amounts in whole numbers: DuckDB takes six times as long to round a product of 38 digits.

The SQL files say `round(cast(amount as decimal(19, 6)) * rate, 6)`, with an amount of six decimal places and
a rate of ten. In millionths of the amount and 10^-10 of the rate this is amount * rate / 10^10, rounded half
away from zero. The amount is divided as a * 10^5 + b, so that no product leaves 64 bits:

    (a * 10^5 + b) * rate / 10^10  =  (a * rate + b * rate / 10^5) / 10^5

Rounding down the inner quotient first changes nothing: the outer one is of whole numbers. A larger amount or
rate is left to `round`.
"""

from __future__ import annotations

from sqlglot import exp

from warehouse.conversions import AMOUNT, RATE, WHOLE, with_conversions

# The amount below 9e8 makes the double exact to the millionth, the rate below 9,000 keeps b * rate within 64
# bits, and their product below 8e7 a * rate.
_IN_WHOLE_NUMBERS = f"""
case
    when
        abs(cast({AMOUNT} as double)) < 9e8
        and cast({RATE} as double) between 0 and 9e3
        and abs(cast({AMOUNT} as double)) * cast({RATE} as double) < 8e7
        then cast(
            sign({AMOUNT}) * (
                (
                    cast(abs(cast({AMOUNT} as double)) * 1e6 as bigint) // 100000
                    * cast(cast({RATE} as double) * 1e10 as bigint)
                    + (
                        cast(abs(cast({AMOUNT} as double)) * 1e6 as bigint) % 100000
                        * cast(cast({RATE} as double) * 1e10 as bigint)
                        + 5000000000
                    ) // 100000
                ) // 100000
            ) as decimal(18, 0)
        ) * cast(0.000001 as decimal(6, 6))
    else {WHOLE}
end
"""


def in_whole_numbers(tree: exp.Expr) -> exp.Expr:
    """The statement with each converted amount computed in whole numbers; its digits are the same."""
    return with_conversions(tree, _IN_WHOLE_NUMBERS)
