"""Computing in forks: the same results in order, whatever becomes of a fork, and none is left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading

import pytest

from processes import forks
from processes.forks import shared

ITEMS = range(10)
RUN = """
import os, signal, sys
from processes import forks
forks.MANY, forks.cores = 1, lambda: 2

def work(number):
    os.write(1, b"%d\\n" % os.getpid())
    return bytes(2**20)

results = forks.shared(work, range(6))
next(results)
signal.pause()
"""


counted = threading.active_count


@pytest.fixture(autouse=True)
def three_forks(monkeypatch):
    """Whatever threads other tests have left in this process."""
    made = []

    def fork(of=os.fork):
        made.append(of())
        return made[-1]

    monkeypatch.setattr(forks, "MANY", len(ITEMS))
    monkeypatch.setattr(forks, "cores", lambda: 3)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "fork", fork)
    yield
    for process in made:
        with pytest.raises(ChildProcessError):  # it was waited for
            os.waitpid(process, os.WNOHANG)


def process_of(number):
    return number, os.getpid()


def test_results_come_in_order_from_as_many_forks_as_there_are_cores():
    numbers, processes = zip(*shared(process_of, ITEMS), strict=True)
    assert numbers == (*ITEMS,)
    assert len({*processes, os.getpid()}) == 4
    assert processes[::3] == processes[:1] * 4


def test_few_items_are_worked_on_here():
    assert {process for _, process in shared(process_of, ITEMS[1:])} == {os.getpid()}


def test_no_fork_is_made_beside_another_thread(monkeypatch):
    monkeypatch.setattr(threading, "active_count", counted)
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    assert {process for _, process in shared(process_of, ITEMS)} == {os.getpid()}
    ended.set()
    thread.join()


@pytest.mark.parametrize("way", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0, sys.exit])
def test_what_a_fork_does_not_finish_is_done_here(way):
    here = os.getpid()

    def work(number):
        if number == 4 and os.getpid() != here:
            way()
        return process_of(number)

    found = [*shared(work, ITEMS)]
    assert [number for number, _ in found] == [*ITEMS]
    # the fork with 1, 4 and 7
    assert [number for number, process in found if process == here] == [4, 7]


def test_what_is_wrong_with_an_item_is_raised_here():
    def work(number):
        return 1 / (number - 4)

    results = shared(work, ITEMS)
    assert [next(results) for _ in range(4)] == [1 / (number - 4) for number in range(4)]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_is_a_result_too():
    assert [*shared(lambda _: None, ITEMS)] == [None] * len(ITEMS)


def test_forks_end_with_whoever_asks_no_more():
    results = shared(process_of, ITEMS)
    next(results)
    results.close()


def test_forks_end_with_their_parent():
    run = subprocess.Popen(
        [sys.executable, "-c", RUN],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    # both wait for somebody to take a result
    each = [os.pidfd_open(process) for process in {int(run.stdout.readline()) for _ in range(3)}]
    assert len(each) == 2
    run.kill()
    run.wait()
    for fork in each:
        assert select.select([fork], [], [], 60)[0]
        os.close(fork)
    run.stdout.close()
