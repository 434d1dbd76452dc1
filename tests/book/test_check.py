"""`scorewright check`, the whole command."""

from __future__ import annotations

import shutil

import pytest

from tests.book.books import VALID, expected_faults, lay_out
from tests.pipeline.command import here


def test_a_sound_book_ends_with_0():
    done = here("check", config=VALID)
    *warnings, last = done.out.splitlines()
    # two of them on a card of two KPIs; a review date that has passed by now may add more
    assert (done.code, done.err) == (0, "")
    assert all(line.startswith("warning: ") for line in warnings)
    assert last == f"{VALID}: no faults, {len(warnings)} warnings"


def test_a_sound_book_without_a_warning_says_only_that(tmp_path):
    config = shutil.copytree(VALID, tmp_path / "config")
    for path in (config / "kpis").iterdir():
        path.write_text(path.read_text("utf-8").replace("2027-06-30", "9000-01-01"), "utf-8")
    other = (config / "kpis/responses.yaml").read_text("utf-8").replace("responses", "replies", 1)
    (config / "kpis/replies.yaml").write_text(other, "utf-8")
    rows = (config / "targets/2026.csv").read_text("utf-8").replace("2027-01-01", "9000-01-01")
    later = rows.replace("south,nps,2026-01-01,9000-01-01,30,60", "south,nps,2026-01-01,9000-01-01,30,30")
    third = "south,replies,2026-01-01,9000-01-01,5,30,T. Lind,As many\n"
    (config / "targets/2026.csv").write_text(later + third, "utf-8")
    done = here("check", config=config)
    assert (done.code, done.out, done.err) == (0, f"{config}: no faults\n", "")


@pytest.mark.parametrize(
    "what", ["everything-at-once", "yaml-syntax", "wrong-encoding", "names-on-two-lines", "missing-folders"]
)
def test_a_broken_book_ends_with_2_and_the_list(what, tmp_path):
    broken = VALID.with_name(f"invalid-{what}")
    done = here("check", config=lay_out(broken, tmp_path / "config"))
    *lines, last = done.out.splitlines()
    warnings = [line for line in lines if line.startswith("warning: ")]
    faults = lines[: len(lines) - len(warnings)]
    assert (done.code, done.err) == (2, "")
    # faults first, then warnings
    assert faults == expected_faults(broken)
    also = {0: "", 1: ", 1 warning"}.get(len(warnings), f", {len(warnings)} warnings")
    assert last == f"{len(faults)} faults in {tmp_path}/config{also}"


@pytest.mark.parametrize("what", ["cut-offs", "everything-at-once"])
@pytest.mark.parametrize("command", [["run", "--period", "2026-10"], ["show", "2026-10", "north"]])
def test_every_other_command_refuses_a_broken_book_on_stderr_alone(what, command, tmp_path):
    broken = VALID.with_name(f"invalid-{what}")
    config = lay_out(broken, tmp_path / "config")
    done = here(*command, config=config, home=tmp_path / "home")
    assert (done.code, done.out) == (2, "")
    assert all(fault in done.err for fault in expected_faults(broken))
    assert done.err.startswith(f"scorewright: {config}")
    assert "Traceback" not in done.err
    assert not (tmp_path / "home").exists()
