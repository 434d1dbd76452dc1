"""The real DAG: it imports, reads well, and does a month through `airflow dags test`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from aiosmtpd.controller import Controller

from ledger import open_ledger
from scoring.canonical import from_json
from settings import ROOT
from tests.book.books import VALID
from tests.dags.conftest import free_port
from tests.pipeline.exports import ADS, RATES, change, write_exports

TASKS = [
    "plan",
    "wait",
    "sources",
    "gather",
    "measure",
    "restate",
    "score",
    "render",
    "issue",
    "deliver",
    "report",
]

DESCRIBE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
sys.path.append(sys.argv[1])  # as Airflow does for a bundle
before = set(sys.modules)
bag = DagBag(sys.argv[1])
dag = bag.dags["monthly_scorecards"]
heavy = {"pandas", "weasyprint", "duckdb", "sqlglot", "archive", "pipeline", "appraisal", "auditing", "scoring", "etl", "warehouse", "reports"}
print(json.dumps({
    "errors": bag.import_errors,
    "dags": sorted(bag.dags),
    "tasks": [task.task_id for task in dag.topological_sort()],
    "mapped": sorted(task.task_id for task in dag.tasks if task.is_mapped),
    "upstream": {task.task_id: sorted(task.upstream_task_ids) for task in dag.tasks},
    "groups": {task.task_id: task.task_group.group_id for task in dag.tasks},
    "docs": {task.task_id: task.doc_md for task in dag.tasks},
    "dag": {"doc": dag.doc_md, "tags": sorted(dag.tags), "owner": dag.owner},
    "rules": {task.task_id: str(getattr(task.trigger_rule, "value", task.trigger_rule)) for task in dag.tasks},
    "heavy": sorted(heavy & (set(sys.modules) - before)),
}))
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    home = tmp_path_factory.mktemp("airflow")
    environment = {**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags")}
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE, ROOT / "dags"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_folder_has_dags_and_they_import_clean(described):
    assert described["dags"] == ["daily_ingest", "delivery_watch", "monthly_scorecards", "weekly_pulse"]
    assert described["errors"] == {}


def test_tasks_are_named_as_the_steps_and_the_wide_ones_are_mapped(described):
    assert sorted(described["tasks"]) == sorted(TASKS)
    assert described["mapped"] == ["deliver", "gather", "render"]


def test_nothing_is_mailed_before_everything_is_issued(described):
    assert described["upstream"]["deliver"] == ["issue", "plan"]
    assert described["upstream"]["issue"] == ["plan", "render"]
    assert described["upstream"]["measure"] == ["gather", "plan"]


def test_nothing_is_gathered_before_the_run_has_waited(described):
    assert described["upstream"]["sources"] == ["plan", "wait"]


def test_what_one_source_could_not_do_leaves_out_no_other(described):
    assert described["rules"]["measure"] == "all_done_min_one_success"


def test_the_last_task_is_reached_whatever_failed_and_judges_the_whole_run(described):
    assert described["upstream"]["report"] == ["deliver", "plan"]
    assert described["rules"]["report"] == "all_done"
    leaves = set(described["tasks"]) - set().union(*described["upstream"].values())
    assert leaves == {"report"}


def test_earlier_cards_are_revised_before_the_months_are_scored(described):
    assert described["upstream"]["restate"] == ["measure", "plan"]
    assert described["upstream"]["score"] == ["plan", "restate"]


def test_reading_the_dag_file_imports_nothing_of_the_pipeline(described):
    assert [name for name in described["heavy"] if name != "pandas"] == []


def test_tasks_are_grouped_and_explained(described):
    groups = described["groups"]
    assert {groups[task] for task in ("plan", "report")} == {None}
    assert {groups[task] for task in ("sources", "gather", "measure")} == {"data"}
    assert {groups[task] for task in ("restate", "score", "render", "issue")} == {"cards"}
    assert groups["deliver"] == "delivery"
    assert all(described["docs"].values()), described["docs"]


def test_the_dag_says_what_it_does_and_whose_it_is(described):
    assert "**report** is the last task" in described["dag"]["doc"]
    assert described["dag"]["tags"] == ["scorewright"]
    assert described["dag"]["owner"] == "scorewright"


def test_the_dag_file_is_wiring_only():
    assert len((ROOT / "dags" / "monthly_scorecards.py").read_text().splitlines()) < 100


@pytest.fixture(scope="module")
def october(airflow_on, tmp_path_factory):
    """The site after the October of one of two teams through Airflow, once on its own and twice told to send."""
    home, exports = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("exports")
    write_exports(exports)
    settings = {
        "SCOREWRIGHT_HOME": str(home),
        "SCOREWRIGHT_CONFIG": str(VALID),
        "SCOREWRIGHT_EXPORTS": str(exports),
    }
    airflow = airflow_on(ROOT / "dags", settings)
    conf = {"teams": ["south"]}
    airflow.command("dags", "test", "monthly_scorecards", "2026-11-03", "-c", json.dumps(conf))
    unsent = len(list((home / "outbox").glob("*.eml"))) if (home / "outbox").exists() else 0
    sending = (
        "dags",
        "test",
        "monthly_scorecards",
        "2026-11-03",
        "-c",
        json.dumps({**conf, "deliver": "always"}),
    )
    airflow.commands(sending, sending)
    return home, unsent


def test_a_month_through_airflow_issues_the_team_named_and_no_other(october):
    home, _ = october
    issues = open_ledger(f"sqlite:///{home}/ledger.sqlite").latest_revisions("2026-10")
    assert [(issue.team_id, issue.revision) for issue in issues] == [("south", 1)]
    assert all(from_json(issue.card_json).total is not None for issue in issues)
    assert len(list((home / "scorecards/2026-10").glob("*.pdf"))) == 1


class Inbox:
    """Keeps what a mail server is handed."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the server's own name
        self.received.append((tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def mailed(airflow_on, tmp_path_factory):
    """What a mail server was handed and what was said of two teams' October; one name cannot be drawn."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    home, exports = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("exports")
    book = shutil.copytree(VALID, tmp_path_factory.mktemp("book") / "config")
    # U+0378 will never be a character
    change(book / "teams.yaml", lambda text: text.replace("Ana Ruiz", "Ana \u0378"))
    # three sources are enough: what is looked at comes after them
    write_exports(exports)
    settings = {
        "SCOREWRIGHT_HOME": str(home),
        "SCOREWRIGHT_CONFIG": str(book),
        "SCOREWRIGHT_EXPORTS": str(exports),
        "AIRFLOW_CONN_SCOREWRIGHT_SMTP": f"smtp://127.0.0.1:{server.port}/?tls=never",
    }
    try:
        airflow = airflow_on(ROOT / "dags", settings)
        conf = json.dumps({"deliver": "always"})
        done = airflow.command("dags", "test", "monthly_scorecards", "2026-11-03", "-c", conf, check=False)
    finally:
        server.stop()
    return inbox.received, done.stdout + done.stderr, home


def test_an_airflow_connection_is_the_mail_server(mailed):
    ((recipients, content),), _, home = mailed
    assert recipients == ("wang.wei@lantern.example",)
    assert b"application/pdf" in content
    assert not list(home.glob("outbox/*.eml"))


def test_a_name_that_cannot_be_drawn_keeps_back_its_card_alone_and_fails_the_run(mailed):
    _, said, home = mailed
    issues = open_ledger(f"sqlite:///{home}/ledger.sqlite").latest_revisions("2026-10")
    assert [issue.team_id for issue in issues] == ["south"]
    assert "north: no card was issued" in said
    # the task that draws says it, and the last one says it again
    assert said.count("(U+0378, which has no name) in manager_name, 'Ana ") >= 2
    assert "Traceback" not in said
    assert "Task exited" in said


def test_a_run_by_hand_mails_only_when_told_to_and_each_card_once(october):
    home, unsent = october
    assert unsent == 0
    assert len(list((home / "outbox").glob("*.eml"))) == 1


@pytest.fixture(scope="module")
def faulty(airflow_on, tmp_path_factory):
    """Runs October through Airflow on exports with a fault; returns what was said and the cards' states."""
    home, exports = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("exports")
    settings = {
        "SCOREWRIGHT_HOME": str(home),
        "SCOREWRIGHT_CONFIG": str(VALID),
        "SCOREWRIGHT_EXPORTS": str(exports),
    }
    airflow = airflow_on(ROOT / "dags", settings)

    def run(file, fault, deliver="never"):
        write_exports(exports)
        change(exports / file, fault)
        conf = json.dumps({"deliver": deliver})
        done = airflow.command("dags", "test", "monthly_scorecards", "2026-11-03", "-c", conf, check=False)
        said = done.stdout + done.stderr
        assert "state=failed" in said or "failed" in said.splitlines()[-1].lower(), said[-3000:]
        # a refusal is said alone, and no frames are behind it
        assert "Traceback" not in said
        assert "Task exited" in said
        cards = open_ledger(f"sqlite:///{home}/ledger.sqlite").latest_revisions("2026-10")
        states = {issue.team_id: str(from_json(issue.card_json).certificate.status) for issue in cards}
        return said, states, len(list(home.glob("outbox/*.eml")))

    return run


def test_a_refused_file_fails_the_run_and_holds_only_the_cards_that_stand_on_it(faulty):
    said, states, mails = faulty(ADS, lambda text: text.replace(",17,", ",many,", 1))
    assert "ads 2026-10.csv, row 4, column 'Clicks': expected a whole number" in said
    assert (states, mails) == ({"north": "held", "south": "final"}, 0)
    assert "2026-10/north/r1 (Marketing North): held. google ads (shop): the file was refused" in said
    assert "failed tasks: gather" in said


def test_a_missing_rate_fails_the_run_and_holds_only_the_cards_that_need_it(faulty):
    said, states, mails = faulty(RATES, lambda text: text.replace("1.0800", "N/A"), deliver="always")
    assert "expected a rate for USD on 2026-10-01, which google_ads/shop needs, found none" in said
    assert "held. Google Ads (shop): amounts have no exchange rate" in said
    assert (states, mails) == ({"north": "held", "south": "final"}, 1)


ELSEWHERE = """
import os, sys
from pathlib import Path
sys.path.append(sys.argv[1])
import scorecard_run as run
from book import book_sha256
run._made_by = lambda: "a test"
book = book_sha256(Path(os.environ["SCOREWRIGHT_CONFIG"]))
try:
    with run.open_site(run.Planned(period="2026-10", book=book, home="of another worker")):
        print("opened")
except SystemExit as refused:
    print("refused:", refused.code)
"""


def test_a_worker_with_another_home_than_was_planned_on_is_refused(tmp_path):
    """It would find nothing of what the tasks before it made, and issue cards of that."""
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "SCOREWRIGHT_HOME": str(tmp_path / "home"),
        "SCOREWRIGHT_CONFIG": str(VALID),
        "SCOREWRIGHT_EXPORTS": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, ROOT / "dags"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "refused: 2" in done.stdout, done.stderr
    assert "expected the folder that the task plan prepared, found another one" in done.stdout


TRANSIENT = """
import sys
sys.path.append(sys.argv[1])
import scorecard_run as run
from delivery.channels import NotSentError, RefusedForGoodError
from disk.errors import BusyError, StoreError
from scoring.errors import DataError
store = StoreError("s3://b/x", "no route")
for error in (BusyError("warehouse", 1), store, NotSentError("451"), RefusedForGoodError("550"), DataError("no rate")):
    print(type(error).__name__, run._may_pass(error))
"""


def test_only_what_may_pass_is_tried_again(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TRANSIENT, ROOT / "dags"],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-5:] == [
        "BusyError True",
        "StoreError True",
        "NotSentError True",
        "RefusedForGoodError False",
        "DataError False",
    ], done.stderr
