"""What is new of every source, each day, so that a month's end finds little left to do. Wiring only."""

from __future__ import annotations

import scorecard_ingest as ingest
import scorecard_run as run
from airflow.sdk import dag, task
from scorecard_notices import failure, late
from scorecard_schedule import ALONE, INGEST, LOADING


@dag(schedule=INGEST, deadline=late("ingest"), **ALONE)
def daily_ingest() -> None:
    """Pull and load the months that platforms may still change; a source with news has an asset event."""

    @task(on_failure_callback=failure())
    def plan() -> run.Planned:
        return ingest.plan()

    @task
    def sources(planned: run.Planned) -> list[list[str]]:
        with run.open_site(planned) as (site, _):
            return run.chunks(site.book.source_names)

    @task(
        map_index_template="{{ task.op_kwargs['sources'] | join(', ') }}",
        on_failure_callback=failure(),
        **LOADING,
        outlets=[ingest.LOADED],
    )
    def gather(planned: run.Planned, sources: list[str]) -> list[str]:
        with run.open_site(planned) as (site, steps):
            return ingest.gather(site, steps, run.period_of(planned), sources)

    planned = plan()
    gather.partial(planned=planned).expand(sources=sources(planned))


daily_ingest()
