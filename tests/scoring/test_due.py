"""When runs are due: by days and by working days, with holidays and the days made up for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.due import Calendar, Cycle, DueTime, due_period
from scoring.errors import UsageError
from scoring.fiscal import Ending, FiscalCalendar
from scoring.period import Cadence, Period

APRIL = FiscalCalendar.of_months(4)
RETAIL = FiscalCalendar.of_weeks("445", Ending.LAST, "sat", 1, 12)


def due(text, cadence=Cadence.MONTH):
    return DueTime.parse(text, cadence)


def calendar(text, deadline=None, cadence=Cadence.MONTH, zone="Europe/Berlin", **days):
    cycle = Cycle(due(text, cadence), deadline and due(deadline, cadence))
    return Calendar(
        zone,
        {cadence: cycle},
        **{name: frozenset(map(date.fromisoformat, each)) for name, each in days.items()},
    )


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "cadence", "number", "at", "is_working_day"),
    [
        ("0 6 3 * *", Cadence.MONTH, 3, time(6), False),
        ("30 18 28 * *", Cadence.MONTH, 28, time(18, 30), False),
        ("working day 3 at 06:00", Cadence.MONTH, 3, time(6), True),
        ("working day 15 at 23:59", Cadence.MONTH, 15, time(23, 59), True),
        ("0 7 * * 1", Cadence.WEEK, 1, time(7), False),
        ("0 7 * * 0", Cadence.WEEK, 7, time(7), False),
        ("0 7 * * 7", Cadence.WEEK, 7, time(7), False),
        ("working day 2 at 09:15", Cadence.WEEK, 2, time(9, 15), True),
        ("day 3 at 06:00", Cadence.QUARTER, 3, time(6), False),
        ("working day 20 at 18:05", Cadence.SPAN, 20, time(18, 5), True),
    ],
)
def test_a_cron_and_a_working_day_are_read(text, cadence, number, at, is_working_day):
    assert due(text, cadence) == DueTime(number, at, is_working_day)


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("0 6 29 * *", Cadence.MONTH),  # not every month has it
        ("0 6 0 * *", Cadence.MONTH),
        ("0 6 * * *", Cadence.MONTH),
        ("0 6 3 1 *", Cadence.MONTH),
        ("60 6 3 * *", Cadence.MONTH),
        ("0 24 3 * *", Cadence.MONTH),
        ("0 6 3 * 1", Cadence.MONTH),
        ("0 7 * * 8", Cadence.WEEK),
        ("0 7 3 * *", Cadence.WEEK),
        ("working day 0 at 06:00", Cadence.MONTH),
        ("working day 16 at 06:00", Cadence.MONTH),
        ("working day 5 at 06:00", Cadence.WEEK),
        ("working day 3 at 24:00", Cadence.MONTH),
        ("working day 3", Cadence.MONTH),
        ("@monthly", Cadence.MONTH),
        ("", Cadence.MONTH),
    ],
)
def test_anything_else_is_refused(text, cadence):
    with pytest.raises(UsageError, match="a cron such as"):
        due(text, cadence)


@pytest.mark.parametrize(
    "text", ["0 6 3 * *", "day 0 at 06:00", "day 21 at 06:00", "working day 3", "day 3 at 24:00"]
)
def test_periods_that_may_begin_on_any_day_have_no_cron(text):
    with pytest.raises(UsageError, match="'day 3 at 06:00' or 'working day 3 at 06:00' after the period"):
        due(text, Cadence.FISCAL_MONTH)


def test_a_day_of_the_next_month_is_taken_in_the_zone_of_the_book():
    assert calendar("0 6 3 * *").due_at(Period(2026, 10)) == utc(2026, 11, 3, 5)
    assert calendar("0 6 3 * *").due_at(Period(2026, 12)) == utc(2027, 1, 3, 5)
    assert calendar("0 6 3 * *", zone="Asia/Shanghai").due_at(Period(2026, 10)) == utc(2026, 11, 2, 22)


def test_a_time_is_the_same_by_the_clock_on_the_wall_before_and_after_summer_time():
    assert calendar("0 6 3 * *").due_at(Period(2026, 6)) == utc(2026, 7, 3, 4)
    assert calendar("0 6 28 * *").due_at(Period(2027, 2)) == utc(
        2027, 3, 28, 4
    )  # the clocks went on at 02:00


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (Period(2026, 9), date(2026, 10, 5)),  # 1 and 2 October, then a weekend
        (Period(2026, 10), date(2026, 11, 4)),  # begins with a Sunday
        (Period(2026, 7), date(2026, 8, 5)),  # begins with a Saturday
    ],
)
def test_working_days_leave_out_weekends(month, day):
    assert calendar("working day 3 at 06:00", zone="UTC").due_at(month).date() == day


def test_holidays_do_not_count_and_days_made_up_for_them_do():
    golden_week = [f"2026-10-0{day}" for day in range(1, 9)]
    china = calendar(
        "working day 3 at 09:00", zone="Asia/Shanghai", holidays=golden_week, made_up=["2026-10-10"]
    )
    # Friday the 9th, Saturday the 10th that is made up, Monday the 12th
    assert china.due_at(Period(2026, 9)) == utc(2026, 10, 12, 1)


def test_a_week_is_due_in_the_week_after_it():
    week = Period(2026, 53, Cadence.WEEK)  # until Sunday, 3 January 2027
    assert calendar("0 7 * * 1", cadence=Cadence.WEEK, zone="UTC").due_at(week) == utc(2027, 1, 4, 7)
    assert calendar("0 7 * * 0", cadence=Cadence.WEEK, zone="UTC").due_at(week) == utc(2027, 1, 10, 7)


def test_without_a_deadline_a_run_begins_when_it_is_due():
    month = Period(2026, 10)
    assert calendar("0 6 3 * *", zone="UTC").deadline_at(month) is None
    assert calendar("0 6 3 * *", zone="UTC").begins_at(month) == utc(2026, 11, 3, 6)
    assert calendar("0 6 3 * *", zone="UTC").expected_by(month) == utc(2026, 11, 3, 8)


def test_with_a_deadline_cards_are_expected_after_it():
    waits = calendar("0 6 3 * *", "working day 5 at 18:00", zone="UTC")
    assert waits.begins_at(Period(2026, 10)) == utc(2026, 11, 6, 18)
    assert waits.expected_by(Period(2026, 10)) == utc(2026, 11, 6, 20)


def test_a_deadline_before_the_run_is_due_waits_for_nothing():
    early = calendar("working day 5 at 06:00", "0 6 3 * *", zone="UTC")
    assert early.deadline_at(Period(2026, 10)) == early.due_at(Period(2026, 10)) == utc(2026, 11, 6, 6)


def test_a_quarter_has_no_cycle():
    none = calendar("0 6 3 * *")
    quarter = Period.parse("2026-Q3")
    assert (none.due_at(quarter), none.deadline_at(quarter), none.expected_by(quarter)) == (None, None, None)


def test_days_to_object_are_working_days_after_the_day():
    days = calendar("0 6 3 * *", holidays=["2026-11-05"], made_up=["2026-11-07"])
    assert days.after(date(2026, 11, 3), 1) == date(2026, 11, 4)
    assert days.after(date(2026, 11, 3), 2) == date(2026, 11, 6)
    assert days.after(date(2026, 11, 3), 3) == date(2026, 11, 7)
    assert days.after(date(2026, 11, 7), 1) == date(2026, 11, 9)


@settings(max_examples=40, deadline=None)
@given(
    fiscal=st.sampled_from([APRIL, RETAIL]),
    cadence=st.sampled_from([Cadence.FISCAL_QUARTER, Cadence.FISCAL_YEAR, Cadence.QUARTER, Cadence.MONTH]),
    later=st.integers(0, 19),
    away=st.sets(st.integers(0, 399), max_size=200),
)
def test_days_without_a_scheduler_lose_no_period_but_where_they_last_a_week(fiscal, cadence, later, away):
    """By looking at each period: it has its run on the first day of the eight from its own that has one."""

    def due_on(period):
        return period.end + timedelta(days=later)

    issued, found = set(), {}
    ended_by = ended(cadence, fiscal)
    for at, day in enumerate(date(2026, 1, 1) + timedelta(days=number) for number in range(400)):
        period = None if at in away else due_period(ended_by(day), day, due_on, issued.__contains__)
        if period is not None and period not in issued:
            issued.add(period)
            found[period] = at
    for period in ended_by(date(2027, 2, 3)):
        own = (due_on(period) - date(2026, 1, 1)).days
        possible = [at for at in range(own, min(own + 8, 400)) if at >= 0 and at not in away]
        assert found.get(period) == next(iter(possible), None)


def ended(cadence, fiscal):
    calendar = fiscal if cadence.startswith("fiscal") else None
    return lambda day: [*Period.containing(day, cadence, calendar).shift(-1).window(12)]
