"""A converted amount has the same digits on every engine and in plain arithmetic, to the last."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import product

import pytest
import sqlalchemy as sa
import sqlglot
from sqlglot import exp

from scoring.errors import DataError
from warehouse import open_warehouse
from warehouse.duckdb.converted import in_whole_numbers
from warehouse.facts import fact_catalog
from warehouse.sql_files import parse, sql_file, sql_files

EXACT = Context(prec=60)
MILLIONTH = Decimal("0.000001")
LAST_OF_RATE = Decimal("0.0000000001")
# the second line is around what is left to `round`, and the largest there are
AMOUNTS = """
    0 0.000001 0.000005 0.000009 0.5 1 1.000001 2.5 12.345678 99999.999999 100000 919.999999
    79999999.999999 80000000 80000000.000001 899999999.999999 900000000 999999999999.999999
"""
# the first line makes half a millionth of many amounts, or is next to it
RATES = """
    0.0000000001 0.0000005 0.0000004999 0.0000005001 0.5 0.4999999999 0.5000000001 1 1.0000000001
    0.1 0.0062345678 0.9134567891 1.5 7.3891234567 89.9999999999 8999.9999999999 9000 9000.0000000001
    27123.4567890123 99999999.9999999999
"""


def plain(amount: Decimal, rate: Decimal) -> Decimal:
    """The rule: rounded to six digits, half away from zero."""
    exact = EXACT.multiply(amount, rate)
    return exact.quantize(MILLIONTH, rounding=ROUND_HALF_UP, context=EXACT)


def drawn() -> list[tuple[Decimal, Decimal]]:
    """Amounts and rates of every size, and pairs whose product is exactly half a millionth, or next to it."""
    chance = random.Random(18)
    pairs = [
        (chance.randrange(10 ** chance.randint(1, 18)), chance.randrange(1, 10 ** chance.randint(1, 18)))
        for _ in range(3000)
    ]
    # odd times 5 * 10^9 is half way; the amount is a factor of it
    for _ in range(1000):
        two, five = chance.randint(0, 9), chance.randint(0, 10)
        factor, odd = 2**two * 5**five, chance.randrange(1, 10**6, 2)
        pairs += [(factor, odd * 5 * 10**9 // factor + near) for near in (-1, 0, 1)]
    return [(amount * MILLIONTH, EXACT.multiply(Decimal(rate), LAST_OF_RATE)) for amount, rate in pairs]


def every_pair() -> list[tuple[Decimal, Decimal]]:
    """The edges with each other, and what was drawn, each of them also negative."""
    edges = product(map(Decimal, AMOUNTS.split()), map(Decimal, RATES.split()))
    pairs = [*edges, *drawn()]
    return [*pairs, *((-amount, rate) for amount, rate in pairs)]


def converted(warehouse, pairs, around="{}"):
    """What an engine makes of the pairs, with the expression of the ads' measures."""
    file = parse(sql_file("measures", "ad_daily"))
    conversion = next(file.find_all(exp.Round)).sql(dialect="duckdb")
    values = ", ".join(f"({n}, {amount:f}, {rate:f})" for n, (amount, rate) in enumerate(pairs))
    tree = sqlglot.parse_one(
        f"""
        with priced as (
            select place, cast(an_amount as decimal(18, 6)) as spend, cast(a_rate as decimal(18, 10)) as rate
            from drawn
        )
        select {around.format(conversion)} as found, priced.place from priced
        """,
        read="duckdb",
    )
    if "sum" in around:
        tree.expressions.pop()
    # SQLGlot would take long to read so many values
    drawn = f"from (values {values}) as drawn(place, an_amount, a_rate)"
    text = warehouse.translated(tree).replace("FROM drawn", drawn)
    with warehouse.opened() as connection:
        rows = connection.exec_driver_sql(text).all()
    return [row[0] for row in sorted(rows, key=lambda row: row[-1])]


def test_digits_are_those_of_plain_arithmetic_to_the_last(warehouse_url):
    pairs = every_pair()
    found = converted(open_warehouse(warehouse_url), pairs)
    wrong = [
        (pair, one) for pair, one in zip(pairs, found, strict=True) if str(one) != f"{plain(*pair) + 0:f}"
    ]
    assert not wrong, f"{len(wrong)} of {len(pairs)}: {wrong[:3]}"


def test_a_sum_too_large_for_a_measure_is_refused(warehouse_url):
    largest = [(Decimal("999999999999.999999"), Decimal("99999999.9999999999"))]
    warehouse = open_warehouse(warehouse_url)
    assert converted(warehouse, largest) == [plain(*largest[0])]
    with pytest.raises((DataError, sa.exc.DBAPIError)):
        converted(warehouse, largest, "cast(sum({}) as decimal(24, 6))")


def test_what_is_missing_stays_missing(warehouse_url):
    warehouse = open_warehouse(warehouse_url)
    pairs = [(Decimal(1), Decimal(1))]
    assert converted(warehouse, pairs, "case when 1 = 1 then null else {} end") == [None]


@pytest.mark.parametrize("file", [f for f in sql_files("measures") if "priced.rate" in f.text], ids=str)
def test_every_amount_is_converted_in_the_one_form_that_duckdb_is_fast_at(file):
    tree = parse(file)
    rounded = [*tree.find_all(exp.Round)]
    assert rounded
    assert len([*in_whole_numbers(tree).find_all(exp.Sign)]) == len(rounded)


def test_amounts_and_rates_have_the_digits_that_whole_numbers_take():
    for fact in fact_catalog().values():
        types = {column.name: str(column.type) for column in fact.columns}
        assert {types[name] for name in fact.amounts} <= {"decimal128(18, 6)"}
        assert types.get("rate", "decimal128(18, 10)") == "decimal128(18, 10)"
