"""What if: another month on paper, and nothing changed anywhere."""

from __future__ import annotations

from tests.pipeline.test_refusals import refused


def test_the_month_is_printed_before_and_after_and_nothing_is_issued(command, issued):
    before = issued.issues()
    done = command(issued, "what-if", "2026-10", "north", "nps_responses=+10%")
    assert done.code == 0
    assert "before: actual" in done.out
    assert "after: actual" in done.out
    assert "nps_responses=+10%" in done.out
    assert issued.issues() == before


def test_without_a_change_both_sides_are_the_same(command, issued):
    done = command(issued, "what-if", "2026-10", "north")
    rows = [[cell.strip() for cell in line.split("│")] for line in done.out.splitlines() if line[:1] == "│"]
    assert rows
    assert all((cells[2], cells[3]) == (cells[4], cells[5]) for cells in rows)


def test_a_change_that_is_none_or_of_nothing_is_refused(command, issued):
    assert refused(command(issued, "what-if", "2026-10", "north", "more leads"))
    assert refused(command(issued, "what-if", "2026-10", "north", "likes=+5"))
    assert refused(command(issued, "what-if", "2026-10", "north", "nps_respones=50"))
    assert refused(command(issued, "what-if", "2026-10", "nobody", "nps_responses=+5"))


def test_a_home_where_nothing_was_run_is_refused_and_left_alone(command, place):
    assert refused(command(place, "what-if", "2026-10", "north"))
    assert not place.home.exists() or not list(place.home.iterdir())


def test_a_month_that_was_never_measured_is_refused(command, issued):
    done = command(issued, "what-if", "2020-01", "north", "nps_responses=+5")
    assert refused(done)
    assert "scorewright run --period 2020-01" in done.err
