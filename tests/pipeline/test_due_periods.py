"""Which period a daily run is for: each one of the book once, on the day it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from pipeline.due import due_by_hand, due_on_day
from scoring.due import Calendar, Cycle, DueTime, due_period
from scoring.fiscal import Ending, FiscalCalendar
from scoring.fiscal_years import FiscalYears
from scoring.period import Cadence, Period

APRIL = FiscalCalendar.of_months(4)
RETAIL = FiscalCalendar.of_weeks("445", Ending.LAST, "sat", 1, 12)
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def site_with(unsent):
    """The small company, with other periods: how long they are, when they are due, and its years."""

    def build(cadence, due, fiscal=None, targets=()):
        site = unsent.open()
        calendar = Calendar("Europe/Berlin", {cadence: Cycle(DueTime.parse(due, cadence))})
        book = replace(site.book, calendar=calendar, fiscal_years=FiscalYears(fiscal), targets=tuple(targets))
        return replace(site, book=book)

    return build


def days(first, count):
    return (date.fromisoformat(first) + timedelta(days=number) for number in range(count))


def run_daily(site, cadence, first, count):
    """The day and the period of each run that is not skipped."""
    found = ((day, due_on_day(site, cadence, day, "backfill")) for day in days(first, count))
    return [(str(day), str(period)) for day, period in found if period is not None]


def test_each_month_of_a_year_with_a_week_53_has_its_run_once(site_with):
    site = site_with(Cadence.FISCAL_MONTH, "day 2 at 06:00", RETAIL)
    found = run_daily(site, Cadence.FISCAL_MONTH, "2023-01-01", 7 * 366)
    named = [name for _, name in found]
    assert len(named) == len(set(named))
    periods = [Period.parse(name) for name in named]
    assert all(one.end == other.start for one, other in pairwise(periods))
    assert all(day == str(period.end + A_DAY) for (day, _), period in zip(found, periods, strict=True))
    # the last month has five weeks, and six in a year of 53
    assert {(one.end - one.start).days // 7 for one in periods} == {4, 5, 6}
    assert any(RETAIL.weeks_in(one.year) == 53 for one in periods)


@pytest.mark.parametrize(
    ("cadence", "first", "expected"),
    [
        (
            Cadence.FISCAL_QUARTER,
            "2026-01-01",
            [
                ("2026-01-02", "FY2025-04-Q3"),
                ("2026-04-02", "FY2025-04-Q4"),
                ("2026-07-02", "FY2026-04-Q1"),
                ("2026-10-02", "FY2026-04-Q2"),
            ],
        ),
        (Cadence.FISCAL_YEAR, "2026-01-01", [("2026-04-02", "FY2025-04")]),
        (Cadence.YEAR, "2025-12-20", [("2026-01-02", "2025")]),
        (Cadence.QUARTER, "2026-09-20", [("2026-10-02", "2026-Q3"), ("2027-01-04", "2026-Q4")]),
    ],
)
def test_a_year_that_begins_in_april_and_those_of_everybody(site_with, cadence, first, expected):
    """Due on the second working day: 1 January is a Thursday in 2026 and a Friday in 2027."""
    site = site_with(cadence, "working day 2 at 06:00", APRIL)
    assert run_daily(site, cadence, first, 365)[: len(expected)] == expected


def test_free_spans_are_those_that_have_targets_and_two_that_end_together_have_two_runs(site_with, unsent):
    (row, *_) = unsent.open().book.targets

    def span(first, end):
        return replace(row, per=Cadence.SPAN, valid_from=date.fromisoformat(first), valid_until=end)

    end = date(2026, 6, 16)
    rows = [span("2026-06-01", end), span("2026-05-04", end), span("2026-06-01", end + 30 * A_DAY)]
    site = site_with(Cadence.SPAN, "day 1 at 06:00", targets=rows)
    assert run_daily(site, Cadence.SPAN, "2026-06-01", 14) == []
    assert due_by_hand(site, Cadence.SPAN, end - A_DAY) is None
    issued, found = set(), []
    for day in days("2026-06-10", 60):
        ended = site.book.ended(Cadence.SPAN, day)
        period = due_period(ended, day, lambda one: one.end, issued.__contains__)
        if period is not None:
            issued.add(period)
            found.append((str(day), str(period)))
    assert found == [
        ("2026-06-16", "2026-06-01..2026-06-15"),
        ("2026-06-17", "2026-05-04..2026-06-15"),
        ("2026-07-16", "2026-06-01..2026-07-15"),
    ]


def test_what_was_issued_is_settled_and_what_was_not_is_made_up_for(unsent, site_with):
    site = site_with(Cadence.MONTH, "0 6 3 * *")
    assert str(due_on_day(site, Cadence.MONTH, date(2026, 11, 3))) == "2026-10"
    # October was issued, so its day is over; nothing was of September
    assert due_on_day(site, Cadence.MONTH, date(2026, 11, 4)) is None
    assert str(due_on_day(site, Cadence.MONTH, date(2026, 10, 10))) == "2026-09"
    assert due_on_day(site, Cadence.MONTH, date(2026, 10, 11)) is None
