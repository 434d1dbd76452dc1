"""The layer between Airflow and a step: the run's facts in, Airflow's kind of failure out.

Scorewright is imported inside the functions, so that parsing a DAG file stays cheap.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

import scorecard_metrics as metrics
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from scorecard_connections import Connections, smtp_address
from scorecard_names import listed, name_of, name_of_cards
from scorecard_schedule import CADENCES, OTHERS, PARAMS, TEAMS

if TYPE_CHECKING:
    from pipeline.site import Site
    from pipeline.steps import Steps
    from scoring.errors import ScorewrightError
    from scoring.period import Period


THROUGH = "through"
"""The key under which `gather` says how many of its sources it has gone through."""

UNDRAWN = "undrawn"
"""The key under which `restate` and `render` say which cards would lose a character, a sentence each."""

SMALLEST_GROUP, MOST_GROUPS = 4, 500
"""Names that one mapped task takes, and how many tasks a step is mapped over."""

log = logging.getLogger(__name__)


class Planned(TypedDict):
    """What `plan` decided: the period, the content hash of the book it checked, and the home it prepared."""

    period: str
    book: str
    home: str


def clock() -> datetime:
    """Now, in UTC: the DAG's only clock."""
    return datetime.now(UTC)


def period_of(planned: Planned) -> Period:
    """The period that travels between tasks as text."""
    from scoring.period import Period

    return Period.parse(planned["period"])


@contextmanager
def open_site(planned: Planned | None, *, mailing: bool = False) -> Iterator[tuple[Site, Steps]]:
    """The installation a task works on, and the steps; only `plan` itself opens one that is not planned.

    A worker whose home folder is not the one that was prepared is refused: it would find nothing of what the
    tasks before it made. A `mailing` task sends through the Airflow Connection `scorewright_smtp` if it
    exists, otherwise through the channel of the settings. A refusal by Scorewright ends the task without a
    retry; only a busy warehouse and a mail that certainly did not go out are retried. Either is said first.
    """
    from delivery.channels import with_mail_by
    from pipeline.site import open_site as open_it
    from pipeline.steps import Steps
    from processes.collector import rarely_collected
    from scoring.errors import ScorewrightError
    from scoring.visible import visible
    from settings import Settings

    try:
        settings = replace(Settings.from_environment(os.environ), made_by=_made_by())
        address = smtp_address() if mailing else None
        if address is not None:
            settings = replace(settings, delivery_url=with_mail_by(address, settings.delivery_url))
        with rarely_collected():
            site = open_it(settings, checked_book=planned["book"] if planned else None)
            if planned:
                _refuse_another_home(site, planned["home"])
            yield replace(site, settings=replace(site.settings, connections=Connections(site))), Steps()
    except ScorewrightError as error:
        if _may_pass(error):
            _say(visible(str(error)))
            raise
        raise refused(visible(str(error)), error.exit_code) from None


def refused(sentence: str, exit_code: int = 1) -> SystemExit:
    """Says what was refused and ends the task with the exit code that the command line has for it.

    Airflow logs an exception with its frames, its own among them, and the end of a process as one line. That
    such an end is tried again is ruled out by the policy in `scorecard_schedule.RETRIES`.
    """
    _say(sentence)
    ended = SystemExit(exit_code)
    # for whoever is told that the task failed
    ended.add_note(sentence)
    return ended


def _say(sentence: str) -> None:
    for line in sentence.splitlines():
        log.error("%s", line.strip())


def _may_pass(error: Exception) -> bool:
    """Whether trying again is of use: busy, a store that does not answer, a mail not refused for good."""
    from delivery.channels import NotSentError, RefusedForGoodError
    from disk.errors import BusyError, StoreError

    return isinstance(error, BusyError | StoreError | NotSentError) and not isinstance(
        error, RefusedForGoodError
    )


def _made_by() -> str:
    """Which run of Airflow it is, for the issues to keep."""
    run = get_current_context()["dag_run"]
    return f"Airflow {run.dag_id} {run.run_id}"


def _refuse_another_home(site: Site, expected: str) -> None:
    from disk.home import name_of_home
    from scoring.errors import UsageError

    if name_of_home(site.settings.home) != expected:
        raise UsageError(
            f"SCOREWRIGHT_HOME: expected the folder that the task plan prepared, found another one at "
            f"{site.settings.home} on {socket.gethostname()}; let all workers share one, or an object store, "
            "and keep the warehouse and the ledger of several hosts on PostgreSQL."
        )


def plan() -> Planned:
    """Decide the month of this run and prepare the stores.

    Refuses unknown keys in the run's configuration, which Airflow itself would ignore, a period that is
    not over, and one in which no team has a target; a backfill leaves that one out instead, and so does the
    schedule of the weeks.
    """
    from disk.home import name_of_home
    from pipeline.planning import refuse_unfinished, refuse_unknown_keys
    from pipeline.preparing import prepare

    with open_site(None) as (site, _):
        refuse_unknown_keys(get_current_context()["dag_run"].conf or {}, known=frozenset(PARAMS))
        period = _period(site)
        refuse_unfinished(period, now=clock(), time_zone=site.book.time_zone)
        _refuse_without_targets(site, period)
        prepare(site, period)
        _say_plan(site, period)
        return Planned(period=str(period), book=site.book.sha256, home=name_of_home(site.settings.home))


def _say_plan(site: Site, period: Period) -> None:
    name_task(name_of(str(period)))
    team_ids = site.scored_teams(period, teams())
    names = listed([f"{TEAMS.get(team_id, team_id)} ({team_id})" for team_id in team_ids])
    reason = why_not(site, period)
    mails = "mails what was not mailed yet" if reason is None else f"mails nothing, because {reason}"
    log.info("plan: %s (%s), %d cards: %s; %s", name_of(str(period)), period, len(team_ids), names, mails)


def name_task(name: str) -> None:
    """Call this task so in Airflow's lists; see `scorecard_schedule.NAMED`."""
    context: dict[str, Any] = get_current_context()  # type: ignore[assignment]
    context["named"] = name
    # Airflow asks the template only after a task that did not end as a process ends
    context["ti"].rendered_map_index = name


def _period(site: Site) -> Period:
    from pipeline.planning import resolve_period
    from scoring.period import Cadence

    context = get_current_context()
    run = context["dag_run"]
    asked_at = run.logical_date or run.run_after
    if run.dag_id in OTHERS and not context["params"].get("period"):
        return _due(site, asked_at.astimezone(ZoneInfo(site.book.time_zone)).date())
    return resolve_period(
        param=context["params"].get("period"),
        partition_key=run.partition_key,
        run_type=str(run.run_type.value),
        conf=run.conf or {},
        today=asked_at.astimezone(ZoneInfo(site.book.time_zone)).date(),
        cadence=Cadence(CADENCES.get(run.dag_id, "month")),
        read=site.book.own_period,
    )


def _due(site: Site, day: date) -> Period:
    """The period of a run of quarters, years, fiscal periods or free spans that does not name one."""
    from pipeline.due import due_by_hand, due_on_day
    from scoring.period import Cadence

    run = get_current_context()["dag_run"]
    cadence, kind = Cadence(CADENCES[run.dag_id]), run.run_type.value
    # a backfill makes up for nothing: each of its days is of the past
    found = due_by_hand(site, cadence, day) if kind == "manual" else due_on_day(site, cadence, day, kind)
    if found is None:
        raise AirflowSkipException(f"{day}: skipped, because no {cadence.words} of the book is due")
    return found


def _refuse_without_targets(site: Site, period: Period) -> None:
    from pipeline.backfill import BackfillOptions, work_of

    run = get_current_context()["dag_run"]
    kind = run.run_type.value
    # a book may have no targets per week, or not for each one
    may_have_none = kind == "backfill" or (kind == "scheduled" and run.dag_id in CADENCES)
    if may_have_none and not site.scored_teams(period, teams()):
        raise AirflowSkipException(f"{period}: skipped, because no team has targets per {period.cadence}")
    work_of(site, BackfillOptions((period,), teams()))


def gather(site: Site, steps: Steps, period: Period, sources: Sequence[str]) -> None:
    """Pull and load the sources; hand on how many were gone through, also where some files were refused."""
    gathered = steps.gather(site, period, sources, now=clock, allow_empty=may_empty())
    get_current_context()["ti"].xcom_push(key=THROUGH, value=gathered.through)
    gathered.or_raise()


def refuse_broken_off(site: Site) -> None:
    """Raise where a source failed for anything but a refused file: cards would stand on old data."""
    from scoring.errors import DataError

    found = get_current_context()["ti"].xcom_pull(task_ids=["gather"], key=THROUGH)
    expected, through = len(site.book.source_names), sum(filter(None, found))
    if through < expected:
        raise DataError(
            f"gather: expected {expected} sources to be gone through, found {through}; see the failed tasks, "
            "and clear them."
        )


def restate(site: Site, steps: Steps, period: Period) -> None:
    """Revise earlier cards; those that cannot be drawn hold up nothing, and make `report` fail."""
    undrawn: list[ScorewrightError] = []
    steps.restate(site, period, teams(), now=clock(), undrawn=undrawn)
    _tell_undrawn(undrawn)


def render(site: Site, steps: Steps, cards: Sequence[str]) -> list[str]:
    """Draw the cards; returns those that could be drawn. The others make `report` fail."""
    undrawn: list[ScorewrightError] = []
    drawn = steps.render_each(site, cards, undrawn)
    _tell_undrawn(undrawn)
    return [*drawn]


def _tell_undrawn(undrawn: Sequence[ScorewrightError]) -> None:
    from scoring.visible import visible

    if sentences := [visible(str(each)) for each in undrawn]:
        for sentence in sentences:
            _say(sentence)
        get_current_context()["ti"].xcom_push(key=UNDRAWN, value=sentences)


def _undrawn() -> list[str]:
    """Why cards of this run could not be drawn."""
    told = get_current_context()["ti"].xcom_pull(task_ids=["restate", "render"], key=UNDRAWN)
    return [sentence for sentences in filter(None, told) for sentence in sentences]


def issue(site: Site, steps: Steps, period: Period, cards: Sequence[str]) -> list[int]:
    """Issue the cards; returns what this run is to mail, earlier cards that were restated first."""
    send = why_not(site, period) is None
    issued = steps.issue(site, cards, now=clock(), send=send)
    return [*steps.restatements_to_send(site, period), *issued] if send else []


@dataclass(frozen=True)
class Asked:
    """What is asked about a card, of which users of Airflow."""

    subject: str
    body: str
    users: list[dict[str, str]]
    content_hash: str


def question(site: Site, issue_id: int) -> Asked | None:
    """What is to be asked about an issue; None where nobody need, or can, decide on it."""
    from auditing.approving import approvers_of
    from auditing.telling import tell_approvers
    from pipeline.approvals import waiting

    name_issue(site, issue_id)
    for told in tell_approvers(site, now=clock):
        log.info("%s", told)
    for issue in waiting(site, [site.ledger.get_issue(issue_id)]):
        files = ", ".join(document.name for document in issue.documents)
        return Asked(
            subject=f"{issue.name}: may this card be sent?",
            body=f"{files}; content {issue.content_hash[:10]}. Read the PDF before you decide.",
            users=[{"id": one.user, "name": one.name} for one in approvers_of(site, issue)],
            content_hash=issue.content_hash,
        )
    return None


def remind_of_marks(site: Site) -> tuple[str, ...]:
    """Remind superiors of the marks that they owe for what is due, at most once a day."""
    from appraisal.reminding import owed_in, remind
    from auditing.watching import newest_due

    return remind(site, [one for due in newest_due(site, clock()) for one in owed_in(site, due)], now=clock)


def enter_answer(site: Site, issue_id: int, content_hash: str, *, user: str, rejected: str | None) -> None:
    """Enter what a user of Airflow answered, under the name that the book has for them."""
    from auditing.approving import answer

    name_issue(site, issue_id)
    decided = answer(site, issue_id, content_hash, user=user, rejected=rejected, now=clock())
    log.info("%s: %s", decided.issue.name, decided.told)


def refuse_undecided(site: Site, issue_id: int) -> None:
    """Raise where nobody has decided on an issue by now, be it in Airflow or by the command line."""
    from ledger.errors import DeliveryError
    from pipeline.approvals import waiting, why_it_stays

    name_issue(site, issue_id)
    issue = site.ledger.get_issue(issue_id)
    if any(waiting(site, [issue])):
        told = "Nobody decided in time; clear this task to ask again."
        raise DeliveryError(f"{why_it_stays(site, issue)} {told}")


def name_issue(site: Site, issue_id: int) -> None:
    """Call this task by the card that it mails."""
    card = site.ledger.get_issue(issue_id).name
    name_task(name_of_cards(TEAMS, [card]))


def or_end(planned: Planned | None) -> Planned:
    """What `plan` decided; ends the task where it decided that there is nothing to do, or failed."""
    if planned is None:
        if "plan" in _tasks("skipped"):
            raise AirflowSkipException("plan left this period out; see its log")
        raise refused("nothing was done, because plan failed; see its log")
    return planned


def _tasks(*states: str) -> list[str]:
    """The tasks of this run that are in one of the states, by name, and how many of each."""
    context = get_current_context()
    run = context["dag_run"]
    found = context["ti"].get_task_states(dag_id=run.dag_id, run_ids=[run.run_id]).get(run.run_id, {})
    # of several alike each is named with its number
    tasks = Counter(re.sub(r"_\d+$", "", task) for task, state in found.items() if state in states)
    return [task if tasks[task] == 1 else f"{task} ({tasks[task]} times)" for task in sorted(tasks)]


def report(site: Site, steps: Steps, period: Period) -> str:
    """Say what came of the run, in its log and as what the task returns; fail where anything is missing."""
    from scoring.errors import DataError

    reason = why_not(site, period)
    found = steps.report(site, period, teams(), now=clock, finish=reason is None)
    log.info("%s", found)
    if reason is not None:
        log.warning("%s: this run mails nothing, because %s", period, reason)
    metrics.send_what_was_done(site, period, clock())
    more = [*map(DataError, _undrawn())]
    if failed := _tasks("failed", "upstream_failed"):
        more.append(DataError(f"failed tasks: {', '.join(failed)}; see their logs"))
    found.or_raise(*more)
    return str(found)


def teams() -> tuple[str, ...]:
    """The teams requested for this run; none means all."""
    return tuple(get_current_context()["params"]["teams"] or ())


def may_empty() -> bool:
    """Whether a month that had rows may be replaced by one without any."""
    return bool(get_current_context()["params"]["allow_empty"])


def why_not(site: Site | None = None, period: Period | None = None) -> str | None:
    """Why this run mails nothing of what it issued; None where it mails.

    A run that waited until the deadline of the book's calendar is not late.
    """
    from pipeline.planning import Deliver, why_nothing_is_mailed

    context = get_current_context()
    run = context["dag_run"]
    mode = Deliver(context["params"]["deliver"])
    begins_at = site.book.calendar.begins_at(period) if site and period else None
    due = max(run.run_after, begins_at or run.run_after)
    if run.dag_id in OTHERS and begins_at:
        # its run may come on a later day, and make up for one that did not come
        due = begins_at
    return why_nothing_is_mailed(mode, run_type=str(run.run_type.value), due=due, now=clock())


def chunks(names: Iterable[str]) -> list[list[str]]:
    """The names in groups: a task has a group, so that fonts, styles and stores are opened once for each.

    There are at most `MOST_GROUPS`: Airflow maps no step over more than `[core] max_map_length`, 1,024.
    """
    each = list(names)
    size = max(SMALLEST_GROUP, -(-len(each) // MOST_GROUPS))
    return [each[start : start + size] for start in range(0, len(each), size)]


def joined(groups: Sequence[Sequence[str]]) -> list[str]:
    """The names of all groups; what tasks handed on is fetched at once, by a slice."""
    return [name for group in groups[:] for name in group]
