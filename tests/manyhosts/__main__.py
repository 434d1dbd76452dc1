"""Airflow with Celery on hosts that share no folder, and what comes of it: `script/many-hosts [MONTHS]`.

Everything is counted where it ended: mails at their server, cards in the ledger, runs in Airflow. At the end the
cards are compared with those of one process on one host that nobody disturbed.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from datetime import UTC, datetime

from scoring.period import Period
from tests.manyhosts.faults import FAULTS, Fault
from tests.manyhosts.stack import APPRAISE, SCHEDULE, Stack, running
from tests.operating import DAG, Figures, must, until

# the last month that the invented company has numbers of
LAST = Period.parse("2026-10")
AT_THEIR_END = {"success", "failed", "skipped", "upstream_failed"}
FIGURES = Figures("many-hosts")


def main(months: int = 3) -> None:
    """Bring all of it up, try everything, and take it down again."""
    start = datetime.now(UTC)
    try:
        with running() as stack:
            FIGURES.note("all hosts up after", f"{(datetime.now(UTC) - start).seconds} s")
            try:
                try_everything(stack, months)
            except BaseException:
                stack.show()
                raise
    finally:
        FIGURES.show()


def try_everything(stack: Stack, months: int) -> None:
    """What an operator would want to know before trusting it."""
    with FIGURES.timed("the DAG there after"):
        until(stack.api.has_dag, 300, stack.api.meanwhile)
    try_schedule(stack)
    first = LAST.shift(-months)
    try_backfill(stack, first.through(LAST.shift(-1)))
    for fault in FAULTS:
        first = first.shift(-1)
        try_fault(stack, first, fault)
    compare(stack, first)


def try_schedule(stack: Stack) -> None:
    """A run that the schedule begins in time mails each manager once."""
    with FIGURES.timed(f"{LAST} by the schedule"):
        stack.api.unpause()
        until(lambda: run_of(stack, LAST) is not None, 600, stack.api.meanwhile)
        stack.api.all_done()
    got = stack.received(since=0)
    FIGURES.note(f"mails of {LAST}", f"{len(got)}; run {run_of(stack, LAST)}")
    must(run_of(stack, LAST) == "success", "a green run")
    must(got == stack.managers(LAST) != [], f"one mail for each manager, found {got}")


def try_backfill(stack: Stack, months: tuple[Period, ...]) -> None:
    """Every month is issued and nobody is mailed."""
    before = len(stack.catcher.taken)
    # as the page on backfills has it: the last day too, for midnight of the first would be before its partition
    first, last = f"{months[0].start}", f"{months[-1].last_day}"
    # the DAG as it is: that morning is over
    stack.site.write("dags/scorecard_schedule.py", SCHEDULE)
    with FIGURES.timed(f"a backfill of {len(months)} months"):
        stack.site.hosts["shell"].run(
            *("airflow", "backfill", "create", "--dag-id", DAG, "--from-date", first, "--to-date", last)
        )
        until(lambda: len(backfilled(stack)) == len(months), 600, stack.api.meanwhile)
        stack.api.all_done()
    done = {month for month, state in backfilled(stack).items() if state == "success"}
    issued = {period for (period,) in stack.ask("select distinct period from ledger.issues")}
    mails = len(stack.catcher.taken) - before
    FIGURES.note("months issued by green runs", f"{len(done & issued)} of {len(months)}; {mails} mails")
    must(done == {*map(str, months)}, f"every month a success, found {sorted(done)}")
    must(done <= issued, f"every month issued, found {sorted(issued)}")
    must(mails == 0, "no mail of a backfill")


def backfilled(stack: Stack) -> dict[str, str]:
    """The months that the backfill has a run of, each with its state."""
    runs = [run for run in stack.api.runs() if run["run_type"] == "backfill"]
    return {run["partition_key"]: run["state"] for run in runs}


def run_of(stack: Stack, period: Period) -> str | None:
    """The state of the run that the schedule began for a month, if it did."""
    runs = [run for run in stack.api.runs() if run["run_type"] == "scheduled"]
    return next((run["state"] for run in runs if run["partition_key"] == str(period)), None)


def try_fault(stack: Stack, month: Period, fault: Fault) -> None:
    """A month that is to be mailed, with something killed in its middle: all or a red run, and nothing twice."""
    before = len(stack.catcher.taken)
    with FIGURES.timed(f"{month}, {fault.name}"):
        run_id = stack.api.trigger(str(month))
        FIGURES.note("killed", stack.api.end_of(run_id, lambda run: fault.strike(stack, run)))
    state, states = stack.api.state(run_id), stack.states(month)
    got, wanted = stack.received(before), stack.managers(month)
    FIGURES.note(f"mails of {month}", f"{len(got)} for {len(wanted)} managers, {states}; run {state}")
    must(got == wanted != [], f"one mail for each manager, found {got} for {wanted}")
    expected = {"sent", "uncertain"} if fault.leaves_doubt else {"sent"}
    must(set(states) == expected, f"mails that are {expected}, found {states}")
    must(state == ("failed" if fault.leaves_doubt else "success"), f"red where there is doubt, found {state}")


def compare(stack: Stack, first: Period) -> None:
    """Nothing hangs, all that is kept is sound, and the cards are those of one quiet process."""
    tasks = [task for run in stack.api.runs() for task in stack.api.tasks(run["dag_run_id"])]
    left = Counter(str(task["state"]) for task in tasks if task["state"] not in AT_THEIR_END)
    FIGURES.note("tasks, and those that hang", f"{len(tasks)}, {left.total()}")
    FIGURES.note("services started again", {name: count for name, count in stack.starts().items() if count})
    must(not left, f"no task that hangs, found {left}")
    verified = stack.site.hosts["desk"].run("scorewright", "verify", "--all")
    FIGURES.note("verify --all", verified.strip().splitlines()[-1])
    with FIGURES.timed("the same months by one process"):
        expected = by_one_process(stack, first)
    found = newest(stack.ask(NEWEST.replace("issues", "ledger.issues")))
    same = found.items() & expected.items()
    FIGURES.note("cards with the content that one process gives them", f"{len(same)} of {len(expected)}")
    must(found == expected, f"the same cards, found others: {sorted({*found.items()} ^ {*expected.items()})}")


NEWEST = "select period, team_id, content_hash from issues order by revision"


def by_one_process(stack: Stack, first: Period) -> dict[tuple[str, str], str]:
    """The cards of the same months, made on a host with files of its own."""
    alone = stack.site.hosts["alone"]
    alone.run("python", "-m", "example.generate", "/srv/home/exports")
    alone.run("sh", "-c", APPRAISE)
    alone.run("scorewright", "backfill", "--from", str(first), "--to", str(LAST), "--quiet")
    with sqlite3.connect(alone.folder / "home/ledger.sqlite") as ledger:
        return newest(ledger.execute(NEWEST).fetchall())


def newest(rows: list[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """The content of each card's newest revision."""
    return {(period, team_id): content for period, team_id, content in rows}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
