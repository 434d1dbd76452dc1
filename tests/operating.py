"""What `script/compose-test` and `script/many-hosts` share: Airflow by its REST API, waiting, figures to print.

Nothing but the standard library is needed.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

DAG = "monthly_scorecards"
ENDED = ("success", "failed")


@dataclass
class Figures:
    """What was found, said at once and again at the end; `name` is the program's."""

    name: str
    found: list[tuple[str, str]] = field(default_factory=list)

    def note(self, what: str, figure: object) -> None:
        """Keep a figure."""
        self.found.append((what, str(figure)))
        say(f"{self.name}: {what}: {figure}")

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Note how long it took."""
        say(f"{self.name}: {what} ...")
        start = time.monotonic()
        yield
        self.note(what, f"{time.monotonic() - start:.0f} s")

    def show(self) -> None:
        """All of them."""
        say("\n" + "\n".join(f"{what}: {figure}" for what, figure in self.found))


@dataclass
class Api:
    """Airflow's REST API at a host and port, as the user admin. `meanwhile` is called whenever it waits."""

    host: str
    password: str
    meanwhile: Callable[[], None] = lambda: None
    patience_seconds: float = 1200
    _token: str = ""

    def __post_init__(self) -> None:
        answer = self.request("POST", "/auth/token", {"username": "admin", "password": self.password})
        self._token = answer["access_token"]

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask; a path that begins with / is not the API's."""
        address = f"http://{self.host}{path if path.startswith('/') else f'/api/v2/{path}'}"
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # this machine
            return json.load(answer)

    def has_dag(self) -> bool:
        """Whether the DAG was read by now."""
        return DAG in [dag["dag_id"] for dag in self.request("GET", "dags")["dags"]]

    def unpause(self) -> None:
        """Let the DAG run."""
        self.request("PATCH", f"dags/{DAG}", {"is_paused": False})

    def runs(self) -> list[dict[str, Any]]:
        """All runs of the DAG."""
        return list(self.request("GET", f"dags/{DAG}/dagRuns?limit=100")["dag_runs"])

    def tasks(self, run_id: str) -> list[dict[str, Any]]:
        """The tasks of a run."""
        return list(
            self.request("GET", f"dags/{DAG}/dagRuns/{run_id}/taskInstances?limit=100")["task_instances"]
        )

    def log(self, run_id: str, task_id: str) -> str:
        """What is shown of a task's first try."""
        return str(self.request("GET", f"dags/{DAG}/dagRuns/{run_id}/taskInstances/{task_id}/logs/1"))

    def trigger(self, period: str) -> str:
        """Begin the run of a month that is to be mailed; its id."""
        run_id = f"test-{secrets.token_hex(4)}"
        conf = {"period": period, "deliver": "always"}
        self.request(
            "POST", f"dags/{DAG}/dagRuns", {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        )
        return run_id

    def month(self, period: str, meanwhile: Callable[[str], str | None] | None = None) -> str:
        """Trigger a month that is to be mailed, and see it succeed; what `meanwhile` came to say."""
        run_id = self.trigger(period)
        said = self.end_of(run_id, meanwhile)
        failed = [f"{task['task_id']} failed" for task in self.tasks(run_id) if task["state"] == "failed"]
        must(self.state(run_id) == "success", f"{period} is a success, found {failed}")
        return said

    def end_of(self, run_id: str, meanwhile: Callable[[str], str | None] | None = None) -> str:
        """Wait for the end of a run; what `meanwhile` said, asked until it says something."""
        said: str | None = None

        def has_ended() -> bool:
            nonlocal said
            said = said or (meanwhile(run_id) if meanwhile else "")
            return self.state(run_id) in ENDED

        until(has_ended, self.patience_seconds, self.meanwhile)
        must(said is not None, "what was to be done meanwhile was done")
        return said or ""

    def state(self, run_id: str) -> str:
        """The state of a run."""
        return str(self.request("GET", f"dags/{DAG}/dagRuns/{run_id}")["state"])

    def all_done(self) -> None:
        """Wait until no run is on its way."""
        until(
            lambda: {run["state"] for run in self.runs()} <= {*ENDED}, self.patience_seconds, self.meanwhile
        )


def until(holds: Callable[[], bool], seconds: float, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Wait until it holds. Raises `TimeoutError`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} seconds")
        meanwhile()
        time.sleep(2)


def must(holds: bool, expected: str) -> None:
    """Raise unless it holds."""
    if not holds:
        raise AssertionError(f"expected {expected}")


def say(text: str) -> None:
    """A line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
