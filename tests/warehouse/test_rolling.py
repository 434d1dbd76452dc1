"""Every span is rolled up from the same days: weeks that cross months, quarters, years, years to date."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.period import Cadence, Period
from scoring.spans import Span, days_of
from tests.warehouse.invented import periods_of_each_length
from warehouse import period_measures, span_measures

D = Decimal
SUM, LAST, PERIOD = "ad_spend", "followers", "market_size"
OCTOBER = Period(2026, 10)


@pytest.fixture
def filled(warehouse):
    """The warehouse with these rows of (day, team, measure, value) as its daily measures."""

    def fill(rows):
        with warehouse.transaction() as connection:
            connection.execute(sa.text("delete from measure_daily"))
            for day, team, measure, value in rows:
                connection.execute(
                    sa.text("insert into measure_daily values (:day, :team, :measure, :value)"),
                    {"day": day, "team": team, "measure": measure, "value": value},
                )
        return warehouse

    return fill


def test_a_week_that_crosses_two_months_has_the_days_of_both(filled):
    week = Period.parse("2026-W40")
    days = [date(2026, 9, 27) + timedelta(days=n) for n in range(9)]
    warehouse = filled([(day, "eu", SUM, D(10**n)) for n, day in enumerate(days)])
    # 27 September is the Sunday before, 5 October the Monday after
    assert period_measures(warehouse, [week]) == {("eu", week, SUM): D(11111110)}


def test_followers_are_those_of_the_last_day_that_has_any(filled):
    rows = [
        (date(2026, 10, 30), "eu", LAST, D(90)),
        (date(2026, 11, 30), "eu", LAST, D(80)),
        (date(2026, 9, 1), "cn", LAST, D(5)),
    ]
    quarter, third = Period.parse("2026-Q4"), Period.parse("2026-Q3")
    values = period_measures(filled(rows), [OCTOBER, quarter, third])
    assert values == {("eu", OCTOBER, LAST): 90, ("eu", quarter, LAST): 80, ("cn", third, LAST): 5}


def test_a_figure_that_exists_only_by_month_adds_up_over_months_and_no_week_has_it(filled):
    rows = [(date(2026, month, 1), "eu", PERIOD, D(100)) for month in (9, 10, 11)]
    week, quarter = Period.containing(date(2026, 10, 1), Cadence.WEEK), Period.parse("2026-Q4")
    values = period_measures(filled(rows), [week, OCTOBER, quarter])
    assert values == {("eu", OCTOBER, PERIOD): 100, ("eu", quarter, PERIOD): 200}


def test_other_spans_stand_beside_the_period_under_names_that_say_which(filled):
    rows = [
        (date(2025, 10, 15), "eu", SUM, D(1)),
        (date(2026, 1, 1), "eu", SUM, D(10)),
        (date(2026, 9, 30), "eu", SUM, D(100)),
        (date(2026, 10, 31), "eu", SUM, D(1000)),
        (date(2026, 11, 1), "eu", SUM, D(10000)),
    ]
    values = period_measures(filled(rows), [OCTOBER], set(Span))
    assert {name: value for (_, _, name), value in values.items()} == {
        "ad_spend": 1000,
        "ad_spend__previous": 100,
        "ad_spend__last_year": 1,
        "ad_spend__year_to_date": 1110,
    }


def test_no_span_at_all_asks_nothing(filled):
    assert span_measures(filled([]), []) == {}


days = st.dates(date(2025, 6, 1), date(2026, 12, 31))
rows = st.lists(
    st.tuples(
        days,
        st.sampled_from(["eu", "cn"]),
        st.sampled_from([SUM, LAST]),
        st.decimals(-1000, 1000, places=4, allow_nan=False),
    ),
    max_size=25,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, days)
def test_all_periods_agree_with_plain_loops_over_the_same_days(filled, rows, day):
    warehouse = filled(rows)
    periods = periods_of_each_length(day)
    expected = defaultdict(Decimal)
    for period in periods:
        start, end = days_of(period)
        for activity_date, team, measure, value in sorted(rows):
            if start <= activity_date < end:
                key = (team, period, measure)
                expected[key] = value if measure == LAST else expected[key] + value
    assert period_measures(warehouse, periods) == dict(expected)
