"""Which of the book's periods a scheduled run is for that looks each day whether one is due."""

from __future__ import annotations

from datetime import date
from functools import partial

from ledger import has_ledger
from pipeline.site import Site
from scoring.due import due_period
from scoring.period import Cadence, Period


def due_on_day(site: Site, cadence: Cadence, day: date, kind: str = "scheduled") -> Period | None:
    """The period of that length that a run of `day`, in the organisation's zone, is for; None if none is due.

    `kind` is what Airflow calls the run: only a scheduled one makes up for a day before.
    """
    is_settled = partial(_is_issued, site) if kind == "scheduled" else bool
    return due_period(site.book.ended(cadence, day), day, partial(_due_on, site), is_settled)


def due_by_hand(site: Site, cadence: Cadence, day: date) -> Period | None:
    """The last period of that length that ended before `day`; None where there is none."""
    return next(iter(site.book.ended(cadence, day)), None)


def _due_on(site: Site, period: Period) -> date:
    """The day on which a period is due, in the organisation's zone; one that is never due long after it."""
    due_at = site.book.calendar.due_at(period)
    return date.max if due_at is None else site.book.today(due_at)


def _is_issued(site: Site, period: Period) -> bool:
    """Whether any card of the period was issued."""
    return has_ledger(site.settings.ledger_url) and bool(site.ledger.newest(str(period)))
