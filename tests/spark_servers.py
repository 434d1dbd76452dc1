"""Servers that speak Spark Connect: Sail, a fast double in one process, and a Spark of several.

`script/spark-test` installs them; the ordinary environment has neither.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

NEEDED = "only script/spark-test has it"


@dataclass(frozen=True)
class Server:
    """A server: `address` is what `SCOREWRIGHT_SPARK` says, `workers` are the processes that read the files."""

    address: str
    process: subprocess.Popen[bytes]
    workers: Sequence[subprocess.Popen[bytes]] = field(default=())


@contextmanager
def sail(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A Sail server that runs while the block does; skips the test where there is none."""
    program = Path(sys.executable).with_name("sail")
    if not program.exists() or find_spec("pyspark") is None:
        pytest.skip(f"no Sail here: {NEEDED}")
    # unions of many branches need a slot for each
    surroundings = {"SAIL_CLUSTER__WORKER_TASK_SLOTS": "64", **(environment or {})}
    port = free_port()
    command = [program, "spark", "server", "--ip", "127.0.0.1", "--port", port]
    with _running(command, folder / "sail.log", port, surroundings) as process:
        yield Server(f"sc://127.0.0.1:{port}", process)


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[Server]:
    """A master, workers and a Connect server of the Spark in `SPARK_HOME`; skips the test where it is not set."""
    home = os.environ.get("SPARK_HOME", "")
    if not home or shutil.which("java") is None or find_spec("pyspark") is None:
        pytest.skip(f"no Spark here: {NEEDED}")
    start = [Path(home) / "bin/spark-class"]
    with ExitStack() as stack:
        master = free_port()
        url = f"spark://127.0.0.1:{master}"
        options = ["--host", "127.0.0.1", "--port", master, "--webui-port", "0"]
        stack.enter_context(
            _running([*start, f"{_DEPLOYED}.master.Master", *options], folder / "master.log", master)
        )
        running = [
            stack.enter_context(
                _running([*start, *_worker(folder / f"w{n}"), url], folder / f"worker{n}.log")
            )
            for n in range(workers)
        ]
        port = free_port()
        command = [
            Path(home) / "bin/spark-submit",
            "--master",
            url,
            *_CONNECT,
            *_conf(port),
            "spark-internal",
        ]
        process = stack.enter_context(_running(command, folder / "connect.log", port))
        yield Server(f"sc://127.0.0.1:{port}", process, running)


_DEPLOYED = "org.apache.spark.deploy"
_CONNECT = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--driver-memory", "1g")
_START_SECONDS = 300.0


def _worker(folder: Path) -> list[object]:
    options = ["--host", "127.0.0.1", "-c", "1", "-m", "1g", "--webui-port", "0", "-d", folder]
    return [f"{_DEPLOYED}.worker.Worker", *options]


def _conf(port: int) -> list[str]:
    said = {
        "spark.executor.memory": "700m",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
    }
    return [part for name, value in said.items() for part in ("--conf", f"{name}={value}")]


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def _running(
    command: Sequence[object],
    log: Path,
    port: int | None = None,
    surroundings: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group, which ends with the block; begins it once something listens at `port`."""
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", **(surroundings or {})}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=out, env=environment, start_new_session=True
        )
    try:
        if port is not None:
            _wait(process, port, log)
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
