"""Was everything that is due issued and sent? A run that never came is seen, too."""

from __future__ import annotations

import scorecard_metrics as metrics
import scorecard_run as run
from airflow.sdk import dag, task
from scorecard_notices import failure, late
from scorecard_schedule import ALONE, WATCH


@dag(schedule=WATCH, deadline=late("watch"), **ALONE)
def delivery_watch() -> None:
    """Hold the calendar of the book against the ledger; fail with all that is missing, stuck or uncertain."""

    @task(on_failure_callback=failure())
    def watch() -> None:
        from auditing.watching import watch as look
        from pipeline.steps.refused import raise_all

        with run.open_site(None, mailing=True) as (site, _):
            missing = look(site, now=run.clock)
            metrics.send_what_is_due(site, run.clock())
            raise_all(missing, told="things are missing, stuck or uncertain")

    watch()


delivery_watch()
