from datetime import date

import pytest

from scoring.errors import UsageError
from scoring.period import Period


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
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "", "9999-01", "２０２６-10"]
)
def test_what_is_no_month_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="expected a month such as 2026-10"):
        Period.parse(text)
