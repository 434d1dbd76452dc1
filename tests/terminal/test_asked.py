"""Periods as the options of a listing name them."""

import pytest

from scoring.errors import UsageError
from terminal.asked import periods_of


def test_a_range_of_months_is_its_months_and_their_span():
    found = [*map(str, periods_of(["2031-11..2032-01", "2031-12", "2031-W05"]))]
    assert found == ["2031-11", "2031-12", "2032-01", "2031-11-01..2032-01-31", "2031-W05"]


def test_a_range_of_days_is_a_span_and_one_of_weeks_is_none():
    assert [*map(str, periods_of(["2031-11-03..2032-01-15"]))] == ["2031-11-03..2032-01-15"]
    assert [*map(str, periods_of(["2031-W05..2031-W06"]))] == ["2031-W05", "2031-W06"]


def test_a_range_of_many_years_is_its_months_alone():
    assert len(periods_of(["2001-01..2012-12"])) == 144


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(UsageError, match="swap them"):
        periods_of(["2032-01..2031-11"])
