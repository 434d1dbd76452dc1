"""When a period is closed: on the close day of the month after the one that it ends in."""

from datetime import date, timedelta

import pytest

from scoring.closing import close_date, is_closed
from scoring.period import Period


@pytest.mark.parametrize(
    ("period", "closed"),
    [
        ("2026-09", "2026-10-15"),
        ("2026-12", "2027-01-15"),
        ("2026-W39", "2026-10-15"),  # ends on 27 September
        ("2026-W40", "2026-11-15"),  # ends on 4 October
        ("2026-W53", "2027-02-15"),  # ends on 3 January
        ("2026-Q3", "2026-10-15"),
        ("2026-Q4", "2027-01-15"),
        ("2026", "2027-01-15"),
    ],
)
def test_a_period_is_open_until_the_day_before_and_closed_on_its_close_day(period, closed):
    period, day = Period.parse(period), date.fromisoformat(closed)
    assert close_date(period, 15) == day
    assert not is_closed(period, 15, day - timedelta(days=1))
    assert is_closed(period, 15, day)


def test_every_close_day_exists_in_every_month():
    assert close_date(Period(2026, 1), 28) == date(2026, 2, 28)
    assert close_date(Period(2026, 1), 1) == date(2026, 2, 1)
