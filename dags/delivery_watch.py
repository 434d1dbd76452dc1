"""Was everything that is due issued and sent? A run that never came is seen, too."""

from __future__ import annotations

import logging

import scorecard_metrics as metrics
import scorecard_run as run
from airflow.sdk import dag, task
from scorecard_notices import failure, late
from scorecard_schedule import ALONE, WATCH

log = logging.getLogger(__name__)


@dag(schedule=WATCH, deadline=late("watch"), **ALONE)
def delivery_watch() -> None:
    """Hold the calendar of the book against the ledger; fail with all that is missing, stuck or uncertain."""

    @task(on_failure_callback=failure())
    def watch() -> None:
        from auditing.telling import tell_approvers
        from auditing.watching import watch as look
        from pipeline.steps.refused import raise_all

        with run.open_site(None, mailing=True) as (site, _):
            missing = look(site, now=run.clock)
            told = [*tell_approvers(site, now=run.clock), *run.remind_of_marks(site)]
            log.info("watch: told: %s", "; ".join(told) or "nobody")
            metrics.send_what_is_due(site, run.clock())
            raise_all(missing, told="things are missing, stuck or uncertain")

    watch()


delivery_watch()
