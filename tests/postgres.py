"""A PostgreSQL server of the tests' own: made in a folder, on a free port of loopback, killed like any other."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

_SETTINGS = (
    # a test machine that loses power loses its tests
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=100",
    "shared_buffers=64MB",
    "max_wal_size=4GB",
    "log_min_messages=fatal",
)


# ICU needs no locale of the machine and sorts otherwise than bytes: no answer may depend on the order
_LOCALE = ("-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")


def binaries() -> Path | None:
    """The folder of the newest installed server; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return Path(beside).resolve().parent if beside else None


def _lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass
class Server:
    """One server: `url("name")` names a fresh database in it."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None
    _names: Iterator[int] = field(default_factory=count)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [part for setting in _SETTINGS for part in ("-c", setting)]
        command = [
            str(_bin() / "postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.folder),
            "-p",
            str(self.port),
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, *options], stdout=log, stderr=log, user=_owner())
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text("utf-8")) from None
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """SIGKILL to the server and all its children at once, as when a machine goes away."""
        main = self._running().pid
        # stopped first: whoever connects just now would get one more child, which nobody knows of
        os.kill(main, signal.SIGSTOP)
        children = [*map(int, Path(f"/proc/{main}/task/{main}/children").read_text("ascii").split())]
        for pid in (main, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._running().wait()
        # the next server refuses to start while one of them has not let go of the memory that they share
        while any(map(_lives, children)):
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, its connections as well."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.folder / "data"

    def address(self, database: str) -> str:
        """The database's address as every client takes it."""
        return f"postgresql://scorewright@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """The address of a database of its own, empty or `like` another one that nobody is connected to."""
        name = f"test_{os.getpid()}_{next(self._names)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name} template {like}")
        return self.address(name)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process


@contextmanager
def server(port: int | None = None) -> Iterator[Server]:
    """A server that runs while the block does, on a free port if none is named. Raises `RuntimeError` where PostgreSQL is not installed."""
    # not below pytest's own folder: PostgreSQL refuses to run as root, and other users cannot look in there
    folder = Path(tempfile.mkdtemp(prefix="scorewright-pg-"))
    made = Server(folder, port or _free_port())
    try:
        if _owner() is not None:
            shutil.chown(folder, user=_owner())
        subprocess.run(
            [_bin() / "initdb", "-D", made.data, "-U", "scorewright", "-A", "trust", "-N", *_LOCALE],
            check=True,
            capture_output=True,
            user=_owner(),
        )
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _bin() -> Path:
    found = binaries()
    if found is None:
        raise RuntimeError("no PostgreSQL server is installed; install Debian's package postgresql.")
    return found


def _owner() -> str | None:
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("no user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
