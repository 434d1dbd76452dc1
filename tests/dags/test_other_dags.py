"""The DAGs beside the monthly one, really run: a week, the daily loading, and the look at what was sent."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from ledger import DeliveryState, open_ledger
from settings import ROOT
from tests.book.books import VALID
from tests.pipeline.exports import write_exports

# one process for all: its first run takes some seconds, any other half of one
RUNS = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from airflow.utils.session import create_session
from airflow.models.asset import AssetEvent, AssetModel
from sqlalchemy import select

from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory

dags = sys.argv[1]
sys.path.append(dags)
stats.initialize(factory=get_stats_factory(), export_legacy_names=False)  # as the process of a task does
import scorecard_connections
import scorecard_run

def ran(name, at, conf=None):
    "The states of the tasks and of the run, after a run at a time."
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    scorecard_run.clock = lambda: moment
    # a fresh one: params leak from run to run
    dag = DagBag(Path(dags) / f"{FILES.get(name, name)}.py").dags[name]
    dag.deadline = None  # on which `test` breaks off
    run = dag.test(logical_date=moment, run_conf=conf)
    return {"run": str(run.state), **{each.task_id: str(each.state) for each in run.get_task_instances()}}

def news():
    "The sources that have had an event, in order."
    with create_session() as session:
        found = select(AssetModel.name).join(AssetEvent, AssetEvent.asset_id == AssetModel.id)
        return sorted(session.scalars(found))

FILES = {"weekly_pulse": "monthly_scorecards"}
said = {}
said["ingest"] = ran("daily_ingest", "2026-11-01T05:00")
said["news"] = news()
said["ingest again"] = ran("daily_ingest", "2026-11-02T05:00")
said["news again"] = news()
said["week"] = ran("weekly_pulse", "2026-11-02T06:00", {"deliver": "always"})
said["watch"] = ran("delivery_watch", "2026-11-02T09:00")

# what Airflow calls for a run that is late, in the way it does
from airflow.sdk.execution_time.callback_supervisor import execute_callback
import structlog
from airflow.sdk.exceptions import AirflowSecretsBackendAccessDenied

def denied():
    raise AirflowSecretsBackendAccessDenied("as there it is")

scorecard_connections.smtp_address = denied
(alert, other) = DagBag(Path(dags) / "delivery_watch.py").dags["delivery_watch"].deadline
said["late"] = {
    "hours": alert.interval.total_seconds() / 3600,
    "told": execute_callback(
        alert.callback.path,
        {
            **alert.callback.kwargs,
            "context": {
                "dag_run": {"dag_id": "delivery_watch", "dag_run_id": "the-run"},
                "deadline": {"id": "1", "deadline_time": "2026-11-03T09:00:00+00:00"},
            },
        },
        "delivery_watch.py",
        dags,
        structlog.get_logger(),
    ),
    "other": [other.callback.path, other.callback.kwargs],
}

# which quarter a day is for, and whether its cards are mailed
from types import SimpleNamespace as Made
from airflow.sdk.exceptions import AirflowSkipException
from pipeline.site import open_site

def quarter(run_type, at):
    "The quarter of a run, and why it mails nothing."
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    scorecard_run.clock = lambda: moment
    started = {"logical_date": moment, "run_after": moment, "conf": {}, "partition_key": None}
    dag_run = Made(dag_id="quarterly_scorecards", run_type=Made(value=run_type), **started)
    context = {"dag_run": dag_run, "params": {"period": None, "deliver": "auto"}}
    scorecard_run.get_current_context = lambda: context
    site = open_site()
    try:
        period = scorecard_run._period(site)
    except AirflowSkipException as skipped:
        return str(skipped)
    return [str(period), scorecard_run.why_not(site, period)]

# Q3 of 2026 is due on Friday 2 October, at 06:00 in Berlin
said["quarters"] = {
    "the day before": quarter("scheduled", "2026-10-01T04:00"),
    "its day": quarter("scheduled", "2026-10-02T04:00"),
    "a day without a scheduler": quarter("scheduled", "2026-10-03T04:00"),
    "too late to mail": quarter("scheduled", "2026-10-09T04:00"),
    "a week without one": quarter("scheduled", "2026-10-10T04:00"),
    "its day in a backfill": quarter("backfill", "2026-10-02T04:00"),
    "a day in a backfill": quarter("backfill", "2026-10-03T04:00"),
    "by hand": quarter("manual", "2026-11-20T04:00"),
}

groups = {count: scorecard_run.chunks(map(str, range(count))) for count in (0, 5, 2000, 2001, 5000)}
assert all(sum(map(len, of)) == count for count, of in groups.items())
said["groups"] = {count: [len(of), max(map(len, of), default=0)] for count, of in groups.items()}

# the waiting, with a book and sources of its own
from contextlib import nullcontext
from types import SimpleNamespace as Made
import scorecard_waiting
from airflow.sdk.exceptions import AirflowRescheduleException
from scoring.due import Calendar, Cycle, DueTime
from scoring.period import Cadence

def waits(run_type, at, lacking, deadline="working day 4 at 18:00"):
    "What a run does that has its turn at a time: goes on, or looks again at another."
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    scorecard_run.clock = lambda: moment
    kind = Made(value=run_type)
    scorecard_waiting.get_current_context = lambda: {"dag_run": Made(run_type=kind)}
    due = DueTime.parse("working day 2 at 06:00", Cadence.MONTH)
    cycle = Cycle(due, deadline and DueTime.parse(deadline, Cadence.MONTH))
    policy = Made(missing_source=Made(value="hold"))
    site = Made(book=Made(calendar=Calendar("UTC", {Cadence.MONTH: cycle}), policy=policy))
    steps = Made(still_lacking=lambda *_, **__: lacking)
    scorecard_run.open_site = lambda _: nullcontext((site, steps))
    try:
        return scorecard_waiting.is_ready({"period": "2026-10"})
    except AirflowRescheduleException as put_off:
        return put_off.reschedule_date.strftime("%d %H:%M")

ADS = ("google_ads shop 2026-10: missing_slice",)
# due on Tuesday the 3rd at 06:00, the deadline is Thursday the 5th at 18:00
said["waits"] = {
    "before it is due": waits("scheduled", "2026-11-02T06:00", ()),
    "when it is due": waits("scheduled", "2026-11-03T06:00", ()),
    "for what lacks": waits("scheduled", "2026-11-03T06:00", ADS),
    "not past the deadline": waits("scheduled", "2026-11-05T17:50", ADS),
    "at the last moment": waits("scheduled", "2026-11-05T17:59:59", ADS),
    "at the deadline": waits("scheduled", "2026-11-05T18:00", ADS),
    "without a deadline": waits("scheduled", "2026-11-03T06:00", ADS, deadline=None),
    "by hand": waits("manual", "2026-11-01T06:00", ADS),
    "in a backfill": waits("backfill", "2026-11-01T06:00", ADS),
}
print(json.dumps(said))
"""
PAGER = """
from pathlib import Path
from airflow.sdk.bases.notifier import BaseNotifier

class Pager(BaseNotifier):
    def __init__(self, file, **kwargs):
        super().__init__(**kwargs)
        self.file = file

    def notify(self, context):
        with Path(self.file).open("a") as file:
            file.write(context["task_instance"].task_id)
"""
PER_WEEK = """team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per
north,clicks,2026-01-01,2027-01-01,200,100,T. Lind,A fifth of the month,week
"""


@pytest.fixture(scope="module")
def runs(airflow_on, tmp_path_factory):
    """What came of the runs, all that they said, and the home."""
    root = tmp_path_factory.mktemp("company")
    shutil.copytree(VALID, root / "book")
    (root / "book" / "targets" / "weekly.csv").write_text(PER_WEEK, "utf-8")
    write_exports(root / "exports")
    with (root / "book" / "calendar.yaml").open("a") as calendar:
        calendar.write("tell: [ops@lantern.example, boss@lantern.example]\n")
        calendar.write("quarterly: {due: working day 2 at 06:00}\n")
    (root / "pager.py").write_text(PAGER, "utf-8")
    pager = [{"class": "pager.Pager", "arguments": {"file": str(root / "paged.txt")}}]
    settings = {
        "AIRFLOW__SCOREWRIGHT__NOTIFIERS": json.dumps(pager),
        "SCOREWRIGHT_HOME": str(root / "home"),
        "SCOREWRIGHT_CONFIG": str(root / "book"),
        "SCOREWRIGHT_EXPORTS": str(root / "exports"),
        "PYTHONPATH": f"{ROOT}:{root}",
    }
    airflow = airflow_on(ROOT / "dags", settings)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as statsd:
        statsd.bind(("127.0.0.1", 0))
        metrics = {
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(statsd.getsockname()[1]),
        }
        with ThreadPoolExecutor() as listening:
            heard = listening.submit(gauged_by, statsd)
            done = subprocess.run(
                [sys.executable, "-c", RUNS, ROOT / "dags"],
                env={**airflow.environment, **metrics, "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO"},
                capture_output=True,
                text=True,
                check=False,
            )
            statsd.sendto(b"end", statsd.getsockname())
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    said = json.loads(done.stdout.splitlines()[-1])
    return {**said, "gauges": heard.result()}, done.stdout + done.stderr, root / "home"


def gauged_by(server):
    """What a server of StatsD is sent of the scorecards, until it is sent an end: each name's last value."""
    values = {}
    while (line := server.recv(2048).decode()) != "end":
        name, _, value = line.partition(":")
        if ".scorewright." in name:
            values[name.removeprefix("airflow.scorewright.")] = float(value.removesuffix("|g"))
    return values


def test_the_daily_loading_takes_what_is_new_and_publishes_the_sources_that_had_news(runs):
    done, _, _ = runs
    assert done["ingest"]["run"] == done["ingest again"]["run"] == "success"
    sources = ["scorewright_fx_rates", "scorewright_google_ads", "scorewright_survey"]
    # a second time there was nothing new, so nothing is published
    assert done["news"] == done["news again"] == sources


def test_a_weekly_run_does_the_last_week_for_the_teams_with_targets_per_week(runs):
    done, _, home = runs
    assert set(done["week"].values()) == {"success"}
    ledger = open_ledger(f"sqlite:///{home}/ledger.sqlite")
    (issue,) = ledger.latest_revisions()
    assert issue.name == "2026-W44/north/r1"
    assert [*ledger.delivery_states(issue.id).values()] == [DeliveryState.SENT]


def test_the_watch_fails_with_what_is_missing_and_says_nothing_of_what_was_sent(runs):
    done, said, _ = runs
    assert done["watch"] == {"run": "failed", "watch": "failed"}
    assert "2026-09: north: no card was issued" in said
    assert "2026-W44: north" not in said


def notices(home):
    """The notices by recipient and subject, with their text."""
    found = {}
    for path in (home / "outbox").glob("notice-*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        found[mail["To"].addresses[0].addr_spec, str(mail["Subject"])] = body.get_content()
    return found


def test_a_run_that_failed_is_told_to_whom_the_calendar_names_with_what_is_missing(runs):
    _, _, home = runs
    told = notices(home)
    failed = "Scorewright: delivery_watch: watch failed"
    assert {to for to, subject in told if subject == failed} == {
        "ops@lantern.example",
        "boss@lantern.example",
    }
    assert "2026-09: north: no card was issued" in told["ops@lantern.example", failed]


def test_a_notifier_of_ones_own_is_called_beside_it(runs):
    assert (runs[2].parent / "paged.txt").read_text() == "watch"


def test_a_run_that_is_late_is_told_too(runs):
    done, _, home = runs
    assert done["late"]["hours"] == 24
    assert done["late"]["told"] == [True, None]
    assert done["late"]["other"] == ["pager.Pager", {"file": str(home.parent / "paged.txt")}]
    text = notices(home)["boss@lantern.example", "Scorewright: delivery_watch is late"]
    assert "expected to be at its end by 2026-11-03T09:00:00+00:00" in text
    assert "the-run" in text


def test_a_scheduled_run_waits_for_its_day_and_for_what_is_necessary_until_the_deadline(runs):
    assert runs[0]["waits"] == {
        "before it is due": "03 06:00",
        "when it is due": True,
        "for what lacks": "03 06:15",
        "not past the deadline": "05 18:00",
        "at the last moment": "05 18:00",
        "at the deadline": True,
        "without a deadline": True,
        "by hand": True,
        "in a backfill": True,
    }
    said = "the deadline 2026-11-05 18:00:00+00:00 has passed without google_ads shop 2026-10: missing_slice"
    assert said in runs[1]


def test_monitors_are_sent_how_the_newest_month_and_week_stand(runs):
    gauges = runs[0]["gauges"]
    counts = ("cards.expected", "cards.issued", "cards.missing", "mails.sent", "things_missing")
    # on the second the newest month that is due is September, which was never made; the week's only card was mailed
    assert [gauges[f"month.{name}"] for name in counts] == [2, 0, 2, 0, 2]
    assert [gauges[f"week.{name}"] for name in counts] == [1, 1, 0, 1, 0]
    assert gauges["week.minutes_from_due_to_last_mail"] == 0
    assert gauges["week.sources.google_ads.loaded_at"] == datetime(2026, 11, 1, 5, tzinfo=UTC).timestamp()


def test_a_quarter_has_its_run_on_its_day_and_within_a_week_where_none_came(runs):
    said = runs[0]["quarters"]
    skipped = "skipped, because no quarter of the book is due"
    late = said["too late to mail"][1]
    assert late.startswith("it came 7 days after it was due")
    assert said == {
        "the day before": f"2026-10-01: {skipped}",
        "its day": ["2026-Q3", None],
        "a day without a scheduler": ["2026-Q3", None],
        "too late to mail": ["2026-Q3", late],
        "a week without one": f"2026-10-10: {skipped}",
        "its day in a backfill": [
            "2026-Q3",
            "a backfill run mails only when it is told to (deliver: always)",
        ],
        "a day in a backfill": f"2026-10-03: {skipped}",
        "by hand": ["2026-Q3", "a manual run mails only when it is told to (deliver: always)"],
    }


def test_no_step_is_mapped_over_more_tasks_than_airflow_takes(runs):
    expected = {"0": [0, 0], "5": [2, 4], "2000": [500, 4], "2001": [401, 5], "5000": [500, 10]}
    assert runs[0]["groups"] == expected
