"""Rates to any reporting currency, from the central bank's own files in all their forms."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.exports import Folder, Origin
from etl.sources import fx_rates, registry
from scoring.errors import BadFileError
from scoring.period import Period
from tests.etl.samples import account, land

D = Decimal
MARCH, APRIL = Period(2026, 3), Period(2026, 4)
LAST = date(2026, 3, 31)

# lines of the European Central Bank's own files, columns left out
MONTH = """\
Date,USD,JPY,BGN,GBP,CNY,
2026-03-31,1.1498,183.39,N/A,0.86833,7.9341,
2026-03-30,1.1484,183.12,N/A,0.86803,7.937,
2026-03-27,1.1517,184.16,N/A,0.8672,7.9626,
2026-03-02,1.1698,184.19,N/A,0.8739,8.0512,
2026-02-27,1.1805,184.13,N/A,0.8763,8.0961,
"""
HISTORY = MONTH.replace(
    "2026-03-31,",
    "2026-04-13,1.1684,186.75,N/A,0.87058,7.9827,\n2026-04-01,1.15,183.4,N/A,0.8684,7.94,\n2026-03-31,",
) + ("2026-02-02,1.1838,184.3,1.9558,0.86,8.2,\n1999-01-04,1.1789,133.73,N/A,0.7111,N/A,\n")
DAY = "Date, USD, JPY, GBP, CNY, \n13 April 2026, 1.1684, 186.75, 0.87058, 7.9827, \n"
DOLLARS = "Date,EUR,KWD,VND\n2026-03-31,0.869565,0.3071,26315.5\n2026-03-30,0.87,0.307,26310\n"


def read(tmp_path, text, month=MARCH, home=None, base=None):
    """The rates by currency and day, each with the day of its quotes."""
    files = land(tmp_path, [text.encode()])
    table = account("fx_rates", base, crossed_to=home)
    conformed = registry()["fx_rates"].read(files, table, month)
    rates = {
        (row["currency_code"], row["rate_date"]): (row["quoted_date"], row["rate"])
        for row in conformed.tables["fct_fx_rate"].to_pylist()
    }
    return rates, conformed.tallies[0]


@pytest.mark.parametrize("text", [MONTH, HISTORY], ids=["a month", "the history"])
def test_the_files_of_a_month_and_of_all_times_give_the_same_rates(tmp_path, text):
    rates, tally = read(tmp_path, text)
    assert rates["USD", LAST] == (LAST, D("0.8697164724"))
    assert rates["EUR", LAST] == (LAST, D(1))
    assert rates["GBP", date(2026, 3, 1)] == (date(2026, 2, 27), D("1.1411617026"))
    assert {code for code, _ in rates} == {"EUR", "USD", "JPY", "GBP", "CNY"}
    assert tally.rows_used == 5
    assert tally.rows_in == tally.rows_used + tally.rows_set_aside


def test_a_currency_has_rates_while_it_is_quoted_and_a_week_longer(tmp_path):
    rates, _ = read(tmp_path, HISTORY, Period(2026, 2))
    assert [day.day for code, day in sorted(rates) if code == "BGN"] == [*range(2, 10)]


def test_the_file_of_a_single_day_is_read(tmp_path):
    rates, tally = read(tmp_path, DAY, APRIL)
    assert rates["USD", date(2026, 4, 13)] == (date(2026, 4, 13), D("0.8558712770"))
    assert [day.day for code, day in rates if code == "CNY"] == [*range(13, 21)]
    assert tally.rows_used == 1


def test_rates_are_crossed_from_both_quotes_of_one_day(tmp_path):
    rates, _ = read(tmp_path, MONTH, home="JPY")
    assert rates["USD", LAST] == (LAST, D("159.4973038789"))  # 183.39 / 1.1498
    assert rates["EUR", LAST] == (LAST, D("183.39"))
    assert rates["JPY", LAST] == (LAST, D(1))
    # a Sunday: both of the Friday before
    assert rates["USD", date(2026, 3, 29)] == (date(2026, 3, 27), D("159.9027524529"))


def test_a_day_on_which_one_of_the_two_is_not_quoted_takes_both_of_the_day_before(tmp_path):
    text = MONTH.replace("2026-03-31,1.1498,183.39", "2026-03-31,1.1498,N/A")
    rates, _ = read(tmp_path, text, home="JPY")
    assert rates["USD", LAST] == (date(2026, 3, 30), D("159.4566353187"))
    rates, _ = read(tmp_path, text, home="USD")
    assert rates["GBP", LAST][0] == LAST


def test_a_table_may_be_given_in_any_currency(tmp_path):
    rates, _ = read(tmp_path, DOLLARS, home="KWD", base="USD")
    assert rates["USD", LAST] == (LAST, D("0.3071"))
    assert rates["EUR", LAST] == (LAST, D("0.3531650883"))
    assert rates["VND", LAST] == (LAST, D("0.0000116699"))


def test_a_reporting_currency_that_no_column_quotes_is_worth_itself_alone(tmp_path):
    rates, _ = read(tmp_path, MONTH, home="KWD")
    assert rates == {("KWD", day): (day, D(1)) for day in MARCH.days()}


def test_a_table_without_any_day_of_the_month_is_refused(tmp_path):
    with pytest.raises(BadFileError, match=r"a day of 2026-06 .* found days from 2026-02-27 to 2026-03-31"):
        read(tmp_path, MONTH, Period(2026, 6))


def taken(tmp_path, text, month, pattern="rates.csv"):
    (tmp_path / pattern.replace("{month}", str(month))).write_text(text, "utf-8")
    origin = Origin(Folder(tmp_path))
    return registry()["fx_rates"].extract(account("fx_rates", files=(pattern,)), month, origin) is not None


def test_a_table_of_all_times_stands_for_each_month_that_it_has_whole(tmp_path):
    for month, is_there in ((MARCH, True), (APRIL, True), (Period(2026, 5), False), (Period(2020, 1), False)):
        assert taken(tmp_path, HISTORY, month) is is_there, month


def test_the_month_in_which_the_last_ninety_days_begin_is_not_taken_from_them(tmp_path):
    days = [date(2026, 4, 13) - timedelta(days=age) for age in range(60)]
    text = "Date,USD\n" + "".join(f"{day},1.1\n" for day in days)
    february = Period(2026, 2)
    assert not taken(tmp_path, text, february)
    assert taken(tmp_path, text, MARCH)
    assert taken(tmp_path, text, february, "rates {month}.csv")
    assert taken(tmp_path, DAY, APRIL)


QUOTES = st.decimals(D("0.000001"), D(10**6), places=6)


@given(QUOTES, QUOTES)
def test_a_crossed_rate_is_the_exact_one_to_half_a_tenth_digit(units, home_units):
    exact = Fraction(home_units) / Fraction(units)
    rate = fx_rates.crossed(units, home_units)
    if rate is None:
        assert exact >= 10**8 - 1 or exact <= Fraction(1, 2 * 10**10)
    else:
        assert abs(Fraction(rate) - exact) <= Fraction(1, 2 * 10**10)
        assert rate == rate.quantize(D("1e-10"))


@given(QUOTES)
def test_a_rate_that_is_not_crossed_is_one_divided_by_the_quote(units):
    rate = fx_rates.crossed(units, D(1))
    assert rate is not None
    assert fx_rates.crossed(units, units) == 1


@given(QUOTES, QUOTES, QUOTES)
def test_going_by_a_third_currency_makes_no_difference_beyond_rounding(one, other, third):
    """X to R, or X to Y and Y to R: the quotes of one day contradict each other nowhere."""
    direct, first, second = (fx_rates.crossed(*pair) for pair in ((one, third), (one, other), (other, third)))
    if None not in (direct, first, second):
        error = Fraction(first) * Fraction(second) - Fraction(direct)
        half = Fraction(1, 2 * 10**10)
        assert abs(error) <= half * (Fraction(first) + Fraction(second) + 1 + half)


@pytest.mark.parametrize(("units", "home", "rate"), [("2", "0.0000000001", "0"), ("0.4", "1e-10", "2e-10")])
def test_halves_go_to_the_even_digit(units, home, rate):
    # 0.5 and 2.5 of the tenth digit
    assert (fx_rates.crossed(D(units), D(home)) or D(0)) == D(rate)
