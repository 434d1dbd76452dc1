"""What people do in Airflow's own pages: they approve cards, reject or forget them, and look at what was issued.

The task parks and resumes in Airflow's own way: users log in, answer by its REST, and the scheduler's own sweep
ends what nobody answered. Only the processes are one, which takes seconds instead of a minute.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys

import pytest

from ledger import open_ledger
from settings import ROOT
from tests.book.books import VALID
from tests.pipeline.exports import ANSWERS, answers, write_exports

RUNS = """
import json, os, re, sys, threading, time, traceback
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from airflow.api_fastapi.app import create_app
from airflow.dag_processing.dagbag import DagBag
from airflow.jobs.job import Job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.hitl import HITLDetail
from airflow.utils.session import create_session
from fastapi.testclient import TestClient
from sqlalchemy import select

dags, answers_csv, changed = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
sys.path.append(str(dags))
client = TestClient(create_app(apps="core"), base_url="http://testserver")
passwords = json.loads(Path(sys.argv[4]).read_text())

def login(user):
    found = client.post("/auth/token", json={"username": user, "password": passwords[user]})
    client.cookies.clear()
    return {"Authorization": "Bearer " + found.json()["access_token"]}

def parked():
    with create_session() as session:
        asked = [(one.subject, one.task_instance) for one in session.scalars(select(HITLDetail))]
        return {what: (of.run_id, of.map_index) for what, of in asked if of.state == "awaiting_input"}

def wait_for(count):
    until = time.monotonic() + 60
    while len(parked()) != count:
        assert time.monotonic() < until, parked()
        time.sleep(0.1)
    return parked()

def answer(team, user, option, reason=""):
    (run_id, index) = next(place for name, place in parked().items() if team in name)
    address = f"/api/v2/dags/monthly_scorecards/dagRuns/{run_id}/taskInstances/approve/{index}/hitlDetails"
    body = {"chosen_options": [option], "params_input": {"reason": reason} if reason else {}}
    asked = client.get(address, headers=login(user)).json()
    return [client.patch(address, headers=login(user), json=body).status_code, asked["subject"]]

def sweep():
    SchedulerJobRunner(job=Job(), executors=[]).check_awaiting_input_timeouts()

said = {}

def decide_on_the_first():
    wait_for(2)
    said["stranger"] = answer("north", "eve", "Approve")
    said["own manager"] = answer("north", "ana.ruiz@lantern.example", "Approve")
    said["rejected"] = answer("north", "jroth", "Reject", "the spend is wrong")
    wait_for(1)
    sweep()

def decide_on_the_changed():
    wait_for(2)
    said["changed"] = answer("north", "jroth", "Approve")
    said["forgotten"] = answer("south", "ana.ruiz@lantern.example", "Approve")

def ran(name, hours, decide):
    import card_approval
    card_approval.PATIENCE = timedelta(hours=hours)
    dag = DagBag(dags / "monthly_scorecards.py").dags["monthly_scorecards"]
    dag.deadline = None  # on which `test` breaks off

    def attempt():
        try:
            decide()
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # the run would wait for ever

    asker = threading.Thread(target=attempt)
    asker.start()
    run = dag.test(logical_date=datetime(2026, 11, 3, len(said), tzinfo=UTC), run_conf={"deliver": "always"})
    asker.join()
    tasks = [(one.task_id, one.rendered_map_index, str(one.state)) for one in run.get_task_instances()]
    last = sorted(task for task in tasks if task[0] in ("approve", "deliver", "report"))
    said[name] = {"run": str(run.state), "tasks": last}

ran("first", 0.00001, decide_on_the_first)
answers_csv.write_text(changed, "utf-8")
ran("second", 1, decide_on_the_changed)

def page(user, path=""):
    return client.get("/scorecards/" + path, headers=login(user) if user else {})

said["html"] = page("jroth").text
pdf = re.search("documents/[0-9]+/[0-9a-f]{64}", said["html"])[0]
paths = ("", "2026-10", pdf, "2026-09", pdf[:-1] + "x", "documents/99/" + "0" * 64, "docs", "openapi.json")
said["doors"] = {path: [page(user, path).status_code for user in (None, "vera", "jroth")] for path in paths}
found = page("jroth", pdf)
said["pdf"] = [pdf, sha256(found.content).hexdigest(), found.headers["content-type"]]
plugins = client.get("/api/v2/plugins", headers=login("eve")).json()["plugins"]
said["menu"] = [view["href"] for plugin in plugins for view in plugin["external_views"]]
print(json.dumps(said))
"""

APPROVAL = """\
approval:
  approvers:
    - {name: Jana Roth, email: jana.roth@lantern.example, user: jroth}
    - {name: Ana Ruiz, email: ana.ruiz@lantern.example}
"""
USERS = {"jroth": "op", "ana.ruiz@lantern.example": "op", "eve": "admin", "vera": "viewer"}


@pytest.fixture(scope="module")
def runs(airflow_on, tmp_path_factory):
    """What came of three runs of October, all that they said, and the home."""
    root = tmp_path_factory.mktemp("company")
    shutil.copytree(VALID, root / "book")
    with (root / "book" / "organisation.yaml").open("a", encoding="utf-8") as organisation:
        organisation.write(APPROVAL)
    write_exports(root / "exports")
    (root / "passwords.json").write_text(json.dumps({user: f"of {user}" for user in USERS}), "utf-8")
    settings = {
        "SCOREWRIGHT_HOME": str(root / "home"),
        "SCOREWRIGHT_CONFIG": str(root / "book"),
        "SCOREWRIGHT_EXPORTS": str(root / "exports"),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'dags'}",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "dags" / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{user}:{role}" for user, role in USERS.items()
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(root / "passwords.json"),
    }
    airflow = airflow_on(ROOT / "dags", settings)
    changed = (root / "exports" / ANSWERS, answers([10] * 8))
    done = subprocess.run(
        [sys.executable, "-c", RUNS, ROOT / "dags", *changed, root / "passwords.json"],
        env={
            **airflow.environment,
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    return json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr, root / "home"


def states(run):
    """The states of the tasks of a run by what they are called, the report's as that of the run."""
    return {(task, name.split(": ")[-1]): state for task, name, state in run["tasks"]}


def test_only_who_may_approve_a_card_can_answer(runs):
    # somebody whom the book does not name, and the manager whose card it is
    assert (runs[0]["stranger"][0], runs[0]["own manager"][0]) == (403, 403)


def test_a_rejected_and_a_forgotten_card_are_not_sent_and_the_run_is_no_success(runs):
    done, said, _ = runs
    assert done["first"]["run"] == "failed"
    assert states(done["first"]) == {
        ("approve", "Marketing North"): "success",
        ("deliver", "Marketing North"): "failed",
        ("approve", "Marketing South"): "failed",
        ("deliver", "1"): "upstream_failed",
        ("report", "October 2026"): "failed",
    }
    assert "rejected by Jana Roth (the spend is wrong); correct what is wrong" in said
    assert "Nobody decided in time; clear this task to ask again." in said
    assert "2 of 2 cards issued (2 final); mails: 2 pending; cards: 1 waits for approval, 1 rejected" in said


def test_a_changed_card_is_asked_about_anew_and_sent_once_it_is_approved(runs):
    done, _, home = runs
    assert done["changed"] == [200, "2026-10/north/r2: may this card be sent?"]
    assert done["second"]["run"] == "success"
    assert set(states(done["second"]).values()) == {"success"}
    assert len(list((home / "outbox").glob("2026-10.*.eml"))) == 2
    # who may decide was told by mail, too, of the first revisions and of the second
    assert len(list((home / "outbox").glob("notice-*.eml"))) >= 2


def test_the_ledger_has_who_decided_by_the_name_in_the_book(runs):
    ledger = open_ledger(f"sqlite:///{runs[2]}/ledger.sqlite")
    decided = {
        issue.name: [(one.decision, one.decided_by, one.reason) for one in [ledger.approval(issue.id)] if one]
        for issue in ledger.revisions("2026-10")
    }
    assert decided == {
        "2026-10/north/r1": [("rejected", "Jana Roth", "the spend is wrong")],
        "2026-10/south/r1": [],
        "2026-10/north/r2": [("approved", "Jana Roth", "")],
        "2026-10/south/r2": [("approved", "Ana Ruiz", "")],
    }


def test_the_page_is_open_to_who_may_answer_for_the_dag_and_to_nobody_else(runs):
    """Without a login, with a role that may only look at runs, and with one that may answer."""
    doors = runs[0]["doors"]
    assert all((stranger, viewer) == (401, 403) for stranger, viewer, _ in doors.values()), doors
    # the page, a month, a document; a month, a document and an issue that there are not; what FastAPI adds
    assert [approver for _, _, approver in doors.values()] == [200, 200, 200, 404, 404, 404, 404, 404]


def test_the_page_shows_the_cards_with_their_states_and_revisions(runs):
    html = runs[0]["html"]
    assert re.findall(r"<strong>(.*?)</strong>", html) == ["Marketing North", "Marketing South"]
    assert re.findall(r"<li>(r\d), \d{4}-\d\d-\d\d", html) == ["r2", "r1", "r2", "r1"]
    assert "Nothing: every mail is at its end." in html
    assert html.count(">approved<") == html.count(">sent<") == 2


def test_a_document_has_the_bytes_that_were_issued(runs):
    done, _, home = runs
    issued = (home / "scorecards" / "2026-10" / "north-2026-10-r2.pdf").read_bytes()
    sha256 = hashlib.sha256(issued).hexdigest()
    path, answered, kind = done["pdf"]
    assert (path.split("/")[-1], answered, kind) == (sha256, sha256, "application/pdf")


def test_the_menu_leads_to_the_page(runs):
    assert runs[0]["menu"] == ["/scorecards/"]
