"""The month's scorecards. Wiring only: each task opens the site and calls one step of the pipeline."""

from __future__ import annotations

import scorecard_run as run
from airflow.sdk import dag, task
from scorecard_schedule import ANYWAY, FIRST_MONTH, MONTHLY, PARAMS, RETRIES


@dag(schedule=MONTHLY, start_date=FIRST_MONTH, params=PARAMS, default_args=RETRIES)
def monthly_scorecards() -> None:
    """Gather and measure, revise earlier cards, score each team, then render, issue and mail its card."""

    @task
    def plan() -> run.Planned:
        return run.plan()

    @task
    def sources(planned: run.Planned) -> list[list[str]]:
        with run.open_site(planned) as (site, _):
            return run.chunks(site.book.source_names)

    @task(map_index_template="{{ task.op_kwargs['sources'] | join(', ') }}", max_active_tis_per_dag=1)
    def gather(planned: run.Planned, sources: list[str]) -> None:
        with run.open_site(planned) as (site, steps):
            run.gather(site, steps, run.period_of(planned), sources)

    @task(trigger_rule=ANYWAY)
    def measure(planned: run.Planned) -> None:
        with run.open_site(planned) as (site, steps):
            run.refuse_broken_off(site)
            steps.measure(site, run.period_of(planned))

    @task
    def restate(planned: run.Planned) -> None:
        with run.open_site(planned) as (site, steps):
            steps.restate(site, run.period_of(planned), run.teams(), now=run.clock())

    @task
    def score(planned: run.Planned) -> list[list[str]]:
        with run.open_site(planned) as (site, steps):
            return run.chunks(steps.score(site, run.period_of(planned), run.teams()))

    @task(map_index_template="{{ task.op_kwargs['cards'] | join(', ') }}")
    def render(planned: run.Planned, cards: list[str]) -> list[str]:
        with run.open_site(planned) as (site, steps):
            return [steps.render(site, card) for card in cards]

    @task
    def issue(planned: run.Planned, cards: list[list[str]]) -> list[int]:
        """Issue all cards; what this run is to mail, earlier cards that were restated first."""
        with run.open_site(planned) as (site, steps):
            return run.issue(site, steps, run.period_of(planned), run.joined(cards))

    @task(map_index_template="issue {{ task.op_kwargs['issue'] }}")
    def deliver(planned: run.Planned, issue: int) -> str:
        with run.open_site(planned, mailing=True) as (site, steps):
            return ", ".join(outcome.state for outcome in steps.deliver(site, issue, now=run.clock))

    @task(trigger_rule="all_done")
    def report(planned: run.Planned | None) -> str:
        decided = run.or_end(planned)
        with run.open_site(decided, mailing=True) as (site, steps):
            return run.report(site, steps, run.period_of(decided))

    planned = plan()
    gathered = gather.partial(planned=planned).expand(sources=sources(planned))
    measured, restated, scored = measure(planned), restate(planned), score(planned)
    gathered >> measured >> restated >> scored
    to_mail = issue(planned, render.partial(planned=planned).expand(cards=scored))
    deliver.partial(planned=planned).expand(issue=to_mail) >> report(planned)


monthly_scorecards()
