"""What the gate notices about a month."""

from __future__ import annotations

from datetime import date

import pytest

from etl.quality.gate import ExpectedSlice, Gap, find_gaps
from etl.warehouse import Ownership, replace_measures, replace_slices
from scoring.period import Period

OCTOBER = Period(2026, 10)
ADS = ExpectedSlice("google_ads", "acme", ("fct_ad_daily",))
SALES = ExpectedSlice("sales", "acme", ())


def ad(day, campaign="c"):
    return {"campaign_id": campaign, "owner_key": campaign, "activity_date": day, "currency_code": "EUR"}


@pytest.fixture
def gaps_of(warehouse, slice_of, rates_of):
    """The gaps of October after loading slices, with an owner for the campaign `c`."""

    def run(loads, expected):
        replace_slices(warehouse, [rates_of(), *loads])
        replace_measures(warehouse, [OCTOBER], [Ownership("google_ads", "acme", "c", "eu", 1)])
        return find_gaps(warehouse, OCTOBER, expected)

    return run


def test_a_complete_month_has_no_gap(gaps_of, slice_of):
    assert (
        gaps_of([slice_of("google_ads", {"fct_ad_daily": [ad(day) for day in OCTOBER.days()]})], [ADS]) == []
    )


def test_the_days_without_rows_are_named_also_the_first_and_the_last(gaps_of, slice_of):
    absent = {date(2026, 10, 1), date(2026, 10, 17), date(2026, 10, 31)}
    rows = [ad(day) for day in OCTOBER.days() if day not in absent]
    assert gaps_of([slice_of("google_ads", {"fct_ad_daily": rows})], [ADS]) == [
        Gap("google_ads", "acme", OCTOBER, "missing_days", tuple(sorted(absent)))
    ]


def test_an_account_that_never_came_is_one_gap_and_not_thirty_one(gaps_of):
    assert gaps_of([], [ADS, SALES]) == [
        Gap("google_ads", "acme", OCTOBER, "missing_slice", ()),
        Gap("sales", "acme", OCTOBER, "missing_slice", ()),
    ]


def test_a_fact_that_need_not_have_rows_every_day_has_no_missing_days(gaps_of, slice_of):
    assert gaps_of([slice_of("sales", {"fct_sale": []})], [SALES]) == []


def test_rows_that_nobody_owns_are_named_by_their_days(gaps_of, slice_of):
    rows = [*[ad(day) for day in OCTOBER.days()], ad(date(2026, 10, 9), "stray")]
    assert gaps_of([slice_of("google_ads", {"fct_ad_daily": rows})], [ADS]) == [
        Gap("google_ads", "acme", OCTOBER, "unowned_rows", (date(2026, 10, 9),))
    ]
