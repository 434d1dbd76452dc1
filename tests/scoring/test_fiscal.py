"""Fiscal years against a second way to find their days: walking from day to day."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import UsageError
from scoring.fiscal import CALENDAR_YEAR, PATTERNS, WEEKDAYS, Ending, FiscalCalendar, Naming, name_of_year
from scoring.fiscal_years import FiscalYears
from scoring.period import Cadence, Period
from scoring.spans import FiscalToDate, by_fiscal_year, days_of, is_to_date, name_in, split_name

FISCAL = (Cadence.FISCAL_MONTH, Cadence.FISCAL_QUARTER, Cadence.FISCAL_YEAR)
DAY = timedelta(days=1)
MONTHLY = st.builds(FiscalCalendar.of_months, st.integers(2, 12))
WEEKLY = st.builds(
    FiscalCalendar.of_weeks,
    st.sampled_from(PATTERNS),
    st.sampled_from(Ending),
    st.sampled_from(WEEKDAYS),
    st.integers(1, 12),
    st.integers(1, 12),
)
YEARS = st.integers(1990, 2030)


def ends_by_walking(ending, weekday, month, year):
    """The last day of the year of weeks that ends about the end of that month, by looking at every day."""
    first = date(year, month, 1)
    days = [first + DAY * n for n in range(40)]
    last = max(day for day in days if day.month == month)
    right = [day for day in days if day.weekday() == WEEKDAYS.index(weekday)]
    if ending is Ending.LAST:
        return max(day for day in right if day <= last)
    return min(right, key=lambda day: abs((day - last).days))


@given(
    *(st.sampled_from(PATTERNS), st.sampled_from(Ending), st.sampled_from(WEEKDAYS)),
    *(st.integers(1, 12), st.integers(1, 12), YEARS),
)
def test_years_of_weeks_end_on_their_weekday_and_have_52_or_53_weeks(
    pattern, ending, weekday, month, week_53, year
):
    calendar = FiscalCalendar.of_weeks(pattern, ending, weekday, month, week_53)
    first, *_, end = starts = calendar.starts(year)
    ends_in = year if month == 12 else year + 1
    assert end - DAY == ends_by_walking(ending, weekday, month, ends_in)
    assert first - DAY == ends_by_walking(ending, weekday, month, ends_in - 1)
    weeks = [(after - before).days // 7 for before, after in pairwise(starts)]
    assert sum(weeks) == calendar.weeks_in(year) == (end - first).days / 7
    usual = [int(count) for count in pattern * 4]
    longer = [
        number
        for number, (found, as_usual) in enumerate(zip(weeks, usual, strict=True), 1)
        if found != as_usual
    ]
    assert longer == ([week_53] if sum(weeks) == 53 else [])


def test_every_anchor_gives_years_of_52_or_53_weeks_that_follow_each_other_for_40_years():
    for ending, weekday, month in product(Ending, WEEKDAYS, range(1, 13)):
        calendar = FiscalCalendar.of_weeks("454", ending, weekday, month)
        for year in range(1990, 2031):
            assert calendar.starts(year)[-1] == calendar.starts(year + 1)[0]
            assert calendar.weeks_in(year) in (52, 53)


@given(MONTHLY | WEEKLY, YEARS, st.sampled_from(FISCAL))
def test_fiscal_periods_tile_the_days_without_gap_or_overlap(calendar, year, cadence):
    if cadence is Cadence.FISCAL_MONTH and not calendar.has_weeks:
        cadence = Cadence.FISCAL_YEAR
    first = Period(year, 1, cadence, calendar)
    periods = first.through(
        Period.containing(Period(year + 2, 1, Cadence.FISCAL_YEAR, calendar).last_day, cadence, calendar)
    )
    day = first.start
    for period in periods:
        assert period.start == day
        assert period.start in period
        assert Period.containing(period.last_day, cadence, calendar) == period
        assert Period.parse(str(period)) == period
        assert period.shift(1).shift(-1) == period
        assert period.a_year_before().number == period.number
        day = period.end
    assert day == calendar.starts(year + 2)[-1]


@given(MONTHLY | WEEKLY, st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_every_day_is_in_one_month_of_one_year(calendar, day):
    starts = calendar.starts(calendar.year_of(day))
    assert calendar.year_start(day) == starts[0] <= day < starts[-1]
    number = calendar.month_of(day)
    assert starts[number - 1] <= day < starts[number]


@pytest.mark.parametrize(
    ("calendar", "longer"),
    [
        # the years of American retail that are known to have had 53 weeks
        (FiscalCalendar("454nearsat01"), [2000, 2006, 2012, 2017, 2023]),
        # a maker of telephones whose years are named by their end: 2006, 2012, 2017 and 2023
        (FiscalCalendar("445lastsat09"), [2005, 2011, 2016, 2022]),
    ],
)
def test_the_years_that_are_known_to_have_had_53_weeks(calendar, longer):
    assert [year for year in range(2000, 2026) if calendar.weeks_in(year) == 53] == longer


def test_a_year_of_months_begins_with_its_month_and_has_no_weeks():
    november = FiscalCalendar.of_months(11)
    assert november.starts(2019)[:3] == (date(2019, 11, 1), date(2019, 12, 1), date(2020, 1, 1))
    assert november.starts(2019)[-1] == date(2020, 11, 1)
    assert november.weeks_in(2019) is None
    assert CALENDAR_YEAR.starts(2019)[-1] == date(2020, 1, 1)


def test_quarters_and_months_lie_within_their_year():
    april = FiscalCalendar.of_months(4)
    third = Period.parse("FY2031-04-Q3")
    assert (third.start, third.last_day) == (date(2031, 10, 1), date(2031, 12, 31))
    assert third == Period(2031, 3, Cadence.FISCAL_QUARTER, april)
    assert [str(part) for part in third.parts(Cadence.MONTH)] == ["2031-10", "2031-11", "2031-12"]
    year = Period.parse("FY2030-544lastfri06w03")
    assert [str(part) for part in year.parts(Cadence.FISCAL_QUARTER)] == [
        f"FY2030-544lastfri06w03-Q{number}" for number in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("calendar", "naming", "name"),
    [
        (FiscalCalendar("04"), Naming.BOTH, "FY2031/32"),
        (FiscalCalendar("04"), Naming.FIRST, "FY2031"),
        (FiscalCalendar("445lastsat01"), Naming.LAST, "FY2032"),
        (FiscalCalendar("445nearsun12"), Naming.BOTH, "FY2031"),
        (FiscalCalendar("445nearsun12"), Naming.LAST, "FY2031"),
    ],
)
def test_a_year_is_named_by_the_calendar_years_it_is_said_to_have(calendar, naming, name):
    assert name_of_year(calendar, 2031, naming) == name


def test_a_century_is_crossed_in_a_name():
    assert name_of_year(FiscalCalendar("10"), 2099) == "FY2099/00"


@pytest.mark.parametrize(
    ("naming", "text", "found"),
    [
        (Naming.BOTH, "FY2031/32-Q3", "FY2031-07-Q3"),
        (Naming.BOTH, "FY2031-32", "FY2031-07"),
        (Naming.FIRST, "FY2031-Q1", "FY2031-07-Q1"),
        (Naming.FIRST, "FY2031/32", "FY2031-07"),
        (Naming.LAST, "FY2032-Q4", "FY2031-07-Q4"),
        (Naming.LAST, "FY2031-07-Q4", "FY2031-07-Q4"),
        (Naming.LAST, "2031-07", "2031-07"),
    ],
)
def test_people_name_a_period_by_the_naming_of_the_book_or_by_both_years(naming, text, found):
    years = FiscalYears(FiscalCalendar("07"), naming)
    assert str(years.period(text)) == str(years.own_period(text)) == found


@pytest.mark.parametrize(
    ("years", "text", "said"),
    [
        (FiscalYears(FiscalCalendar("07")), "FY2031", "such as FY2031/32, found 'FY2031'"),
        (FiscalYears(FiscalCalendar("07")), "FY2031/33-Q1", "named as the book names it"),
        (FiscalYears(FiscalCalendar("07")), "FY2031/32-Q5", "a number from 1 to 4 after Q"),
        (FiscalYears(FiscalCalendar("07")), "FY2031/32-P13", "a number from 1 to 12 after P"),
        (FiscalYears(FiscalCalendar("07")), "FY2031/32-P4", "which is the month 2031-10"),
        (FiscalYears(), "FY2031/32", "a book with a fiscal year"),
        (
            FiscalYears(FiscalCalendar("07")),
            "FY2031-04-Q1",
            "such as FY2031/32, found 'FY2031-04-Q1' of another",
        ),
        (FiscalYears(), "FY2031-04-Q1", "which has none"),
        (FiscalYears(), "FY2031-01-Q1", "expected a month such as"),
    ],
)
def test_what_is_no_period_of_the_book_is_refused(years, text, said):
    with pytest.raises(UsageError, match=said):
        years.own_period(text)


@pytest.mark.parametrize(
    ("name", "period", "days"),
    [
        ("sales__year_to_date_09", "2031-02", (date(2030, 9, 1), date(2031, 3, 1))),
        ("sales__year_to_date_09", "FY2030-09-Q2", (date(2030, 9, 1), date(2031, 3, 1))),
        ("sales__year_to_date_09_since_20301015", "2031-02", (date(2030, 10, 15), date(2031, 3, 1))),
        # not begun, and of a year before
        ("sales__year_to_date_09_since_20310315", "2031-02", (date(2031, 2, 1), date(2031, 2, 1))),
        ("sales__year_to_date_09_since_20291015", "2031-02", (date(2031, 2, 1), date(2031, 2, 1))),
        ("sales__year_to_date_445lastsat01w05", "2031-02", (date(2031, 1, 26), date(2031, 3, 1))),
    ],
)
def test_a_fiscal_year_to_date_says_in_its_name_which_days_it_has(name, period, days):
    measure, span = split_name(name)
    assert (measure, isinstance(span, FiscalToDate)) == ("sales", True)
    assert name_in(measure, span) == name
    assert days_of(Period.parse(period), span) == days
    assert is_to_date(span)


def test_a_formula_of_the_year_to_date_counts_from_the_fiscal_year_where_there_is_one():
    formula = "spend__year_to_date / budget__year_to_date - spend__last_year"
    assert by_fiscal_year(formula, None) == formula
    assert by_fiscal_year(formula, FiscalCalendar("04")) == (
        "spend__year_to_date_04 / budget__year_to_date_04 - spend__last_year"
    )


def test_the_last_days_of_december_may_lie_in_the_year_that_begins_with_them():
    """The Saturday nearest the end of December 2024 is the 28th."""
    years = FiscalCalendar.of_weeks("445", Ending.NEAREST, "sat", 12)
    assert [years.year_of(date(2024, 12, day)) for day in (28, 29, 31)] == [2024, 2025, 2025]
