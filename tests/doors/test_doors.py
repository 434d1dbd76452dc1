"""A short campaign of changed exports, and that its watch sees what it is there for; `script/doors` is the long one."""

from __future__ import annotations

import sys
import time

import pytest

from tests.doors import harness

FILES = 60


def test_changed_exports_are_read_or_refused_in_little_time_and_memory(exports, tmp_path, record_property):
    counts = harness.run(exports, tmp_path, range(FILES), seed=26)
    assert counts.faults == []
    assert sum(counts.words.values()) == FILES
    assert counts.words["refused"] > counts.words["read"] > 0
    record_property("counts", counts.table())


def _broken():
    raise KeyError("sheet1")


def _slow():
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass


def _large():
    return len(bytearray(600 * 2**20))


@pytest.mark.parametrize(
    ("breaks", "fault"),
    [
        (_broken, "traceback"),
        (_slow, "read"),
        (_large, "read"),
        (lambda: sys.exit(3), "traceback"),
    ],
)
def test_the_watch_sees_tracebacks_slowness_and_memory(exports, tmp_path, monkeypatch, breaks, fault):
    monkeypatch.setattr(harness, "MOST_SECONDS", 0.1)

    def put_through(*_):
        breaks()
        return "read", ""

    if fault == "read":
        monkeypatch.setattr(harness, "_put_through", put_through)
    else:
        monkeypatch.setattr(harness, "read_slice", put_through)
    counts = harness.run(exports, tmp_path, range(1), seed=1)
    assert len(counts.faults) == 1
    assert counts.words[fault] == 1
    assert counts.slow + counts.large >= (fault == "read")


def test_a_case_is_the_same_for_the_same_seed_and_number(exports):
    first, again = (list(harness.cases(exports, range(5, 15), seed=3)) for _ in range(2))
    assert [(case.how, case.files) for case in first] == [(case.how, case.files) for case in again]
    assert len({case.how for case in first}) > 5
