"""A run killed at every step, then two clean runs: nothing lost, doubled, or silently missing."""

from __future__ import annotations

from functools import partial

import pytest

from tests.faults.harness import Counts, Staff, paired, plan, run_cases, staffed, workplace
from tests.postgres import Server

OF_A_MONTH = ("new", "restated", "unsent", "by folder")


@pytest.fixture(scope="module")
def staff():
    """Two workers for all tests: to warm up takes each of them as long as several cases."""
    with workplace() as folder, staffed(folder) as staff:
        yield staff


def hold(counts: Counts) -> None:
    """Nothing was lost, doubled or silently missing, and every run died where it was to."""
    assert counts.faults == []
    assert (counts.lost, counts.duplicated, counts.doubled, counts.missing) == (0, 0, 0, 0)
    # where a run did not die, nothing was shown
    assert counts.kills == counts.aimed


def test_two_clean_runs_mend_whatever_a_kill_left(staff: Staff, record_property):
    counts = run_cases(staff, paired, starts=OF_A_MONTH)
    record_property("counted", counts.table())
    hold(counts)
    assert counts.kills > 90
    assert {name.partition(".")[0] for name in counts.points} == {
        "prepare", "migrate", "extract", "file", "load", "measure", "score", "render", "issue", "deliver", "smtp", "folder",
    }  # fmt: skip


def test_two_clean_runs_mend_it_where_an_earlier_month_is_restated(staff: Staff, record_property):
    counts = run_cases(staff, lambda points: paired(points)[::2], starts=["late"])
    record_property("counted", f"late data of a closed month:\n{counts.table()}")
    hold(counts)
    assert counts.kills > 12


def test_two_clean_runs_mend_it_on_postgresql_too(staff: Staff, postgres: Server, record_property):
    counts = run_cases(staff, paired, starts=["restated"], server=postgres.address("").rstrip("/"))
    record_property("counted", f"on PostgreSQL:\n{counts.table()}")
    hold(counts)
    assert counts.kills > 20


def test_two_clean_runs_mend_it_where_facts_are_in_a_lake_too(staff: Staff, record_property):
    counts = run_cases(staff, paired, "lake", starts=["restated"])
    record_property("counted", f"in a lake:\n{counts.table()}")
    hold(counts)
    assert counts.kills > 24
    assert "lake.written" in counts.points


def test_the_same_harness_finds_a_naive_line_wanting(staff: Staff, record_property):
    counts = run_cases(staff, partial(plan, kills=20), "naive", ["new"])
    record_property("counted", f"a naive line:\n{counts.table()}")
    # undisturbed it does what it should
    assert not any(fault.startswith("('new', ())") for fault in counts.faults)
    assert counts.kills >= 20
    assert counts.faulty > 0.9 * (counts.cases - 1)
    assert counts.lost
    assert counts.duplicated
    assert counts.doubled
    assert counts.missing


def test_every_point_is_killed_at_its_first_last_and_middle_occurrence_before_any_run_dies_twice():
    points = {"new": ["load.inserted"] * 5 + ["load.committed"], "unsent": ["load.committed"]}
    assert plan(points, 100)[:9] == [
        ("new", ()),
        ("unsent", ()),
        ("new", (("load.inserted", 1),)),
        ("new", (("load.committed", 1),)),
        ("unsent", (("load.committed", 1),)),
        ("new", (("load.inserted", 5),)),
        ("new", (("load.inserted", 3),)),
        ("new", (("load.inserted", 2),)),
        ("new", (("load.inserted", 4),)),
    ]
    assert {len(kills) for _, kills in plan(points, 100)[9:]} == {2}
    assert plan(points, 100) == plan(points, 100)


def test_every_point_of_every_start_is_killed_once_where_it_is_another_and_two_runs_of_a_case_die():
    first = ["load.inserted", "load.inserted", "load.committed", "score.drafted", "smtp.ended"]
    points = {
        "new": first,
        "by folder": [*first[:4], "folder.named"],
        "unsent": ["score.drafted", "smtp.ended"],
    }
    assert paired(points) == [
        *((start, ()) for start in points),
        ("new", (("load.inserted", 1), ("score.drafted", 1))),
        ("new", (("load.committed", 1), ("smtp.ended", 1))),
        ("by folder", (("folder.named", 1),)),
        ("unsent", (("score.drafted", 1),)),
        ("unsent", (("smtp.ended", 1),)),
    ]
