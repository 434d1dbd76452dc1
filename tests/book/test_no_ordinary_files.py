"""A pipe where a file of the book belongs would be waited for without end: it is refused."""

from __future__ import annotations

import os
import shutil

import pytest

from book import read_book
from tests.book.books import VALID


@pytest.mark.parametrize(
    "name",
    [
        *("organisation.yaml", "grading.yaml", "kpis/nps.yaml", "okrs/check-ins.csv", "targets/2026.csv"),
        *("targets/2027.xlsx", "comments.csv", "calibration.csv", "formats/ours.yaml", "platforms/ours.yaml"),
    ],
)
def test_a_pipe_is_refused_where_it_is(tmp_path, name):
    config = shutil.copytree(VALID, tmp_path / "config")
    path = config / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    told = [str(fault) for fault in read_book(config).faults]
    assert [line for line in told if "a pipe, a socket or a device" in line and line.startswith(name)]
