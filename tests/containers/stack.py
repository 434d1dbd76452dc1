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
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tests.operating import Api, Figures, must, say, until

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "var/compose-test"
SITE = HERE / "site"
PROJECT = "scorewright-test"
BASE = f"localhost/{PROJECT}-base"
IMAGES = {name: f"localhost/{PROJECT}-{name}" for name in ("postgres", "redis", "mail")}
PORT = 18080
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
FIGURES = Figures("compose-test")
timed, note = FIGURES.timed, FIGURES.note


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
        FIGURES.show()


def try_everything() -> None:
    """What an operator would want to know before trusting it."""
    with timed("all services up and healthy, from nothing"):
        up(JOBS)
    airflow = api()
    with timed("the DAG there after"):
        until(airflow.has_dag, 120)
    airflow.unpause()

    with timed("2026-10 from empty stores, with the scheduled run beside it"):
        airflow.month("2026-10")
        airflow.all_done()
    first = mails()
    must(len(first) == MANAGERS and no_doubles(first), f"a mail for each manager, found {first}")
    note("mails of 2026-10, accepted by the server", len(first))

    with timed("2026-10 again"):
        airflow.month("2026-10")
    must(mails() == first, "no second mail")

    with timed("2026-09, a worker killed while it measures or scores"):
        killed = airflow.month("2026-09", meanwhile=lambda run: kill_a_worker(airflow, run))
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
        api().month("2026-10")
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
    airflow = api()
    note("runs that Airflow knows after the restore", len(airflow.runs()))
    compose("run", "--rm", "-T", "--no-deps", "example", "python", "-m", "example.generate", "/srv/exports")
    with timed("2026-10 after the restore"):
        airflow.month("2026-10")
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


def kill_a_worker(airflow: Api, run_id: str) -> str | None:
    """Kill the first process of the worker that measures or scores, as a crash would; None if none does yet."""
    tasks = [task for task in airflow.tasks(run_id) if task["state"] == "running" and task["hostname"]]
    task = next((task for task in tasks if task["task_id"] in ("measure", "restate", "score")), None)
    if task is None:
        return None
    for number in (1, 2):
        found = json.loads(run("podman", "inspect", container("worker", number)))[0]
        if found["Id"].startswith(task["hostname"]):
            shown = airflow.log(run_id, task["task_id"])
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


def api() -> Api:
    """The REST API of what is up."""
    return Api(f"localhost:{PORT}", environment()["AIRFLOW_ADMIN_PASSWORD"])


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


if __name__ == "__main__":
    main()
