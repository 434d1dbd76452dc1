"""Open and closed periods: a change of a period is a restatement from its close day on."""

from __future__ import annotations

from datetime import date

from scoring.period import Cadence, Period

DEFAULT_CLOSE_DAY = 15
LAST_CLOSE_DAY = 28
"""Every month has it."""


def close_date(period: Period, close_day: int) -> date:
    """The first day on which `period` is closed: the close day of the month after the one it ends in.

    A week that ends in October is closed together with October, as are its quarter and year if they end
    with it.
    """
    month = Period.containing(period.last_day, Cadence.MONTH)
    return month.end.replace(day=close_day)


def is_closed(period: Period, close_day: int, today: date) -> bool:
    """Whether `period` is closed on `today`, a day in the organisation's own time zone."""
    return today >= close_date(period, close_day)
