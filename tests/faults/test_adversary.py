"""Cases that nobody thought of: whatever happens at once, nothing is lost, doubled, silent or stuck."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.adversary.campaign import found_out, run_adversary
from tests.faults.adversary.plans import draw
from tests.faults.adversary.processes import can_trace
from tests.faults.adversary.weakened import LINES, NEED_A_TRACER
from tests.faults.harness import workplace
from tests.postgres import binaries, server

CASES = 60
ENOUGH = 25
"""In so many cases at most each weakened line is found out."""

pytestmark = pytest.mark.slow


@pytest.fixture
def folder():
    with workplace() as folder:
        yield folder


def test_whatever_happens_nothing_is_lost_doubled_silent_or_stuck(folder: Path, record_property):
    seeds = range(1, CASES + 1)
    if binaries() is None:
        counts = run_adversary(folder, seeds)
    else:
        with server() as running:
            counts = run_adversary(folder, seeds, running.address("").rstrip("/"))
    record_property("counted", f"an adversary:\n{counts.table()}")
    assert counts.faults == []
    assert counts.cases == CASES


def test_the_same_harness_finds_every_weakened_line_out(folder: Path, record_property):
    lines = [line for line in LINES if can_trace() or line not in NEED_A_TRACER]
    found = dict(found_out(folder, lines, ENOUGH))
    record_property("counted", "".join(f"{line}: {said}\n" for line, said in found.items()))
    assert [line for line, said in found.items() if said is None] == []


def test_a_seed_is_the_same_case_each_time_and_all_kinds_come():
    cases = [draw(seed, server=True) for seed in range(300)]
    assert cases == [draw(seed, server=True) for seed in range(300)]
    kinds = {kind for case in cases for kind in case.kinds()}
    for store in ("ledger", "warehouse", "landing", "scorecards", "outbox"):
        assert {f"deleted: {store}", f"emptied: {store}", f"aged: {store}"} <= kinds
    assert {
        "flipped: any file", "SIGKILL at a moment", "SIGKILL at a system call", "SIGSTOP and SIGCONT",
        "a system call fails", "clock: wrong", "exports: changed while a run is on", "stores: PostgreSQL",
        "store: damaged while a run is on", "3 processes at once",
    } <= kinds  # fmt: skip


def test_without_a_tracer_no_system_call_is_struck():
    kinds = {kind for seed in range(300) for kind in draw(seed, traced=False).kinds()}
    assert not kinds & {"SIGKILL at a system call", "a system call fails"}
    assert "SIGKILL at a moment" in kinds
