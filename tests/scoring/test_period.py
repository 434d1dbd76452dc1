from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import UsageError
from scoring.period import Cadence, Period, runs_of

ORDINARY = (Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR)


def test_a_month_is_half_open():
    october = Period.parse("2026-10")
    assert (october.start, october.end) == (date(2026, 10, 1), date(2026, 11, 1))
    assert date(2026, 10, 1) in october
    assert date(2026, 10, 31) in october
    assert date(2026, 11, 1) not in october
    assert date(2026, 9, 30) not in october


def test_december_ends_in_the_next_year_and_a_leap_february_has_29_days():
    assert Period.parse("2025-12").end == date(2026, 1, 1)
    assert len(list(Period.parse("2028-02").days())) == 29


def test_the_window_ends_with_the_month_and_crosses_years():
    window = Period.parse("2026-01").window(13)
    assert [str(window[0]), str(window[-1]), len(window)] == ["2025-01", "2026-01", 13]


@pytest.mark.parametrize("months", [-25, -1, 0, 1, 11, 12, 13])
def test_shifting_there_and_back_is_the_same_month(months):
    period = Period.parse("2026-01")
    assert period.shift(months).shift(-months) == period


@pytest.mark.parametrize(
    "text",
    [
        *("2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "", "9999-01", "２０２６-10", "2026-"),
        *("2026-W00", "2026-W54", "2026-W1", "2026-Q0", "2026-Q5", "9999", "202"),
    ],
)
def test_what_is_no_month_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="expected a month such as 2026-10"):
        Period.parse(text)


def test_a_week_that_the_year_does_not_have_is_refused_with_the_number_of_its_weeks():
    with pytest.raises(UsageError, match=r"expected a week of 2025, which has 52, found '2025-W53'"):
        Period.parse("2025-W53")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-W40", date(2026, 9, 28), date(2026, 10, 5)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2028", date(2028, 1, 1), date(2029, 1, 1)),
    ],
)
def test_weeks_quarters_and_years_are_half_open_too(text, start, end):
    period = Period.parse(text)
    assert (period.start, period.end, str(period)) == (start, end, text)
    assert start in period
    assert end not in period
    assert period.last_day == end - timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "before"),
    [("2026-10", "2025-10"), ("2026-Q1", "2025-Q1"), ("2026", "2025"), ("2026-W53", "2025-W52")],
)
def test_the_same_period_of_the_year_before(text, before):
    assert str(Period.parse(text).a_year_before()) == before


def test_the_parts_of_a_period_are_all_that_share_days_with_it():
    quarter = Period.parse("2026-Q4")
    assert [str(part) for part in quarter.parts(Cadence.MONTH)] == ["2026-10", "2026-11", "2026-12"]
    assert len(Period.parse("2026").parts(Cadence.QUARTER)) == 4
    crossing = Period.parse("2026-W40").parts(Cadence.MONTH)
    assert [str(part) for part in crossing] == ["2026-09", "2026-10"]


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.sampled_from(ORDINARY), st.integers(-200, 200))
def test_periods_of_a_cadence_follow_each_other_without_gap_or_overlap(day, cadence, count):
    period = Period.containing(day, cadence)
    assert day in period
    assert Period.parse(str(period)) == period
    assert period.shift(1).start == period.end
    assert period.shift(count).shift(-count) == period
    assert (period.shift(count) < period) == (count < 0)


@given(st.integers(1950, 2150))
def test_a_year_has_a_week_53_exactly_where_the_iso_calendar_has_one(year):
    last = date(year, 12, 28).isocalendar().week
    text = f"{year}-W53"
    if last == 53:
        week = Period.parse(text)
        assert date(year, 12, 31) in week
        assert week.a_year_before() == Period(year - 1, 52, Cadence.WEEK)
    else:
        with pytest.raises(UsageError, match=f"expected a week of {year}, which has 52, .* {year + 1}-W01"):
            Period.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "before", "a_year_before"),
    [
        ("2019-03..2019-05", "2019-03-01", "2019-06-01", "2018-12-01..2019-02-28", "2018-03-01..2018-05-31"),
        ("2023-09..2024-02", "2023-09-01", "2024-03-01", "2023-03-01..2023-08-31", "2022-09-01..2023-02-28"),
        (
            "2024-02-29..2024-03-09",
            "2024-02-29",
            "2024-03-10",
            "2024-02-19..2024-02-28",
            "2023-02-28..2023-03-09",
        ),
    ],
)
def test_a_span_is_a_period_of_its_days(text, start, end, before, a_year_before):
    span = Period.parse(text)
    assert (str(span.start), str(span.end)) == (start, end)
    assert (str(span.shift(-1)), str(span.a_year_before())) == (before, a_year_before)
    assert str(span) == f"{start}..{span.last_day}"
    assert Period.parse(str(span)) == span
    assert span.shift(-1).shift(1) == span
    assert span.window(2)[-1] == span
    assert span.through(span) == (span,)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(0, 900), st.integers(-3, 3))
def test_spans_before_and_after_touch_it_and_are_as_long(day, more, count):
    span = Period.of_days(day, day + timedelta(days=more))
    assert span.shift(-1).end == span.start
    assert span.shift(1).start == span.end
    assert Period.parse(str(span)) == span
    if span.months is None:
        assert len(list(span.shift(count).days())) == more + 1
    else:
        assert span.shift(count).months == span.months


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2018-02..2018-03-04", "two days or two months"),
        ("2018-02-01..2018-03", "two days or two months"),
        ("2018-02-30..2018-03-04", "days of the calendar"),
        ("2018-02..2018-13", "days of the calendar"),
        ("2018-05..2018-04", "that ends after it begins"),
        ("2000-01..2012-01", "at most 3660 days"),
        ("1899-12..1900-01", "that ends after it begins"),
    ],
)
def test_a_span_that_is_none_is_refused_with_what_is_wrong_with_it(text, said):
    with pytest.raises(UsageError, match=said):
        Period.parse(text)


def test_a_length_has_words_and_a_text_the_form_of_a_span():
    assert (Cadence.FISCAL_QUARTER.words, Cadence.WEEK.words) == ("fiscal quarter", "week")
    assert Period.is_span("2018-03..2018-04")
    assert not Period.is_span("2018-W03..2018-W04")


def test_through_has_every_period_up_to_the_last_and_none_backwards():
    january = Period(2026, 1)
    assert [str(p) for p in Period(2025, 11).through(january)] == ["2025-11", "2025-12", "2026-01"]
    assert january.through(january) == (january,)
    assert january.through(Period(2025, 12)) == ()


def test_days_that_follow_one_another_are_one_run():
    days = [date(2026, 10, day) for day in (3, 4, 5, 9, 30, 31)] + [date(2026, 11, 1)]
    assert [(str(first), str(last)) for first, last in runs_of(days)] == [
        ("2026-10-03", "2026-10-05"),
        ("2026-10-09", "2026-10-09"),
        ("2026-10-30", "2026-11-01"),
    ]
    assert runs_of([]) == []
