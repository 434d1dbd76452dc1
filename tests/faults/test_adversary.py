"""Cases that nobody thought of: whatever happens at once, nothing is lost, doubled, silent or stuck."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.faults.adversary.campaign import Staff, found_out, run_adversary, staffed
from tests.faults.adversary.plans import covering, draw
from tests.faults.adversary.processes import can_trace
from tests.faults.adversary.weakened import LINES, NEED_A_TRACER
from tests.faults.harness import workplace
from tests.postgres import binaries, server

DRAWN = range(1, 601)
"""The cases are those of these seeds that have between them all that any of them has."""
ENOUGH = 25
"""In so many cases at most each weakened line is found out."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def staff():
    """Two workers for all tests: to warm up takes each of them as long as several cases."""
    with workplace() as folder, ExitStack() as stack:
        running = None if binaries() is None else stack.enter_context(server())
        address = running and running.address("").rstrip("/")
        yield stack.enter_context(staffed(folder, server=address))


def test_whatever_happens_nothing_is_lost_doubled_silent_or_stuck(staff: Staff, record_property):
    seeds = covering(DRAWN, server=binaries() is not None, traced=staff.is_traced)
    counts = run_adversary(staff, seeds)
    record_property("counted", f"an adversary:\n{counts.table()}")
    assert counts.faults == []
    assert counts.cases == len(seeds)


def test_the_same_harness_finds_every_weakened_line_out(staff: Staff, record_property):
    lines = [line for line in LINES if can_trace() or line not in NEED_A_TRACER]
    found = dict(found_out(staff, lines, ENOUGH))
    record_property("counted", "".join(f"{line}: {said}\n" for line, said in found.items()))
    # a line that breaks at its first step is found out by nothing of the harness's own
    assert {line: said for line, said in found.items() if said is None or "Traceback" in said} == {}


@pytest.mark.parametrize("traced", [True, False])
def test_few_cases_have_all_that_hundreds_drawn_by_lot_have(traced):
    chosen = covering(DRAWN, server=True, traced=traced)
    details = [
        {detail for seed in seeds for detail in draw(seed, server=True, traced=traced).details()}
        for seeds in (chosen, DRAWN)
    ]
    assert details[0] == details[1]
    assert len(chosen) < 25


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
