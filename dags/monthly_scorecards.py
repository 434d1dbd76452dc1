"""The scorecards of months, weeks and other periods. Wiring only: tasks open the site and call one step."""

from __future__ import annotations

import scorecard_run as run
from airflow.sdk import TaskGroup, dag, task
from card_approval import delivered
from scorecard_notices import failure, late
from scorecard_schedule import ANYWAY, CARDS, LOADING, MONTHLY, OTHERS, WEEKLY, doc_of
from scorecard_waiting import is_ready


def scorecards() -> None:
    """Gather and measure, revise earlier cards, score each team, then render, issue and mail its card."""

    @task
    def plan() -> run.Planned:
        """Decide which month and teams this run is for, refuse what cannot be done, prepare the stores."""
        return run.plan()

    @task.sensor(mode="reschedule")
    def wait(planned: run.Planned) -> bool:
        """Wait for the day that is due, and for the necessary sources until the deadline."""
        return is_ready(planned)

    @task
    def sources(planned: run.Planned) -> list[list[str]]:
        """List the sources of the book, four to a task."""
        with run.open_site(planned) as (site, _):
            return run.chunks(site.book.source_names)

    # Airflow does not take the text of a mapped task from its function
    @task(**LOADING, doc_md="Pull and load what is new. Clear it when a file was corrected.")
    def gather(planned: run.Planned, sources: list[str]) -> None:
        with run.open_site(planned) as (site, steps):
            run.gather(site, steps, run.period_of(planned), sources)

    @task(trigger_rule=ANYWAY)
    def measure(planned: run.Planned) -> None:
        """Sum what was loaded into daily values by team."""
        with run.open_site(planned) as (site, steps):
            run.refuse_broken_off(site)
            steps.measure(site, run.period_of(planned))

    @task
    def restate(planned: run.Planned) -> None:
        """Issue a revision of each earlier card whose data has changed. It mails nothing."""
        with run.open_site(planned) as (site, steps):
            run.restate(site, steps, run.period_of(planned))

    @task
    def score(planned: run.Planned) -> list[list[str]]:
        """Score the teams against their targets and draft their cards."""
        with run.open_site(planned) as (site, steps):
            return run.chunks(steps.score(site, run.period_of(planned), run.teams()))

    @task(doc_md="Draw the cards, as PDF.")
    def render(planned: run.Planned, cards: list[str]) -> list[str]:
        with run.open_site(planned) as (site, steps):
            return run.render(site, steps, cards)

    @task
    def issue(planned: run.Planned, cards: list[list[str]]) -> list[int]:
        """Issue all cards; what this run is to mail, earlier cards that were restated first."""
        with run.open_site(planned) as (site, steps):
            return run.issue(site, steps, run.period_of(planned), run.joined(cards))

    @task(doc_md="Mail the card to the team's manager, once.")
    def deliver(planned: run.Planned, issue: int) -> str:
        with run.open_site(planned, mailing=True) as (site, steps):
            run.name_issue(site, issue)
            return ", ".join(outcome.state for outcome in steps.deliver(site, issue, now=run.clock))

    @task(trigger_rule="all_done", on_failure_callback=failure())
    def report(planned: run.Planned | None) -> str:
        """Say what was issued and mailed, and fail where anything is missing. Read its log first."""
        decided = run.or_end(planned)
        with run.open_site(decided, mailing=True) as (site, steps):
            return run.report(site, steps, run.period_of(decided))

    planned = plan()
    with TaskGroup("data", prefix_group_id=False, group_display_name="Data"):
        each = sources(planned)
        wait(planned) >> each
        gathered = gather.partial(planned=planned).expand(sources=each)
        measured = measure(planned)
    with TaskGroup("cards", prefix_group_id=False, group_display_name="Cards"):
        restated, scored = restate(planned), score(planned)
        to_mail = issue(planned, render.partial(planned=planned).expand(cards=scored))
    gathered >> measured >> restated >> scored
    delivered(deliver, planned, to_mail) >> report(planned)


USUAL = {"monthly_scorecards": ("monthly", MONTHLY), "weekly_pulse": ("weekly", WEEKLY)}
for name, (of, schedule) in {**USUAL, **OTHERS}.items():
    doc = doc_of(name if name in USUAL else "period_scorecards")
    dag(name, schedule=schedule, doc_md=doc, deadline=late(of), **CARDS)(scorecards)()
