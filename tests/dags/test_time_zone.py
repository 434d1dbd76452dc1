"""The schedule keeps the time of the book's calendar, and a broken book does not take the DAG away."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from settings import ROOT

# one process for all: most of its time is the import of Airflow
ZONES = """
import importlib, json, os, sys
sys.path.insert(0, sys.argv[1])
import scorecard_schedule
zones = {}
for folder in sys.argv[2:]:
    os.environ["SCOREWRIGHT_CONFIG"] = folder
    zones[folder] = importlib.reload(scorecard_schedule).MONTHLY.timezone
del os.environ["SCOREWRIGHT_CONFIG"]
os.environ["SCOREWRIGHT_SETTINGS"] = sys.argv[3].rsplit("/", 1)[0] + "/scorewright.toml"
zones["named"] = importlib.reload(scorecard_schedule).MONTHLY.timezone
del os.environ["SCOREWRIGHT_SETTINGS"]
os.chdir("/")
zones["nowhere"] = importlib.reload(scorecard_schedule).MONTHLY.timezone
ours = {"archive", "pipeline", "appraisal", "auditing", "scoring", "etl", "warehouse", "ledger", "reports", "duckdb"} & set(sys.modules)
print(json.dumps({"zones": zones, "imported": sorted(ours)}))
"""

CALENDARS = {
    "new-york": (b"time_zone: America/New_York\nhistory_months: 13\n", "America/New_York"),
    "shanghai": (b"time_zone: Asia/Shanghai\n", "Asia/Shanghai"),
    "no-such-zone": (b"time_zone: Europe/Atlantis\n", "UTC"),
    "a-path": (b"time_zone: ../../etc/passwd\n", "UTC"),
    "a-number": (b"time_zone: 3\n", "UTC"),
    "no-zone": (b"history_months: 13\n", "UTC"),
    "a-list": (b"- a\n", "UTC"),
    "broken": (b"time_zone: [", "UTC"),
    "not-utf-8": (b"\xff\xfe", "UTC"),
    "empty": (b"", "UTC"),
    "no-file": (None, "UTC"),
}


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    """The zones that the parsed schedules have, by the name of the calendar, and what of ours was imported."""
    root = tmp_path_factory.mktemp("books")
    for name, (calendar, _) in CALENDARS.items():
        (root / name).mkdir()
        if calendar is not None:
            (root / name / "calendar.yaml").write_bytes(calendar)
    (root / "scorewright.toml").write_text('book = "shanghai"\n')
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SCOREWRIGHT")}
    done = subprocess.run(
        [sys.executable, "-c", ZONES, ROOT / "dags", "", *(root / name for name in CALENDARS)],
        env={**environment, "AIRFLOW_HOME": str(root / "airflow")},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    found["zones"] = {path.rsplit("/", 1)[-1]: zone for path, zone in found["zones"].items()}
    return found


def test_without_a_setting_it_is_the_book_of_the_checkout(parsed):
    assert parsed["zones"][""] == "Europe/Berlin"


def test_it_is_the_book_of_the_settings_file_and_without_any_utc(parsed):
    assert parsed["zones"]["named"] == "Asia/Shanghai"
    assert parsed["zones"]["nowhere"] == "UTC"


@pytest.mark.parametrize("name", CALENDARS)
def test_the_schedule_keeps_the_time_of_the_calendar_or_utc_where_it_cannot_be_read(parsed, name):
    assert parsed["zones"][name] == CALENDARS[name][1]


def test_the_calendar_is_read_without_the_pipeline(parsed):
    assert parsed["imported"] == []
