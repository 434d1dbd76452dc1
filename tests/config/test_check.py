"""`scorewright check`, the program itself."""

from __future__ import annotations

import pytest

from tests.config.books import VALID, expected_faults, lay_out
from tests.pipeline.command import scorewright


def test_a_sound_book_ends_with_0():
    done = scorewright("check", config=VALID)
    assert (done.code, done.out, done.err) == (0, f"{VALID}: no faults\n", "")


@pytest.mark.parametrize(
    "what", ["everything-at-once", "yaml-syntax", "wrong-encoding", "names-on-two-lines", "missing-folders"]
)
def test_a_broken_book_ends_with_2_and_the_list(what, tmp_path):
    broken = VALID.with_name(f"invalid-{what}")
    done = scorewright("check", config=lay_out(broken, tmp_path / "config"))
    *faults, last = done.out.splitlines()
    assert (done.code, done.err) == (2, "")
    assert faults == expected_faults(broken)
    assert last == f"{len(faults)} faults in {tmp_path}/config"


@pytest.mark.parametrize("what", ["cut-offs", "everything-at-once"])
@pytest.mark.parametrize("command", [["run", "--period", "2026-10"], ["show", "2026-10", "north"]])
def test_every_other_command_refuses_a_broken_book_on_stderr_alone(what, command, tmp_path):
    broken = VALID.with_name(f"invalid-{what}")
    config = lay_out(broken, tmp_path / "config")
    done = scorewright(*command, config=config, home=tmp_path / "home")
    assert (done.code, done.out) == (2, "")
    assert all(fault in done.err for fault in expected_faults(broken))
    assert done.err.startswith(f"scorewright: {config}")
    assert "Traceback" not in done.err
    assert not (tmp_path / "home").exists()
