"""The compose file, really up: `script/compose-test` runs this with nothing but the standard library.

Where images can be pulled, `--pull` takes those that docker-compose.yaml names. Without it a base made by
debootstrap stands in for Python's image, and Debian's programs on it for the images of PostgreSQL, Redis and the
mail catcher (`stand_ins/`). podman runs no health check by itself and does not wait for one where there is
no systemd, and its old versions cannot start what depends on a job that has ended: so this program asks the
checks and starts the services in the order that the file gives.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "var/compose-test"
SITE = HERE / "site"
PROJECT = "scorewright-test"
BASE = f"localhost/{PROJECT}-base"
IMAGES = {name: f"localhost/{PROJECT}-{name}" for name in ("postgres", "redis", "mail")}
PORT = 18080
DAG = "monthly_scorecards"
# of the invented company
MANAGERS = 10
STORES = ("postgres", "redis", "mail")
JOBS = ("init", "example")
SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
[network]
network_backend = "netavark"
"""
# so that a dead worker is noticed within the test; by default it takes five minutes
AIRFLOW_ENV = """AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT=40
AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL=10
"""
FIGURES: list[tuple[str, str]] = []


def main() -> None:
    """Build, bring up, try everything, and take down again, whatever happens."""
    os.environ["CONTAINERS_CONF"] = str(HERE / "containers.conf")
    make_site()
    build()
    down("-v")
    try:
        try_everything()
    except BaseException:
        show_logs()
        raise
    finally:
        if "--keep" not in sys.argv:
            down("-v")
        print_figures()


def try_everything() -> None:
    """What an operator would want to know before trusting it."""
    with timed("all services up and healthy, from nothing"):
        up(JOBS)
    api = Api()
    with timed("the DAG there after"):
        until(api.has_dag, 120)
    api.request("PATCH", f"dags/{DAG}", {"is_paused": False})

    with timed("2026-10 from empty stores, with the scheduled run beside it"):
        api.month("2026-10")
        api.all_done()
    first = mails()
    must(len(first) == MANAGERS and no_doubles(first), f"a mail for each manager, found {first}")
    note("mails of 2026-10, accepted by the server", len(first))

    with timed("2026-10 again"):
        api.month("2026-10")
    must(mails() == first, "no second mail")

    with timed("2026-09, a worker killed while it measures or scores"):
        killed = api.month("2026-09", meanwhile=lambda run: kill_a_worker(api, run))
    note("killed", killed)
    after_kill = mails()
    must(len(after_kill) == 2 * MANAGERS and no_doubles(after_kill), f"each mail once, found {after_kill}")
    note("mails of 2026-09, with a worker killed", len(after_kill) - len(first))
    note("containers that came back by themselves", restarted())
    refuse_secrets(logs())
    note("lines of logs searched for secrets", logs().count("\n"))
    note("memory", memory())

    with timed("everything down"):
        down()
    with timed("up again with its volumes"):
        up(("init",))
    with timed("2026-10 once more"):
        Api().month("2026-10")
    must(mails() == [], "no mail after all was down")

    before = verified()
    with timed("backup of both databases and the home"):
        back_up()
    note(
        "size of the backup",
        ", ".join(f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in backups()),
    )
    down("-v")
    with timed("restored into empty volumes, and up"):
        restore()
        up(("init",))
    must(verified() == before, "verify --all says the same after the restore")
    note("verify --all, before and after", before.splitlines()[-1])
    api = Api()
    note("runs that Airflow knows after the restore", len(api.runs()))
    compose("run", "--rm", "-T", "--no-deps", "example", "python", "-m", "example.generate", "/srv/exports")
    with timed("2026-10 after the restore"):
        api.month("2026-10")
    must(mails() == [], "no mail after the restore")


# the installation


def make_site() -> None:
    """A folder as an operator has it: the compose file, what it mounts, and a new `.env`."""
    shutil.rmtree(SITE, ignore_errors=True)
    (SITE / "script").mkdir(parents=True)
    (HERE / "containers.conf").write_text(CONTAINERS_CONF, "utf-8")
    shutil.copy(ROOT / "docker-compose.yaml", SITE)
    shutil.copy(ROOT / "script/compose-env", SITE / "script")
    for folder in ("config", "containers"):
        shutil.copytree(ROOT / folder, SITE / folder, ignore=shutil.ignore_patterns("__pycache__"))
    run(SITE / "script/compose-env")
    with (SITE / ".env").open("a", encoding="utf-8") as file:
        file.write(f"AIRFLOW_PORT={PORT}\nMAIL_PORT={PORT + 1}\nIMAGE=localhost/{PROJECT}\n")
        if "--pull" not in sys.argv:
            file.writelines(f"{name.upper()}_IMAGE={image}\n" for name, image in IMAGES.items())
    (SITE / "airflow.env").write_text(AIRFLOW_ENV, "utf-8")


def build() -> None:
    """The image, and its base and the stand-ins where nothing is pulled."""
    base = ["--build-arg", f"BASE={BASE}"] if "--pull" not in sys.argv else []
    if base and subprocess.run(["podman", "image", "exists", BASE], check=False).returncode:
        with timed("base by debootstrap"):
            make_base()
    build_one = ["buildah", "bud", "--layers", "--isolation", "chroot", "--network", "host", *base]
    build_one += ["-v", f"{CERTIFICATES}:{CERTIFICATES}:ro"] if Path(CERTIFICATES).exists() else []
    with timed("image built"):
        run(*build_one, "-t", f"localhost/{PROJECT}", ROOT)
    size = json.loads(run("podman", "image", "inspect", f"localhost/{PROJECT}"))[0]["Size"]
    note("size of the image", f"{size / 1e9:.2f} GB")
    for name, image in IMAGES.items() if base else ():
        file = ROOT / "tests/containers/stand_ins/Dockerfile"
        run(*build_one, "--ignorefile", "/dev/null", "-f", file, "--target", name, "-t", image, ROOT)


def make_base() -> None:
    """Debian with Python and certificates."""
    folder = HERE / "base"
    shutil.rmtree(folder, ignore_errors=True)
    run("debootstrap", "--variant=minbase", "--include=python3,ca-certificates", "bookworm", folder)
    run("tar", "-C", folder, "-cf", HERE / "base.tar", ".")
    run("podman", "import", HERE / "base.tar", BASE)
    (HERE / "base.tar").unlink()
    shutil.rmtree(folder)


# the services


def up(jobs: tuple[str, ...]) -> None:
    """Start everything in the order of the file, and see every health check say yes."""
    start_stores()
    compose("up", "-d", "--no-build", "--no-deps", *jobs)
    for job in jobs:
        ended = run("podman", "wait", container(job)).strip()
        must(ended == "0", f"{job} ends with 0, found {ended}")
    compose("up", "-d", "--no-build", "--no-deps", *SERVICES)
    until(lambda: all(map(is_healthy, running())), 240)
    must(len(running()) == len(STORES) + len(SERVICES) + 1, f"all services run, found {running()}")


def start_stores() -> None:
    compose("up", "-d", "--no-build", "--no-deps", *STORES)
    until(lambda: all(is_healthy(container(name)) for name in STORES), 120)


def down(*options: str) -> None:
    """Take everything down; with `-v` its volumes too."""
    compose("down", *options)


def compose(*words: str, **options: Any) -> str:
    """`podman-compose` in the installation's folder."""
    program = Path(sys.executable).with_name("podman-compose")
    return run(program, "-p", PROJECT, *words, cwd=SITE, **options)


def container(service: str, number: int = 1) -> str:
    return f"{PROJECT}_{service}_{number}"


def running() -> list[str]:
    """The names of the containers that run."""
    return run("podman", "ps", "--filter", f"name={PROJECT}_", "--format", "{{.Names}}").split()


def is_healthy(name: str) -> bool:
    return (
        subprocess.run(["podman", "healthcheck", "run", name], check=False, capture_output=True).returncode
        == 0
    )


def kill_a_worker(api: Api, run_id: str) -> str | None:
    """Kill the first process of the worker that measures or scores, as a crash would; None if none does yet."""
    tasks = [task for task in api.tasks(run_id) if task["state"] == "running" and task["hostname"]]
    task = next((task for task in tasks if task["task_id"] in ("measure", "restate", "score")), None)
    if task is None:
        return None
    for number in (1, 2):
        found = json.loads(run("podman", "inspect", container("worker", number)))[0]
        if found["Id"].startswith(task["hostname"]):
            shown = api.log(run_id, task["task_id"])
            must(
                "403" not in shown and "secret_key" not in shown, f"the log of a running task, found {shown}"
            )
            os.kill(found["State"]["Pid"], 9)
            return f"worker {number} at {task['task_id']}"
    return None


def restarted() -> int:
    """How often podman started a container again that had ended."""
    return sum(json.loads(run("podman", "inspect", name))[0]["RestartCount"] for name in running())


def memory() -> str:
    """What each container uses, in MB, at the end of a month."""
    shown = run("podman", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}")
    found = re.findall(rf"{PROJECT}_(\S+) (\S+) /", shown)
    return ", ".join(f"{name} {used}" for name, used in sorted(found) if used != "0B")


def logs() -> str:
    names = run("podman", "ps", "-a", "--filter", f"name={PROJECT}_", "--format", "{{.Names}}").split()
    kept = run("podman", "exec", container("worker"), "sh", "-c", "cat $(find /srv/logs -type f)")
    return kept + "".join(run("podman", "logs", name, stderr=subprocess.STDOUT) for name in names)


def show_logs() -> None:
    """The last lines of each container, when something went wrong."""
    for name in run("podman", "ps", "-a", "--filter", f"name={PROJECT}_", "--format", "{{.Names}}").split():
        said = subprocess.run(
            ["podman", "logs", "--tail", "15", name], check=False, capture_output=True, text=True
        )
        say(f"--- {name}\n{said.stdout}{said.stderr}")


def refuse_secrets(said: str) -> None:
    """No secret of `.env` stands in what was logged."""
    kept = environment().items()
    found = [
        name for name, value in kept if name.endswith(("_PASSWORD", "_SECRET", "_KEY")) and value in said
    ]
    must(not found, f"no secret in the logs, found {found}")


def environment() -> dict[str, str]:
    lines = (SITE / ".env").read_text("utf-8").splitlines()
    return {
        name: value.strip("'") for name, _, value in (line.partition("=") for line in lines if "=" in line)
    }


# mails, and what is kept


def mails() -> list[str]:
    """Recipient and subject of each mail that the catcher accepted since it was started."""
    script = "for mail in /tmp/mails/*.eml; do [ -e $mail ] && cat $mail && echo; done; true"
    text = run("podman", "exec", container("mail"), "sh", "-c", script)
    recipients = re.findall(r"^X-Recipients: (.+)\r?$", text, re.MULTILINE)
    numbers = re.findall(r"^Message-ID: *\s*(.+)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return sorted(f"{to.strip()} {number.strip()}" for to, number in zip(recipients, numbers, strict=True))


def no_doubles(found: list[str]) -> bool:
    return max(Counter(found).values()) == 1


def verified() -> str:
    return compose("exec", "-T", "worker", "scorewright", "verify", "--all")


def backups() -> list[Path]:
    return [SITE / name for name in ("airflow.dump", "scorewright.dump", "home.tar")]


def back_up() -> None:
    """The commands of docs/how-to/run-in-containers.md."""
    airflow, scorewright, home = backups()
    for database, file in (("airflow", airflow), ("scorewright", scorewright)):
        with file.open("wb") as out:
            compose("exec", "-T", "postgres", "pg_dump", "-U", "postgres", "-Fc", database, stdout=out)
    with home.open("wb") as out:
        compose("exec", "-T", "worker", "tar", "-C", "/srv/home", "-c", ".", stdout=out)


def restore() -> None:
    """The commands of docs/how-to/run-in-containers.md."""
    airflow, scorewright, home = backups()
    start_stores()
    for database, file in (("airflow", airflow), ("scorewright", scorewright)):
        with file.open("rb") as kept:
            compose("exec", "-T", "postgres", "pg_restore", "-U", "postgres", "--exit-on-error",
                    "--role", database, "--no-owner", "-d", database, stdin=kept)  # fmt: skip
    with home.open("rb") as kept:
        compose("run", "--rm", "-T", "--no-deps", "worker", "tar", "-C", "/srv/home", "-x", stdin=kept)


# Airflow


class Api:
    """Airflow's REST API, as the user admin."""

    def __init__(self) -> None:
        self._token = ""
        answer = self.request(
            "POST", "/auth/token", {"username": "admin", "password": environment()["AIRFLOW_ADMIN_PASSWORD"]}
        )
        self._token = answer["access_token"]

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask; a path that begins with / is not the API's."""
        address = f"http://localhost:{PORT}{path if path.startswith('/') else f'/api/v2/{path}'}"
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # this machine
            return json.load(answer)

    def has_dag(self) -> bool:
        return DAG in [dag["dag_id"] for dag in self.request("GET", "dags")["dags"]]

    def runs(self) -> list[dict[str, Any]]:
        return list(self.request("GET", f"dags/{DAG}/dagRuns")["dag_runs"])

    def tasks(self, run_id: str) -> list[dict[str, Any]]:
        return list(
            self.request("GET", f"dags/{DAG}/dagRuns/{run_id}/taskInstances?limit=100")["task_instances"]
        )

    def log(self, run_id: str, task_id: str) -> str:
        """What is shown of a task's first try."""
        return str(self.request("GET", f"dags/{DAG}/dagRuns/{run_id}/taskInstances/{task_id}/logs/1"))

    def month(self, period: str, meanwhile: Callable[[str], str | None] | None = None) -> str:
        """Trigger a month that is to be mailed, and see it succeed; what `meanwhile` came to say."""
        run_id = f"test-{secrets.token_hex(4)}"
        conf = {"period": period, "deliver": "always"}
        self.request(
            "POST", f"dags/{DAG}/dagRuns", {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        )
        said: str | None = None

        def has_ended() -> bool:
            nonlocal said
            said = said or (meanwhile(run_id) if meanwhile else "")
            return self.state(run_id) in ("success", "failed")

        until(has_ended, 1200)
        failed = [
            f"{task['task_id']} {task['state']}" for task in self.tasks(run_id) if task["state"] == "failed"
        ]
        must(self.state(run_id) == "success", f"{period} is a success, found {failed}")
        must(said is not None, "what was to be done meanwhile was done")
        return said or ""

    def state(self, run_id: str) -> str:
        return str(self.request("GET", f"dags/{DAG}/dagRuns/{run_id}")["state"])

    def all_done(self) -> None:
        """Wait until no run is on its way."""
        until(lambda: {run["state"] for run in self.runs()} <= {"success", "failed"}, 1200)


# the frame


def run(*words: object, **options: Any) -> str:
    """Run a command and return what it printed; if it fails, raise with what it complained of."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run([str(word) for word in words], check=False, text="stdin" not in options, **options)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, words))}: ended with {done.returncode}: {done.stderr or done.stdout}"
        )
    return done.stdout if isinstance(done.stdout, str) else ""


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until it holds. Raises `TimeoutError`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} seconds")
        time.sleep(2)


def must(holds: bool, expected: str) -> None:
    if not holds:
        raise AssertionError(f"expected {expected}")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Note how long it took."""
    say(f"compose-test: {what} ...")
    start = time.monotonic()
    yield
    note(what, f"{time.monotonic() - start:.0f} s")


def note(what: str, figure: object) -> None:
    FIGURES.append((what, str(figure)))
    say(f"compose-test: {what}: {figure}")


def print_figures() -> None:
    say("\n" + "\n".join(f"{what}: {figure}" for what, figure in FIGURES))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
