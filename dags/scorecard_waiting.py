"""The waiting of a scheduled run: for the day it is due, and for what it needs until the book's deadline."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import scorecard_run as run
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowRescheduleException

if TYPE_CHECKING:
    from pipeline.site import Site
    from pipeline.steps import Steps
    from scoring.period import Period

LOOK_AGAIN = timedelta(minutes=15)

log = logging.getLogger(__name__)


def is_ready(planned: run.Planned) -> bool:
    """Whether the run goes on: always true, because it is put off by an exception while it waits.

    No worker is taken meanwhile. A run by hand and a backfill do not wait.
    """
    if get_current_context()["dag_run"].run_type.value == "scheduled":
        with run.open_site(planned) as (site, steps):
            _wait_until_due(site, run.period_of(planned))
            _wait_for_sources(site, steps, run.period_of(planned))
    return True


def _wait_until_due(site: Site, period: Period) -> None:
    due_at = site.book.calendar.due_at(period)
    if due_at is not None and run.clock() < due_at:
        log.info("%s: is due at %s", period, due_at)
        raise AirflowRescheduleException(due_at)


def _wait_for_sources(site: Site, steps: Steps, period: Period) -> None:
    deadline = site.book.calendar.deadline_at(period)
    if deadline is None:
        return
    # before the sources are looked at: what comes while they are is not late
    now = run.clock()
    lacking = steps.still_lacking(site, period, now=run.clock)
    if not lacking:
        return
    if now < deadline:
        log.info("%s: waits until %s for %s", period, deadline, "; ".join(lacking))
        raise AirflowRescheduleException(_next_look(now, deadline))
    log.warning(
        "%s: the deadline %s has passed without %s; the cards that stand on it are %s",
        period,
        deadline,
        "; ".join(lacking),
        "held" if site.book.policy.missing_source.value == "hold" else "provisional",
    )


def _next_look(now: datetime, deadline: datetime) -> datetime:
    return min(now + LOOK_AGAIN, deadline)
