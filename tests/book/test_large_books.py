"""Books far beyond any size that is meant: read in a time that grows with their size, told in a few lines."""

from __future__ import annotations

import time

from book import read_book, told
from book.fault import TOLD, Fault
from tests.book.books import VALID, lay_out


def _with_keys(tmp_path, number):
    config = lay_out(VALID, tmp_path / str(number))
    with (config / "grading.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"zz{index}: 1\n" for index in range(number))
    return config


def _seconds(config):
    start = time.process_time()
    read_book(config)
    return time.process_time() - start


def test_unknown_keys_take_a_time_that_grows_with_their_number(tmp_path):
    few, many = _with_keys(tmp_path, 3_000), _with_keys(tmp_path, 12_000)
    assert len(read_book(few).faults) == 3_000
    assert _seconds(many) < 8 * _seconds(few)


def test_a_file_that_would_take_minutes_is_refused_at_once(tmp_path):
    config = _with_keys(tmp_path, 300_000)
    start = time.process_time()
    (fault,) = read_book(config).faults
    assert time.process_time() - start < 3
    assert str(fault).startswith("grading.yaml: expected at most 2,000,000 characters, found 3,")


def test_very_many_faults_are_told_by_the_first_and_their_number():
    faults = [Fault("teams.yaml", line, "wrong") for line in range(1, TOLD + 8)]
    lines = list(told(faults))
    assert len(lines) == TOLD + 1
    assert lines[-1] == "and 7 more"
    assert list(told(faults[:TOLD])) == [str(fault) for fault in faults[:TOLD]]
