"""Which of the book's periods a scheduled run is for that looks each day whether one is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from ledger import has_ledger
from pipeline.site import Site
from scoring.period import Cadence, Period

MADE_UP_FOR = timedelta(days=7)
"""For so many days after its own a period whose run did not come gets one."""


def due_on_day(site: Site, cadence: Cadence, day: date, kind: str = "scheduled") -> Period | None:
    """The period of that length that a run of `day`, in the organisation's zone, is for; None if none is due.

    `kind` is what Airflow calls the run: only a scheduled one makes up for a day before.
    """
    is_settled = partial(_is_issued, site) if kind == "scheduled" else bool
    return due_period(site.book.ended(cadence, day), day, partial(_due_on, site), is_settled)


def due_by_hand(site: Site, cadence: Cadence, day: date) -> Period | None:
    """The last period of that length that ended before `day`; None where there is none."""
    return next(iter(site.book.ended(cadence, day)), None)


def due_period(
    ended: Iterable[Period],
    day: date,
    due_on: Callable[[Period], date],
    is_settled: Callable[[Period], bool],
) -> Period | None:
    """The period that a run of `day` is for: one that is due on it, or was before and is not settled.

    So a day without a scheduler is made up for, and of two that are due on one day each has its own run. None
    is made up for after a week: what nobody missed for so long is a person's decision.
    """
    due = [period for period in ended if timedelta() <= day - due_on(period) <= MADE_UP_FOR]
    wanted = (one for one in sorted(due, key=due_on) if due_on(one) == day or not is_settled(one))
    return next(wanted, None)


def _due_on(site: Site, period: Period) -> date:
    """The day on which a period is due, in the organisation's zone; one that is never due long after it."""
    due_at = site.book.calendar.due_at(period)
    return date.max if due_at is None else site.book.today(due_at)


def _is_issued(site: Site, period: Period) -> bool:
    """Whether any card of the period was issued."""
    return has_ledger(site.settings.ledger_url) and bool(site.ledger.newest(str(period)))
