"""Follow a run of the DAG: its whole log into a file, and what came of each task onto the screen.

`python -m example.follow LOG COMMAND...` runs the command, which is one of Airflow's, and ends as it does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

WIDTH = 80
STEP = re.compile(r"\S+ \[(info|warning) *\] (?P<said>.*?) *\[(pipeline\.[\w.]+|scorecard_run)\]")
STARTED = re.compile(r".*\[DAG TEST\] starting task_id=(?P<task>\S+)")
ENDED = re.compile(r".*\[DAG TEST\] end task task_id=(?P<task>\S+)")
REFUSED = re.compile(r"\S+ \[error *\] (?P<said>.*?) *\[scorecard_run\]")
FAILED = re.compile(r"\S+ \[error *\] Task (failed with exception|exited)")
RAISED = re.compile(r"[\w.]+(?:Error|Exception|Interrupt|Exit)\w*(?:: (?P<said>.*))?$")


def steps(log: Iterable[str]) -> Iterator[str]:
    """What each task of the log came to: the words of its step, and done or failed where they do not say."""
    task, is_told, failure, refusals = "", False, "", list[str]()
    for line in log:
        if found := STARTED.match(line):
            task, is_told, failure, refusals = found["task"], False, "", []
        elif found := STEP.match(line):
            is_told = True
            yield found["said"]
        elif found := REFUSED.match(line):
            refusals.append(found["said"])
        elif FAILED.match(line):
            failure = ": ".join(["failed", *filter(None, [" ".join(refusals)])])
        elif failure and (found := RAISED.match(line)):
            # the last one stands, for causes come before it
            failure = f"failed: {found['said'] or found[0]}"
        elif ENDED.match(line) and (failure or not is_told):
            yield f"{task}: {failure or 'done'}"


def follow(log: Path, command: list[str]) -> int:
    """Run the command and say its steps as they end; returns its exit code.

    The end of the log is shown where the command fails before any step.
    """
    is_silent = True
    with log.open("w", encoding="utf-8") as kept, _started(command) as run:
        for step in steps(_kept(run.stdout or (), kept)):
            is_silent = False
            said = textwrap.fill(step, WIDTH - 1, initial_indent="  ", subsequent_indent="    ")
            sys.stdout.write(said + "\n")
            sys.stdout.flush()
    if run.returncode and is_silent:
        sys.stderr.writelines(log.read_text("utf-8").splitlines(keepends=True)[-40:])
    return run.returncode


def _started(command: list[str]) -> subprocess.Popen[str]:
    """The command, running: what it writes comes line by line, and without colours."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )


def _kept(lines: Iterable[str], kept: TextIO) -> Iterator[str]:
    """The lines, each written down before it is read."""
    for line in lines:
        kept.write(line)
        kept.flush()
        yield line.rstrip("\n")


if __name__ == "__main__":
    sys.exit(follow(Path(sys.argv[1]), sys.argv[2:]))
