"""Hosts made of namespaces: each has a name and processes of its own and can write nothing that another sees.

What runs on a host, with which settings and secrets, is read in docker-compose.yaml.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yaml").read_text("utf-8"))[
    "services"
]
# names of the compose file, all at loopback: the network is one of its own as well
NAMES = ("localhost", "postgres", "redis", "api-server", "mail", "objects")
# The file system is read only, but for a folder of this host's own at /srv and two in memory.
HOST = """set -eu
hostname "$1"
mount --bind "$2/hosts" /etc/hosts
mount --bind "$2" /srv
mount -t tmpfs tmpfs /tmp
mount -t tmpfs -o size=64m tmpfs /dev/shm
mount -o remount,bind,ro /
shift 2
exec "$@"
"""


@dataclass
class Host:
    """A host that runs one service of the compose file."""

    name: str
    service: str
    folder: Path
    environment: Mapping[str, str]
    is_kept_up: bool = False
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self, command: Iterable[str] | None = None) -> None:
        """Start the service, or another command in its place."""
        self.starts += 1
        namespaces = ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
        inside = ["sh", "-c", HOST, "host", self.name, str(self.folder)]
        with (self.folder / "said").open("ab") as said:
            self._process = subprocess.Popen(
                [*namespaces, *inside, *(command or command_of(self.service))],
                cwd=ROOT, env=dict(self.environment), stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def run(self, *command: str, may_fail: bool = False) -> str:
        """Run a command to its end; what it printed. Raises where it fails."""
        before = len(self.said())
        self.start(command)
        ended = self.process.wait()
        printed = self.said()[before:]
        if ended and not may_fail:
            raise RuntimeError(f"{self.name}: {' '.join(command)} ended with {ended}: {printed[-3000:]}")
        return printed

    def serve(self) -> None:
        """Start the service, to be started again whenever it ends."""
        self.is_kept_up = True
        self.start()

    def is_gone(self) -> bool:
        """Whether what was started has ended."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """SIGKILL to the first process, which takes all others with it, as when a machine goes away."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        for pid in children.split():
            os.kill(int(pid), signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process is not None and not self.is_gone():
            self.kill()

    def said(self) -> str:
        """What its processes printed."""
        file = self.folder / "said"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The one started last."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process


@dataclass
class Site:
    """All hosts, each with a copy of the book and the DAGs, as they would be in an image."""

    folder: Path
    book: Path
    dags: Path
    secrets: Mapping[str, str]
    extra: Mapping[str, str]
    hosts: dict[str, Host] = field(default_factory=dict)

    def add(self, name: str, service: str, **more: str) -> Host:
        """A new host; nothing runs on it yet."""
        folder = self.folder / name
        for part in ("airflow", "logs", "work"):
            (folder / part).mkdir(parents=True)
        shutil.copytree(self.book, folder / "book")
        shutil.copytree(self.dags, folder / "dags")
        # its own name first: Airflow says of a task that it runs on the first name of the host's address
        (folder / "hosts").write_text(f"127.0.0.1 {name} {' '.join(NAMES)}\n", "utf-8")
        self.hosts[name] = host = Host(name, service, folder, self._environment(service) | more)
        return host

    def keep_up(self) -> None:
        """Start again what has ended, as Docker or systemd would."""
        for host in self.hosts.values():
            if host.is_kept_up and host.is_gone():
                host.start()

    def write(self, name: str, text: str) -> None:
        """Change a file on every host."""
        for host in self.hosts.values():
            (host.folder / name).write_text(text, "utf-8")

    def stop(self) -> None:
        """End all of them."""
        for host in self.hosts.values():
            host.stop()

    def _environment(self, service: str) -> dict[str, str]:
        """That of the compose file, with the secrets filled in and no folder that hosts share."""
        given = {
            name: moved(filled(str(value), self.secrets))
            for name, value in SERVICES[service]["environment"].items()
        }
        image = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": "/srv/work",
            "LANG": "C.UTF-8",
            "AIRFLOW_HOME": "/srv/airflow",
            "AIRFLOW__CORE__DAGS_FOLDER": "/srv/dags",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": "/srv/logs",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return {**image, **given, **self.extra}


def command_of(service: str) -> list[str]:
    """What the compose file starts."""
    return list(SERVICES[service]["command"])


def filled(text: str, secrets: Mapping[str, str]) -> str:
    """The text with the variables of `.env`, or with their defaults."""

    def value(found: re.Match[str]) -> str:
        name, default = found.groups()
        return secrets.get(name, default)

    return re.sub(r"\$\{([A-Z_]+):[-?]([^}]*)\}", value, text)


def moved(text: str) -> str:
    """The program's own folder where it is here; /srv is the same on every host."""
    return text.replace("/opt/scorewright", str(ROOT))
