"""All that runs: the stores, the mail server and the hosts, and what can be asked of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import urllib.error
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from scoring.period import Period
from tests.manyhosts.catcher import Catcher
from tests.manyhosts.hosts import ROOT, Host, Site
from tests.operating import Api, until
from tests.postgres import Server
from tests.postgres import server as postgres

# so that a dead host is noticed within the time of a test; by default it takes five minutes
QUICK = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
}
STORE = {
    "AWS_ENDPOINT_URL": "http://objects:5000",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "SCOREWRIGHT_HOME": "s3://scorecards/home",
}
WORKERS = ("worker-1", "worker-2")
SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")
# the morning on which the last month of the invented company is due, with an hour for it
MORNING = datetime(2026, 11, 3, 5, 5, tzinfo=UTC)
BEHIND_SECONDS = int((datetime.now(UTC) - MORNING).total_seconds())
# The DAG's only clock. Airflow's own cannot be put back: libfaketime ends Python's `time.sleep` with an error.
CLOCK = f"""

def clock() -> datetime:
    from datetime import timedelta
    return datetime.now(UTC) - timedelta(seconds={BEHIND_SECONDS})
"""
# Airflow then begins the run of that morning, whatever day it is
ONE_RUN = """
CARDS |= {
    "start_date": datetime(2026, 11, 1, tzinfo=ZoneInfo("UTC")),
    "end_date": datetime(2026, 11, 4, tzinfo=ZoneInfo("UTC")),
    "catchup": True,
}
"""
SCHEDULE = (ROOT / "dags/scorecard_schedule.py").read_text("utf-8")
# of the invented company's people, as containers/example.sh has it
APPRAISE = """set -eu
scorewright appraisal form 2026-10 --output /srv/work/form.xlsx
python -m example.appraise /srv/work/form.xlsx
scorewright appraisal enter /srv/work/form.xlsx
"""


class PatientApi(Api):
    """The API of a server whose database is restarted now and then: what was not answered is asked again."""

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask, for five minutes."""
        found: list[Any] = []

        def is_answered() -> bool:
            try:
                found.append(super(PatientApi, self).request(method, path, body))
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    raise
            except OSError:
                pass
            return bool(found)

        until(is_answered, 300, self.meanwhile)
        return found[0]


@dataclass
class Stack:
    """A whole installation on many hosts."""

    site: Site
    server: Server
    catcher: Catcher
    api: PatientApi

    def received(self, since: int) -> list[str]:
        """The recipients of the mails that were taken after the first `since`."""
        return sorted(recipient for recipient, _ in self.catcher.taken[since:])

    def managers(self, period: Period) -> list[str]:
        """Whom the ledger has deliveries to of the newest cards of a month."""
        return sorted(recipient for recipient, _ in self._deliveries(period))

    def states(self, period: Period) -> dict[str, int]:
        """How many of these mails are in which state."""
        return dict(Counter(state for _, state in self._deliveries(period)))

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database of the scorecards says."""
        with psycopg.connect(self.server.address("scorewright")) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def starts(self) -> dict[str, int]:
        """How often the service of each host was started again."""
        return {host.name: host.starts - 1 for host in self.site.hosts.values() if host.is_kept_up}

    def show(self) -> None:
        """What each host said last."""
        for host in self.site.hosts.values():
            sys.stdout.write(f"--- {host.name}\n{host.said()[-2500:]}\n")

    def _deliveries(self, period: Period) -> list[tuple[Any, ...]]:
        return self.ask(
            "select recipient, state from ledger.deliveries d join ledger.issues i on i.id = d.issue_id"
            " where period = %s and state <> 'superseded'",
            str(period),
        )


@contextmanager
def running() -> Iterator[Stack]:
    """Build all of it and take it down again, whatever happens."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="scorewright-hosts-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        secret = new_secrets()
        server = stack.enter_context(postgres(5432))
        for name in ("airflow", "scorewright"):
            make_database(server, name)
        catcher = Catcher()
        stack.callback(catcher.started().stop)
        for name, command in stores(folder, secret).items():
            stack.enter_context(started(folder / f"{name}.log", command))
        site = Site(folder, ROOT / "config", dags(folder), secret, QUICK)
        stack.callback(site.stop)
        yield Stack(site, server, catcher, filled(site))


def filled(site: Site) -> PatientApi:
    """Start every host and hand in the exports, as platforms and people would."""
    desk = site.add("desk", "worker", **STORE)
    site.add("shell", "scheduler")
    site.add("alone", "worker", SCOREWRIGHT_HOME="/srv/home", SCOREWRIGHT_WAREHOUSE="")
    site.add("init", "init").run("sh", "containers/init.sh")
    hand_in(desk)
    for service in SERVICES:
        more = STORE if service == "api-server" else {}
        site.add(service, service, **more).serve()
    for number, name in enumerate(WORKERS):
        # all hosts are at one address
        port = {"AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(8793 + number)}
        site.add(name, "worker", **STORE, **port).serve()
    return PatientApi("localhost:8080", site.secrets["AIRFLOW_ADMIN_PASSWORD"], site.keep_up, 3600)


def hand_in(host: Host) -> None:
    """The exports into the store, and what people entered into the ledger."""
    host.run("python", "-m", "example.generate", "/srv/work/exports")
    host.run(
        "python", "-c",
        "import s3fs; s3fs.S3FileSystem().mkdir('scorecards');"
        "s3fs.S3FileSystem().put('/srv/work/exports', 'scorecards/home/', recursive=True)",
    )  # fmt: skip
    host.run("sh", "-c", APPRAISE)


def dags(folder: Path) -> Path:
    """A copy of the DAGs on that morning."""
    copy = Path(shutil.copytree(ROOT / "dags", folder / "dags", ignore=shutil.ignore_patterns("__pycache__")))
    with (copy / "scorecard_run.py").open("a", encoding="utf-8") as file:
        file.write(CLOCK)
    (copy / "scorecard_schedule.py").write_text(SCHEDULE + ONE_RUN, "utf-8")
    return copy


def new_secrets() -> dict[str, str]:
    """What `script/compose-env` writes."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "script").mkdir()
        script = shutil.copy(ROOT / "script/compose-env", Path(folder) / "script")
        subprocess.run(["sh", script], check=True, capture_output=True)
        lines = (Path(folder) / ".env").read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value.strip("'") for name, _, value in pairs}


def make_database(server: Server, name: str) -> None:
    """A database; its user is there already where it has the name of the server's own."""
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        if name == "airflow":
            connection.execute("create role airflow login")
        connection.execute(f"create database {name} owner {name}")  # type: ignore[arg-type]


def stores(folder: Path, secret: dict[str, str]) -> dict[str, list[str]]:
    """The queue and the object store, by their commands."""
    (folder / "redis.conf").write_text(
        f"bind 127.0.0.1\nrequirepass {secret['REDIS_PASSWORD']}\nsave ''\n", "utf-8"
    )
    moto = str(Path(sys.executable).with_name("moto_server"))
    return {
        "redis": ["redis-server", str(folder / "redis.conf")],
        "objects": [moto, "-H", "127.0.0.1", "-p", "5000"],
    }


@contextmanager
def started(log: Path, command: list[str]) -> Iterator[None]:
    """A program that runs while the block does."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as program:
        try:
            yield
        finally:
            program.kill()
