"""A real Airflow in a folder of its own: SQLite metadata, and, where asked for, its services."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

AIRFLOW = Path(sys.executable).with_name("airflow")
SEVERAL = """
import json, sys
from airflow.__main__ import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["airflow", *words]
    main()
    print("END OF", *words, flush=True)
"""
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Airflow:
    """An Airflow home with a migrated database."""

    home: Path
    dags: Path
    environment: dict[str, str]

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `airflow ...` to its end."""
        done = subprocess.run(
            [AIRFLOW, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def commands(self, *lines: Sequence[str]) -> None:
        """Run several `airflow ...` one after another in one process: to start one takes longer than a small run."""
        done = subprocess.run(
            [sys.executable, "-c", SEVERAL, json.dumps(lines)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count("END OF") == len(lines), done.stdout + done.stderr

    @contextmanager
    def services(self) -> Iterator[None]:
        """The API server, the scheduler and the DAG processor, running."""
        with (self.home / "services.log").open("w") as log:
            running = [
                subprocess.Popen(
                    [AIRFLOW, service], env=self.environment, stdout=log, stderr=log, start_new_session=True
                )
                for service in ("api-server", "scheduler", "dag-processor")
            ]
            try:
                wait_for(self._is_up, "the API server")
                yield
            finally:
                for service in running:
                    os.killpg(service.pid, signal.SIGKILL)
                    service.wait()

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.environment['AIRFLOW__API__BASE_URL']}/api/v2/version"):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            return False


def wait_for(condition, what: str) -> None:
    """Wait until `condition()` holds; fails, saying what, when the patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come within {PATIENCE_SECONDS} s"
        time.sleep(0.3)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def make_airflow(home: Path, dags: Path, site: dict[str, str], database: Path | None = None) -> Airflow:
    """A fresh Airflow on `dags`, whose tasks see the Scorewright settings of `site`.

    `database` is a fresh one to copy, which takes no time; without it one is made.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    secret = secrets.token_hex(16)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "SCOREWRIGHT"))},
        **site,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secret,
        "AIRFLOW__API_AUTH__JWT_SECRET": secret,
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    airflow = Airflow(home, dags, environment)
    if database is None:
        airflow.command("db", "migrate")
    else:
        shutil.copy(database, home / database.name)
    return airflow


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory):
    """Airflow's own database as it is before anything was run, only to be copied."""
    home = tmp_path_factory.mktemp("fresh")
    make_airflow(home, home, {})
    return home / "airflow.db"


@pytest.fixture(scope="module")
def airflow_on(tmp_path_factory, fresh_database):
    """Makes a fresh Airflow on a folder of DAGs, with the given Scorewright settings."""

    def build(dags: Path, site: dict[str, str]) -> Airflow:
        return make_airflow(tmp_path_factory.mktemp("airflow"), dags, site, fresh_database)

    return build
