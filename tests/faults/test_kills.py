"""A run killed at every step, then two clean runs: nothing lost, doubled, or silently missing."""

from __future__ import annotations

import pytest

from tests.faults.harness import Staff, plan, run_cases, staffed, workplace
from tests.postgres import Server

KILLS = 160
OF_A_MONTH = ("new", "restated", "unsent", "by folder")
KILLS_OF_TWO_MONTHS = 12
KILLS_ON_A_SERVER = 20
KILLS_IN_A_LAKE = 24


@pytest.fixture(scope="module")
def staff():
    """Two workers for all tests: to warm up takes each of them as long as several cases."""
    with workplace() as folder, staffed(folder) as staff:
        yield staff


def test_two_clean_runs_mend_whatever_a_kill_left(staff: Staff, record_property):
    counts = run_cases(staff, KILLS, starts=OF_A_MONTH)
    record_property("counted", counts.table())
    assert counts.faults == []
    assert (counts.lost, counts.duplicated, counts.doubled, counts.missing) == (0, 0, 0, 0)
    # where a run did not die, nothing was shown
    assert counts.kills == KILLS
    assert {name.partition(".")[0] for name in counts.points} == {
        "prepare", "migrate", "extract", "file", "load", "measure", "score", "render", "issue", "deliver", "smtp", "folder",
    }  # fmt: skip


def test_two_clean_runs_mend_it_where_an_earlier_month_is_restated(staff: Staff, record_property):
    counts = run_cases(staff, KILLS_OF_TWO_MONTHS, starts=["late"])
    record_property("counted", f"late data of a closed month:\n{counts.table()}")
    assert counts.faults == []
    assert (counts.lost, counts.duplicated, counts.doubled, counts.missing) == (0, 0, 0, 0)
    assert counts.kills == KILLS_OF_TWO_MONTHS


def test_two_clean_runs_mend_it_on_postgresql_too(staff: Staff, postgres: Server, record_property):
    counts = run_cases(staff, KILLS_ON_A_SERVER, starts=OF_A_MONTH, server=postgres.address("").rstrip("/"))
    record_property("counted", f"on PostgreSQL:\n{counts.table()}")
    assert counts.faults == []
    assert (counts.lost, counts.duplicated, counts.doubled, counts.missing) == (0, 0, 0, 0)
    assert counts.kills == KILLS_ON_A_SERVER


def test_two_clean_runs_mend_it_where_facts_are_in_a_lake_too(staff: Staff, record_property):
    counts = run_cases(staff, KILLS_IN_A_LAKE, "lake", starts=["restated"])
    record_property("counted", f"in a lake:\n{counts.table()}")
    assert counts.faults == []
    assert (counts.lost, counts.duplicated, counts.doubled, counts.missing) == (0, 0, 0, 0)
    assert counts.kills == KILLS_IN_A_LAKE
    assert "lake.written" in counts.points


def test_the_same_harness_finds_a_naive_line_wanting(staff: Staff, record_property):
    counts = run_cases(staff, 20, "naive", ["new"])
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
