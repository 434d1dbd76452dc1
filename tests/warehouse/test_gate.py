"""What the gate notices about a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from etl.quality.gate import ExpectedSlice, Gap, find_gaps
from scoring.period import Period
from warehouse import Ownership, create_schema, replace_measures, replace_slices
from warehouse.conformed import FileTally, QuarantinedRow
from warehouse.reading import SetApart, quarantined_rows

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
        replace_measures(warehouse, [OCTOBER], [Ownership("google_ads", "acme", "c", "eu", 1)], "EUR")
        return find_gaps(warehouse, [OCTOBER], expected)

    return run


@pytest.mark.parametrize(("day", "lacks"), [(26, range(26, 32)), (31, [31]), (1, range(1, 32)), (32, ())])
def test_an_export_that_was_landed_before_the_end_of_its_month_lacks_the_days_from_then_on(
    warehouse, slice_of, gaps_of, day, lacks
):
    """Sales need no rows on a day, so that nothing else tells of those to come."""
    sales = slice_of("sales", {"fct_sale": []})
    landed = datetime(2026, 10, 1, 23, tzinfo=UTC) + timedelta(days=day - 1)
    sales = replace(sales, provenance=replace(sales.provenance, landed_at=landed))
    days = tuple(date(2026, 10, number) for number in lacks)
    assert gaps_of([sales], [SALES]) == [
        *([Gap("sales", "acme", OCTOBER, "landed_before_end", days)] if days else [])
    ]
    # the same moment is a day later in Shanghai
    (*found,) = find_gaps(warehouse, [OCTOBER], [SALES], lambda at: (at + timedelta(hours=8)).date())
    assert [gap.days for gap in found] == [days[1:]] * bool(days[1:])


@pytest.mark.parametrize(
    ("asked", "lacks"), [(None, 5), (date(2026, 10, 20), 5), (date(2026, 10, 30), 2), (date(2026, 11, 1), 0)]
)
def test_what_answers_is_as_new_as_it_was_asked(warehouse, slice_of, gaps_of, asked, lacks):
    """An answer that is the same again is not landed again."""
    sales = slice_of("sales", {"fct_sale": []})
    landed = replace(sales.provenance, landed_at=datetime(2026, 10, 27, 3, tzinfo=UTC))
    found = gaps_of([replace(sales, provenance=landed)], [replace(SALES, asked_on=asked)])
    assert [gap.code for gap in found] == ["landed_before_end"] * bool(lacks)
    assert all(len(gap.days) == lacks for gap in found)


def test_a_plan_may_be_older_than_its_month(slice_of, gaps_of):
    plan = slice_of("budget", {"fct_budget": []})
    landed = replace(plan.provenance, landed_at=datetime(2025, 12, 1, tzinfo=UTC))
    expected = ExpectedSlice("budget", "acme", ())
    assert gaps_of([replace(plan, provenance=landed)], [expected]) == []


def test_days_that_are_said_to_be_missing_are_not_said_again(slice_of, gaps_of):
    ads = slice_of("google_ads", {"fct_ad_daily": [ad(date(2026, 10, day)) for day in range(1, 26)]})
    landed = datetime(2026, 10, 26, 3, tzinfo=UTC)
    ads = replace(ads, provenance=replace(ads.provenance, landed_at=landed))
    assert [gap.code for gap in gaps_of([ads], [ADS])] == ["missing_days"]
    # of its own day it has some rows, and not those that came later
    ads = replace(
        ads,
        content=replace(ads.content, sha256="2"),
        provenance=replace(ads.provenance, landed_at=landed.replace(day=25)),
    )
    assert [gap.code for gap in gaps_of([ads], [ADS])] == ["landed_before_end", "missing_days"]


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


ANSWERS = ExpectedSlice("survey", "acme", (), ("fct_survey_response",))


@pytest.fixture
def gaps_after(warehouse, slice_of):
    """October's gaps of a survey that had so many answers in the months up to October, which comes last.

    None stands for a month that was never loaded.
    """

    def run(*answers, expected=ANSWERS):
        months = OCTOBER.window(len(answers))
        loads = [
            slice_of("survey", {"fct_survey_response": [answer(month, n) for n in range(count)]}, month=month)
            for month, count in zip(months, answers, strict=True)
            if count is not None
        ]
        create_schema(warehouse, months)
        replace_slices(warehouse, loads)
        return [(gap.code, gap.days) for gap in find_gaps(warehouse, [OCTOBER], [expected])]

    return run


def answer(month, number):
    return {"response_id": f"{month}-{number}", "responded_date": month.start, "owner_key": "*"}


def test_an_empty_month_after_one_with_rows_is_a_gap(gaps_after):
    assert gaps_after(1, 0) == [("empty_slice", ())]


def test_an_empty_month_after_an_empty_one_or_none_is_no_gap(gaps_after):
    assert gaps_after(5, 0, 0) == []


def test_an_empty_month_of_a_daily_fact_is_not_told_day_by_day(gaps_of, slice_of):
    september = OCTOBER.shift(-1)
    loads = [
        slice_of("google_ads", {"fct_ad_daily": [ad(september.start)]}, month=september),
        slice_of("google_ads", {"fct_ad_daily": []}),
    ]
    assert gaps_of(loads, [ADS]) == [Gap("google_ads", "acme", OCTOBER, "empty_slice", ())]


@pytest.mark.parametrize(
    ("answers", "is_gap"),
    [
        ((10, 30, 20, 3), True),  # a fifth of the median, 20, are 4
        ((10, 30, 20, 4), False),
        ((9, 30, 9, 1), False),  # a median below ten tells nothing
        ((10, 10, 10, 1), True),
        ((10, 10, 10, 2), False),
        ((None, 30, 20, 3), False),  # a short past tells nothing, either
        ((10, None, 20, 3), False),
    ],
)
def test_far_fewer_rows_than_the_median_of_three_months_are_a_gap(gaps_after, answers, is_gap):
    assert gaps_after(*answers) == ([("fewer_rows", ())] if is_gap else [])


@pytest.mark.parametrize(("drop", "is_gap"), [("79", True), ("80", False), ("100", False)])
def test_how_far_rows_may_fall_is_up_to_the_account(gaps_after, drop, is_gap):
    expected = replace(ANSWERS, largest_drop=Decimal(drop))
    # four fifths less of twenty are four
    assert gaps_after(20, 20, 25, 4, expected=expected) == ([("fewer_rows", ())] if is_gap else [])


def test_all_rows_are_not_far_fewer_where_every_drop_is_allowed(gaps_after):
    assert gaps_after(20, 20, 0, 0, expected=replace(ANSWERS, largest_drop=Decimal(100))) == []


def test_rows_set_apart_are_a_gap_and_listed(warehouse, slice_of):
    load = slice_of("survey", {"fct_survey_response": [answer(OCTOBER, 1)]})
    apart = QuarantinedRow("a.csv", 7, "Score (0-10)", "a whole number", "'11'")
    tallies = (FileTally("a.csv", 2, 1, 0, 1),)
    load = replace(load, conformed=replace(load.conformed, tallies=tallies, quarantined=(apart,)))
    replace_slices(warehouse, [load])
    assert [gap.code for gap in find_gaps(warehouse, [OCTOBER], [ANSWERS])] == ["quarantined_rows"]
    assert quarantined_rows(warehouse, [OCTOBER]) == [SetApart(load.slice, apart)]
    assert quarantined_rows(warehouse, [OCTOBER.shift(-1)]) == []
