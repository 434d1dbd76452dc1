"""Mistakes of the person at the keyboard: each is refused in one sentence, before any harm is done."""

from __future__ import annotations

from tests.pipeline.exports import ANSWERS, change


def refused(done):
    """Whether a command ended with one sentence on stderr."""
    return done.code in range(1, 7) and done.err.startswith("scorewright: ") and done.err.count("\n") == 1


def test_the_log_level_can_be_set(command, place):
    assert command(place, "check", log_level="INFO").code == 0


def test_a_home_that_is_a_file_is_refused(command, place):
    place.home.write_text("")
    assert refused(command(place, "run", "--period", "2026-10"))


def test_a_warehouse_address_that_is_none_is_refused(command, place):
    assert refused(command(place, "run", "--period", "2026-10", warehouse="foo"))


def test_a_month_without_a_past_is_refused(command, place):
    assert refused(command(place, "run", "--period", "0001-01"))


def test_an_export_that_is_a_folder_is_refused(command, place):
    place.export(ANSWERS).unlink()
    place.export(ANSWERS).mkdir()
    assert refused(command(place, "run", "--period", "2026-10", "--deliver", "never"))


def test_a_delivery_address_that_is_none_is_refused_before_anything_is_issued(command, issued):
    change(issued.root / "config/grading.yaml", lambda text: text.replace('"95"', '"94"'))
    assert refused(command(issued, "run", "--period", "2026-10", "--team", "north", delivery="pigeon:"))
    assert [issue.revision for issue in issued.issues()] == [1, 1]


def test_an_exports_folder_that_there_is_not_is_refused_and_mails_nobody(command, place):
    done = command(
        place, "run", "--period", "2026-10", "--team", "south", exports=str(place.root / "exprots")
    )
    assert place.mails() == []
    assert refused(done)


def test_a_month_without_targets_says_so(command, place):
    done = command(place, "run", "--period", "2030-01")
    assert "run `scorewright run --period 2030-01` first" not in done.err
