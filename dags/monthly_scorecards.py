"""The month's scorecards. Wiring only: each task opens the site and calls one step of the pipeline."""

from __future__ import annotations

import scorecard_run as run
from airflow.sdk import dag, task
from scorecard_schedule import ANYWAY, FIRST_MONTH, MONTHLY, PARAMS, RETRIES


@dag(schedule=MONTHLY, start_date=FIRST_MONTH, params=PARAMS, default_args=RETRIES)
def monthly_scorecards() -> None:
    """Pull, load and measure, revise earlier cards, score each team, then render, issue and mail its card."""

    @task
    def plan() -> str:
        with run.open_site() as (site, _):
            return run.plan(site)

    @task
    def sources(period: str) -> list[str]:
        with run.open_site() as (site, _):
            return list(site.book.source_names)

    @task(map_index_template="{{ task.op_kwargs['source'] }}")
    def extract(period: str, source: str) -> None:
        with run.open_site() as (site, steps), run.going_through():
            steps.extract(site, run.period_of(period), source, now=run.clock())

    @task(map_index_template="{{ task.op_kwargs['source'] }}", max_active_tis_per_dag=1, trigger_rule=ANYWAY)
    def load(period: str, source: str) -> None:
        with run.open_site() as (site, steps), run.going_through():
            steps.load(site, run.period_of(period), source, now=run.clock(), allow_empty=run.may_empty())

    @task(trigger_rule=ANYWAY)
    def measure(period: str) -> str:
        with run.open_site() as (site, steps):
            run.refuse_broken_off(site)
            steps.measure(site, run.period_of(period))
        return period

    @task
    def refused(period: str) -> None:
        with run.open_site() as (site, steps):
            steps.refused(site, run.period_of(period))

    @task
    def restate(period: str) -> str:
        with run.open_site() as (site, steps):
            steps.restate(site, run.period_of(period), run.teams(), now=run.clock())
        return period

    @task
    def score(period: str) -> list[list[str]]:
        with run.open_site() as (site, steps):
            return run.chunks(steps.score(site, run.period_of(period), run.teams()))

    @task(map_index_template="{{ task.op_kwargs['cards'] | join(', ') }}")
    def render(cards: list[str]) -> list[str]:
        with run.open_site() as (site, steps):
            return [steps.render(site, card) for card in cards]

    @task
    def issue(cards: list[list[str]]) -> list[int]:
        with run.open_site() as (site, steps):
            names, send = [card for group in cards[:] for card in group], run.may_send()
            return [steps.issue(site, card, now=run.clock(), send=send) for card in names]

    @task
    def mails(period: str, issues: list[int]) -> list[int]:
        if not run.may_send():
            return []
        with run.open_site() as (site, steps):
            return [*steps.restatements_to_send(site, run.period_of(period)), *issues]

    @task(map_index_template="issue {{ task.op_kwargs['issue'] }}")
    def deliver(issue: int) -> str:
        with run.open_site(mailing=True) as (site, steps):
            return ", ".join(outcome.state for outcome in steps.deliver(site, issue, now=run.clock))

    @task(trigger_rule="none_failed")
    def finish(issues: list[int]) -> None:
        with run.open_site(mailing=True) as (site, steps):
            if issues:
                steps.finish(site, now=run.clock)

    period = plan()
    names, measured = sources(period), measure(period)
    landed = extract.partial(period=period).expand(source=names)
    landed >> load.partial(period=period).expand(source=names) >> measured
    refused(measured)
    rendered = render.expand(cards=score(restate(measured)))
    to_mail = mails(period, issue(rendered))
    deliver.expand(issue=to_mail) >> finish(to_mail)


monthly_scorecards()
