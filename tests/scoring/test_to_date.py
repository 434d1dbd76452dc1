"""The year to date against its days, added up one by one in fractions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.arithmetic import EXACT
from scoring.canonical import content_hash, from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.comparing.comparing import compare
from scoring.fiscal import FiscalCalendar
from scoring.period import Cadence, Period
from scoring.spans import Span, days_of, name_in
from scoring.targets.terms import PartPeriods
from scoring.to_date import ToDate, can_be_summed, year_span, year_to_date
from scoring.working import Reason
from tests.scoring.conftest import MEASURES, MONTH

DAY = timedelta(days=1)
AMOUNTS = st.decimals(-10, 10**6, places=2)
FISCAL = st.one_of(
    st.none(),
    st.builds(FiscalCalendar.of_months, st.integers(2, 12)),
    st.sampled_from(
        [FiscalCalendar("445lastsat01"), FiscalCalendar("544nearsun06"), FiscalCalendar("454nearfri12w03")]
    ),
)
PERIODS = st.builds(
    Period.containing,
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.sampled_from([Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR]),
)


def days_by_walking(period, fiscal):
    """From the period's last day back to the first one of its year."""
    year = fiscal.year_of if fiscal else lambda day: day.year
    day = last = period.last_day
    while year(day - DAY) == year(last):
        day -= DAY
    return [day + DAY * n for n in range((last - day).days + 1)]


@given(PERIODS, FISCAL)
def test_its_days_are_all_of_the_year_up_to_the_last_one(period, fiscal):
    days, span = days_by_walking(period, fiscal), year_span(period, fiscal)
    if span is None:
        assert days[0] >= period.start
    else:
        assert days_of(period, span) == (days[0], days[-1] + DAY)
        assert days[0] < period.start


@given(FISCAL, st.lists(st.tuples(AMOUNTS, st.integers(0, 500)), min_size=1, max_size=9))
def test_a_ratio_is_that_of_the_sums_and_a_count_is_the_sum(fiscal, counted):
    span = year_span(MONTH, fiscal) or Span.YEAR_TO_DATE
    sums = {"spend": sum(spend for spend, _ in counted), "leads": Decimal(sum(leads for _, leads in counted))}
    known = {name_in(name, span): value for name, value in sums.items()} | {"leads": Decimal(1)}
    asked = ToDate(span)
    count = year_to_date("leads", MONTH, known, {}, asked)
    ratio = year_to_date("spend / leads", MONTH, known, {"spend": "money"}, asked)
    assert count.actual == sum(leads for _, leads in counted)
    assert [(each.name, each.value, each.unit) for each in ratio.measures] == [
        ("spend", sums["spend"], "money"),
        ("leads", sums["leads"], "count"),
    ]
    leads = sum(Fraction(leads) for _, leads in counted)
    if leads:
        exact = sum(Fraction(spend) for spend, _ in counted) / leads
        assert abs(Fraction(ratio.actual) - exact) <= abs(exact) / 10**33
    else:
        assert (ratio.actual, ratio.reason) == (None, Reason.ZERO_DENOMINATOR)


@pytest.fixture
def shown(inputs):
    """October's card with the year to date of its measures, ten times those of the month."""

    def card(**changed):
        measures = {
            name_in(name, Span.YEAR_TO_DATE): str(int(value) * 10) for name, value in MEASURES.items()
        }
        return score_card(inputs({**MEASURES, **measures}, **changed), 1)

    return card


def by_kpi(card):
    return {result.kpi_id: result.year_to_date for result in card.results}


def test_a_card_shows_it_where_it_is_asked_for_and_scores_the_same(shown):
    plain, card = shown(), shown(to_date=ToDate(Span.YEAR_TO_DATE, {"cost": ("2026-03",)}))
    assert {*by_kpi(plain).values()} == {None}
    years = by_kpi(card)
    assert {kpi_id: year.actual for kpi_id, year in years.items()} == {
        "leads": 900,
        "cost": EXACT.divide(Decimal(5000), Decimal(900)),
        "rate": Decimal("0.05"),
        "posts": 130,
    }
    assert {year.first for year in years.values()} == {"2026-01-01"}
    assert {kpi_id: year.lacking for kpi_id, year in years.items() if year.lacking} == {"cost": ("2026-03",)}
    assert card.total == plain.total
    assert "year_to_date" not in to_json(plain)
    assert from_json(to_json(card)) == card


def test_a_late_row_of_an_earlier_month_is_no_reason_for_a_new_revision(shown, inputs):
    card = shown(to_date=ToDate(Span.YEAR_TO_DATE))
    late = shown(to_date=ToDate(Span.YEAR_TO_DATE, {"leads": ("2026-02",)}))
    assert content_hash(card) != content_hash(late)
    assert says_the_same(card, late)
    assert says_the_same(score_card(inputs(), 1), card)


def test_what_moved_beside_a_line_is_told_by_itself_and_is_no_change_of_the_line(shown):
    card = shown(to_date=ToDate(Span.YEAR_TO_DATE))
    late = shown(to_date=ToDate(Span.YEAR_TO_DATE, {"leads": ("2026-02",)}))
    found = compare(card, replace(late, revision=2))
    assert found.kpis == ()
    assert [(each.field, each.old, each.new) for each in found.others] == [
        ("year_to_date/leads/lacking", "null", '["2026-02"]')
    ]


def test_what_people_judge_and_what_compares_periods_has_none(shown, inputs):
    assert [can_be_summed(formula) for formula in ("", "leads", "leads / leads__last_year - 1")] == [
        False,
        True,
        False,
    ]
    kpis = inputs().kpis
    grown = {**kpis, "leads": replace(kpis["leads"], formula="leads / leads__previous - 1")}
    years = by_kpi(shown(kpis=grown, to_date=ToDate(Span.YEAR_TO_DATE)))
    assert years["leads"] is None
    assert years["posts"].actual == 130


def test_a_card_of_a_part_of_its_period_has_none(shown, inputs):
    asked = ToDate(Span.YEAR_TO_DATE)
    assert {*by_kpi(shown(to_date=asked, parted=frozenset({MONTH}))).values()} == {None}
    began = tuple(replace(row, valid_from=date(2026, 10, 12)) for row in inputs().targets)
    in_part = replace(inputs().policy, in_part=PartPeriods(lambda day: True))
    assert {*by_kpi(shown(to_date=asked, targets=began, policy=in_part)).values()} == {None}
