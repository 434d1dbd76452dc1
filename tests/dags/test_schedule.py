"""When the schedules fire, and for which period: as the calendar of the book says, by Airflow's own timetable."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from settings import ROOT

# one process for all: most of its time is the import of Airflow
FIRES = """
import importlib, json, os, sys
sys.path.insert(0, sys.argv[1])
import pendulum
import scorecard_schedule
from airflow.timetables.base import TimeRestriction
from airflow.timetables.trigger import CronPartitionTimetable

def fires(declared):
    timetable = CronPartitionTimetable(
        declared.expression,
        timezone=declared.timezone,
        run_offset=declared.run_offset,
        key_format=declared.key_format,
    )
    between = TimeRestriction(pendulum.datetime(2026, 12, 20), None, True)
    last, found = None, []
    for _ in range(3):
        last = timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=between)
        found.append([last.run_after.isoformat(), last.partition_key])
    return found

found, others = {}, {}
for folder in sys.argv[2:]:
    os.environ["SCOREWRIGHT_CONFIG"] = folder
    read = importlib.reload(scorecard_schedule)
    found[folder] = {"monthly": fires(read.MONTHLY), "weekly": fires(read.WEEKLY)}
    others[folder] = {name: [of, daily.expression] for name, (of, daily) in read.OTHERS.items()}
loading = {}
for pool in ("", "warehouse"):
    os.environ["AIRFLOW__SCOREWRIGHT__POOL"] = pool
    loading[pool] = importlib.reload(scorecard_schedule).LOADING
import scorecard_notices
notifiers = {}
for text in ("", "[", "{}", "[3]", '[{"arguments": {}}]', '[{"class": "a.B"}]'):
    os.environ["AIRFLOW__SCOREWRIGHT__NOTIFIERS"] = text
    notifiers[text] = scorecard_notices.configured()
print(json.dumps({"fires": found, "others": others, "loading": loading, "notifiers": notifiers}))
"""
USUAL = {
    "monthly": ["2027-01-03T05:00:00+00:00", "2026-12"],
    "weekly": ["2026-12-21T06:00:00+00:00", "2026-12-14"],
}
CALENDARS = {
    "nothing said": ("", USUAL),
    "crons": (
        'monthly: {due: "30 18 28 * *"}\nweekly: {due: "0 0 * * 0"}',
        {
            "monthly": ["2026-12-28T17:30:00+00:00", "2026-11"],
            "weekly": ["2026-12-26T23:00:00+00:00", "2026-12-20"],
        },
    ),
    "working days": (
        "monthly: {due: working day 3 at 06:00}\nweekly: {due: working day 2 at 09:15}",
        {
            "monthly": ["2027-01-03T05:00:00+00:00", "2026-12"],
            "weekly": ["2026-12-22T08:15:00+00:00", "2026-12-15"],
        },
    ),
    "other periods": (
        "quarterly: {due: day 3 at 06:30}\nfiscal_yearly: {due: working day 2 at 18:00}\nspans: [no due]",
        USUAL,
    ),
    "no crons": ("monthly: {due: 0 6 32 * *}\nweekly: {due: now}", USUAL),
    "other kinds": ("monthly: [3]\nweekly: {due: 7}", USUAL),
}


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    """What the parsed modules have, for each calendar and setting."""
    root = tmp_path_factory.mktemp("books")
    for name, (said, _) in CALENDARS.items():
        (root / name).mkdir()
        (root / name / "calendar.yaml").write_text(f"time_zone: Europe/Berlin\n{said}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", FIRES, ROOT / "dags", *(root / name for name in CALENDARS)],
        env={**os.environ, "AIRFLOW_HOME": str(root / "airflow")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def fires(parsed):
    """The next three runs of each schedule from 20 December 2026 on, and their keys, by calendar."""
    found = parsed["fires"]
    return {path.rsplit("/", 1)[-1]: schedules for path, schedules in found.items()}


@pytest.mark.parametrize("name", CALENDARS)
def test_the_first_run_is_when_the_calendar_says_and_as_usual_where_it_cannot_be_read(fires, name):
    assert {schedule: runs[0] for schedule, runs in fires[name].items()} == CALENDARS[name][1]


def test_the_weeks_follow_each_other_over_the_end_of_a_year(fires):
    assert [key for _, key in fires["nothing said"]["weekly"]] == ["2026-12-14", "2026-12-21", "2026-12-28"]


def test_the_months_do_so_too(fires):
    assert [key for _, key in fires["nothing said"]["monthly"]] == ["2026-12", "2027-01", "2027-02"]


def test_other_periods_have_a_dag_that_looks_each_day_where_the_calendar_names_them(parsed):
    found = {path.rsplit("/", 1)[-1]: dags for path, dags in parsed["others"].items() if dags}
    assert found == {
        "other periods": {
            "quarterly_scorecards": ["quarterly", "30 6 * * *"],
            "fiscal_yearly_scorecards": ["fiscal_yearly", "0 18 * * *"],
            "span_scorecards": ["spans", "0 6 * * *"],
        }
    }


def test_a_pool_is_asked_for_only_where_the_setting_names_it(parsed):
    """A task of a pool that Airflow does not have would never start."""
    assert parsed["loading"] == {"": {"max_active_tis_per_dag": 1}, "warehouse": {"pool": "warehouse"}}


def test_a_setting_of_notifiers_that_cannot_be_read_does_not_take_the_dags_away(parsed):
    known = [{"class": "a.B", "arguments": {}}]
    assert [found for found in parsed["notifiers"].values() if found] == [known]
    assert parsed["notifiers"]['[{"class": "a.B"}]'] == known
