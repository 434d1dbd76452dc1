"""No secret reaches anything that a run of the DAG leaves or says, at DEBUG, also where it goes wrong.

Every place that takes a secret is given one of its own: the settings file, the environment, Connections of
Airflow. Then everything is searched for them: what was said, Airflow's database with its XComs and rendered
fields, warehouse and ledger, landing, cards, PDFs, and the mails as they arrived.
"""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography.fernet import Fernet

from settings import ROOT
from tests.book.books import VALID
from tests.dags.conftest import free_port
from tests.pipeline.exports import write_exports
from tests.reports.conftest import pdf_text

DATABASE, MAIL, MAIL_OF_AIRFLOW, THEIRS, THEIRS_OF_AIRFLOW = (
    f"c4n4ry{place}" for place in ("database", "mail", "mailofairflow", "theirs", "theirsofairflow")
)
SECRETS = (DATABASE, MAIL, MAIL_OF_AIRFLOW, THEIRS, THEIRS_OF_AIRFLOW)
SPECIAL = "%2F%40x"
"""What follows each: `/@x`, so that a password has two spellings."""

CHILD = """
import os, sys
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from airflow.models import Connection
from airflow.utils.session import create_session
import killpoints, pendulum

folder, dags, password = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path.append(dags)  # as Airflow does for a bundle
with create_session() as session:
    session.add(Connection(conn_id="of_airflow", uri=f"postgresql://u:{password}@127.0.0.1:1/x"))

def run(number, conf):
    dag = DagBag(dags).dags["monthly_scorecards"]
    for task in dag.tasks:
        (task.partial_kwargs if task.is_mapped else vars(task))["retries"] = 0  # two minutes each
    conf = {"period": "2026-10", "teams": [], "deliver": "always", "allow_empty": False, **conf}
    try:
        print("CASE", number, dag.test(logical_date=pendulum.datetime(2026, 11, number), run_conf=conf).state)
    except BaseException as error:
        print("CASE", number, repr(error))

run(3, {"teams": ["south"]})
os.environ["AIRFLOW_CONN_SCOREWRIGHT_SMTP"] += "&timeout=9"
(folder / "refuse").touch()
run(4, {"teams": ["north"]})
(folder / "asking").rename(folder / "book/sources.yaml")
run(5, {})
(folder / "sound").rename(folder / "book/sources.yaml")
(folder / "refuse").unlink()
killpoints.kill_at("smtp.body_sent", 1)
run(6, {"teams": ["north"]})
"""
KILLED = -9
IN_ONE_PROCESS = re.compile(r"Sending request +loc=supervisor\.py:\d+ msg=MaskSecret\(")
"""What `dag.test` alone logs, at DEBUG: that Airflow's masker is told what to hide. A worker's supervisor logs
the same with the value left out."""


class Server:
    """A mail server with a login, which keeps what it is handed and refuses everybody while told to."""

    def __init__(self, refuse: Path) -> None:
        self.refuse = refuse
        self.passwords: list[bytes] = []
        self.received: list[bytes] = []

    def __call__(self, server, session, envelope, mechanism, data):
        self.passwords.append(data.password)
        return AuthResult(success=not self.refuse.exists(), handled=False)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the server's own name
        self.received.append(envelope.content)
        return "250 OK"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A book, exports and a settings file with secrets; `asking` is the book's sources with two databases."""
    folder = tmp_path_factory.mktemp("canaries")
    shutil.copytree(VALID, folder / "book")
    write_exports(folder / "exports")
    sources = folder / "book/sources.yaml"
    shutil.copy(sources, folder / "sound")
    asking = yaml.safe_load(sources.read_text("utf-8"))
    for entity, name in (("other", "theirs"), ("third", "of_airflow")):
        account = {"entity": entity, "currency_code": "USD", "time_zone": "UTC", "connection": name}
        asking["google_ads"]["accounts"].append({**account, "query": "select 1 where :start < :end"})
    (folder / "asking").write_text(yaml.safe_dump(asking, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture(scope="module")
def left(place, airflow_on, postgres):
    """What all cases leave: (what was said, the mail server, Airflow's home, the database)."""
    server = Server(place / "refuse")
    smtp = Controller(
        server, hostname="127.0.0.1", port=free_port(), authenticator=server, auth_require_tls=False
    )
    smtp.start()
    database = postgres.new_database()
    with_secret = database.replace("scorewright@", f"scorewright:{DATABASE}{SPECIAL}@")
    (place / "scorewright.toml").write_text(
        f"""book = "book"\nhome = "home"\nexports = "exports"\ndatabase = "{with_secret}"
delivery = "smtp://u:{MAIL}{SPECIAL}@127.0.0.1:1?tls=never"\n""",
        "utf-8",
    )
    settings = {
        "SCOREWRIGHT_SETTINGS": str(place / "scorewright.toml"),
        "SCOREWRIGHT_LOG_LEVEL": "DEBUG",
        "SCOREWRIGHT_CONNECTION_THEIRS": f"postgresql+psycopg://u:{THEIRS}{SPECIAL}@127.0.0.1:1/x",
        "AIRFLOW_CONN_SCOREWRIGHT_SMTP": f"smtp://u:{MAIL_OF_AIRFLOW}{SPECIAL}@127.0.0.1:{smtp.port}/?tls=never",
    }
    try:
        airflow = airflow_on(ROOT / "dags", settings)
        done = subprocess.run(
            [sys.executable, "-c", CHILD, place, ROOT / "dags", THEIRS_OF_AIRFLOW + SPECIAL],
            env={
                **airflow.environment,
                "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
                # as any installation has one: Airflow keeps Connections in plain text without
                "AIRFLOW__CORE__FERNET_KEY": Fernet.generate_key().decode(),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        smtp.stop()
    said = done.stdout + done.stderr
    assert done.returncode == KILLED, said[-5000:]
    return said, server, airflow.home, database


def test_each_case_came_to_its_end(left):
    said, server, _, _ = left
    ends = re.findall(r"^CASE (\d) (.*)$", said, re.MULTILINE)
    assert [number for number, _ in ends] == ["3", "4", "5"]
    assert ends[0][1].endswith("success"), said[-4000:]
    assert not [end for _, end in ends[1:] if end.endswith("success")]
    assert {f"{MAIL_OF_AIRFLOW}/@x".encode()} == set(server.passwords)
    assert len(server.received) in {1, 2}


def test_what_was_said_has_no_secret(left):
    said = left[0]
    assert "DEBUG" in said.upper()
    told = [line for line in said.splitlines() if found_in(line) and not IN_ONE_PROCESS.search(line)]
    assert told == []


def test_airflows_database_and_logs_have_no_secret(left):
    home = left[2]
    with sqlite3.connect(home / "airflow.db") as database:
        for table in ("xcom", "task_instance"):
            assert database.execute(f"select count(*) from {table}").fetchone()[0] > 10
    assert [name for name, content in files_of(home) if found_in(content)] == []


def test_warehouse_and_ledger_have_no_secret(left):
    with psycopg.connect(left[3]) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('ledger', 'warehouse')"
        ).fetchall()
        assert len(tables) > 10
        rows = {t: connection.execute(f"select t::text from {t} t").fetchall() for (t,) in tables}
    assert [table for table, texts in rows.items() if found_in(repr(texts))] == []


def test_landing_cards_and_pdfs_have_no_secret(left, place):
    found = dict(files_of(place / "home"))
    pdfs = [content for name, content in found.items() if name.endswith(".pdf")]
    assert pdfs
    assert [name for name, content in found.items() if found_in(content)] == []
    assert not [pdf for pdf in pdfs if found_in(pdf_text(pdf))]


def test_mails_have_no_secret(left):
    received = left[1].received
    parts = [
        part.get_payload(decode=True) or b""
        for mail in received
        for part in email.message_from_bytes(mail, policy=email.policy.default).walk()
    ]
    pdfs = [part for part in parts if part.startswith(b"%PDF")]
    assert pdfs
    assert not [part for part in [*received, *parts] if found_in(part)]
    assert not [pdf for pdf in pdfs if found_in(pdf_text(pdf))]


def found_in(content: str | bytes) -> list[str]:
    """The secrets that stand in something, in any spelling of their letters."""
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    return [secret for secret in SECRETS if secret in text.lower()]


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
