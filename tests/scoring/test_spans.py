"""Measures of other days, by name."""

from datetime import date
from decimal import Decimal

import pytest

from scoring.formula import Formula
from scoring.period import Period
from scoring.spans import Since, Span, days_of, months_in, name_in, shifted, spans_in, split_name


@pytest.mark.parametrize(
    ("name", "measure", "span"),
    [
        ("ad_spend", "ad_spend", None),
        ("ad_spend__previous", "ad_spend", Span.PREVIOUS),
        ("ad_spend__last_year", "ad_spend", Span.LAST_YEAR),
        ("ad_spend__year_to_date", "ad_spend", Span.YEAR_TO_DATE),
        ("ad_spend__since_20260301", "ad_spend", Since(date(2026, 3, 1))),
        (
            "ad_spend__since_20261015_until_20261018",
            "ad_spend",
            Since(date(2026, 10, 15), date(2026, 10, 18)),
        ),
        ("ad_spend__since_1", "ad_spend__since_1", None),
        ("ad_spend__lastyear", "ad_spend__lastyear", None),
        ("last_year", "last_year", None),
    ],
)
def test_a_name_says_its_measure_and_its_span(name, measure, span):
    assert split_name(name) == (measure, span)
    assert name_in(measure, span) == name


@pytest.mark.parametrize(
    ("period", "span", "start", "end"),
    [
        ("2026-10", None, date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-01", Span.PREVIOUS, date(2025, 12, 1), date(2026, 1, 1)),
        ("2028-02", Span.LAST_YEAR, date(2027, 2, 1), date(2027, 3, 1)),
        ("2026-Q1", Span.PREVIOUS, date(2025, 10, 1), date(2026, 1, 1)),
        ("2026-10", Span.YEAR_TO_DATE, date(2026, 1, 1), date(2026, 11, 1)),
        ("2026-01", Span.YEAR_TO_DATE, date(2026, 1, 1), date(2026, 2, 1)),
        ("2026", Span.YEAR_TO_DATE, date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-W01", Span.YEAR_TO_DATE, date(2026, 1, 1), date(2026, 1, 5)),
        ("2026-10", Since(date(2026, 3, 1)), date(2026, 3, 1), date(2026, 11, 1)),
        ("2026-03", Since(date(2026, 3, 5)), date(2026, 3, 5), date(2026, 4, 1)),
        ("2026-10", Since(date(2026, 10, 15), date(2026, 10, 18)), date(2026, 10, 15), date(2026, 10, 18)),
        # before it begins there are no days
        ("2026-02", Since(date(2026, 3, 1)), date(2026, 2, 1), date(2026, 2, 1)),
        ("2026-W53", Span.LAST_YEAR, date(2025, 12, 22), date(2025, 12, 29)),
    ],
)
def test_the_days_of_a_span_are_half_open(period, span, start, end):
    assert days_of(Period.parse(period), span) == (start, end)


def test_a_formula_may_compare_a_period_with_another():
    growth = Formula.parse("sales / sales__last_year - 1")
    assert growth.evaluate({"sales": Decimal(120), "sales__last_year": Decimal(100)}) == Decimal("0.2")
    assert spans_in(growth.names) == {Span.LAST_YEAR}


def test_the_measures_of_a_span_go_by_their_plain_names():
    measures = {
        "a": Decimal(1),
        "a__previous": Decimal(2),
        "b__previous": Decimal(3),
        "a__last_year": Decimal(4),
    }
    assert shifted(measures, Span.PREVIOUS) == {"a": Decimal(2), "b": Decimal(3)}


def test_the_months_that_a_span_shares_days_with():
    assert [str(m) for m in months_in((date(2026, 9, 28), date(2026, 10, 5)))] == ["2026-09", "2026-10"]
    assert [str(m) for m in months_in((date(2026, 9, 1), date(2026, 10, 1)))] == ["2026-09"]
    assert len(months_in((date(2025, 12, 31), date(2027, 1, 1)))) == 13
