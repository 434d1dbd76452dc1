"""A kill point does nothing, says its name, or ends the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

import killpoints
from killpoints import reach
from settings import ROOT


@pytest.fixture(autouse=True)
def _off_afterwards():
    yield
    killpoints.disarm()


def test_a_point_does_nothing_unless_armed():
    reach("load.inserted")


def test_points_are_listed_in_the_order_in_which_they_were_reached():
    names: list[str] = []
    killpoints.record(names)
    for name in ("load.deleted", "load.inserted", "load.inserted"):
        reach(name)
    killpoints.disarm()
    reach("load.recorded")
    assert names == ["load.deleted", "load.inserted", "load.inserted"]


def test_the_process_dies_at_the_occurrence_asked_for(tmp_path):
    reached = tmp_path / "reached"
    child = os.fork()
    if child == 0:
        try:
            killpoints.kill_at("load.inserted", 2)
            for number, name in enumerate(
                ("load.inserted", "load.deleted", "load.inserted", "load.inserted")
            ):
                reached.write_text(str(number))
                reach(name)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert reached.read_text() == "2"


def test_something_else_can_be_done_there_and_only_there():
    done = []
    killpoints.call_at("load.inserted", 2, lambda: done.append(True))
    for name in ("load.inserted", "load.deleted", "load.inserted", "load.inserted"):
        reach(name)
    assert done == [True]


def test_nothing_but_a_call_arms_a_point():
    code = "import killpoints, pipeline.run, terminal.cli; assert killpoints._on_reach is None"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
