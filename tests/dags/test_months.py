"""Which month a run is for, through Airflow's own scheduler, backfill, trigger and `dags test`.

The DAG here has the product's own schedule, params and planning, and writes down what was planned
instead of doing the month, so that a year of runs takes seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scoring.period import Period
from settings import ROOT
from tests.dags.conftest import wait_for

DAG = """
import os
from pathlib import Path

import scorecard_run as run
from airflow.sdk import dag, get_current_context, task
from scorecard_schedule import FIRST_MONTH, MONTHLY, PARAMS


@dag(schedule=MONTHLY, start_date=FIRST_MONTH, params=PARAMS, max_active_runs=16)
def planned_months():
    @task
    def plan():
        month = run.plan()["period"]
        name = get_current_context()["dag_run"].run_id.replace("/", "-")
        kind = get_current_context()["dag_run"].run_type.value
        (Path(os.environ["PLANNED"]) / name).write_text(f"{kind} {month} {run.why_not() is None}")

    plan()


planned_months()
"""


def settings_of(folder, home):
    """The probe finds the product's modules where its own DAG finds them: in the folder of DAGs."""
    return {"PLANNED": str(folder), "SCOREWRIGHT_HOME": str(home), "PYTHONPATH": str(ROOT / "dags")}


class Planned:
    """What the runs wrote down."""

    def __init__(self, airflow, folder):
        self.airflow, self.folder = airflow, folder

    def of(self, kind):
        # a file is there before its line is
        lines = filter(None, (path.read_text().split() for path in self.folder.iterdir()))
        return sorted((month, sends) for its_kind, month, sends in lines if its_kind == kind)

    def wait_for(self, kind, count):
        wait_for(lambda: len(self.of(kind)) >= count, f"{count} {kind} runs")
        return self.of(kind)


@pytest.fixture(scope="module")
def alone(airflow_on, tmp_path_factory):
    """An Airflow without a scheduler, for `dags test`, which a scheduler would take the tasks from."""
    dags, folder = tmp_path_factory.mktemp("dags"), tmp_path_factory.mktemp("planned")
    (dags / "planned_months.py").write_text(DAG)
    settings = settings_of(folder, tmp_path_factory.mktemp("home"))
    return Planned(airflow_on(dags, settings), folder)


@pytest.fixture(scope="module")
def planned(airflow_on, tmp_path_factory):
    """An Airflow with its scheduler."""
    dags, folder = tmp_path_factory.mktemp("dags"), tmp_path_factory.mktemp("planned")
    (dags / "planned_months.py").write_text(DAG)
    settings = settings_of(folder, tmp_path_factory.mktemp("home"))
    airflow = airflow_on(dags, settings)
    with airflow.services():
        wait_for(lambda: "planned_months" in airflow.command("dags", "list").stdout, "the DAG")
        yield Planned(airflow, folder)


def last_due_month():
    """The month of the newest run that is due: on the third at 06:00 in Berlin for the month before."""
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    due = now.replace(day=3, hour=6, minute=0, second=0, microsecond=0)
    return str(Period.containing(now.date()).shift(-1 if now >= due else -2))


def test_the_first_scheduled_run_is_the_last_due_month_and_sends_only_in_time(planned):
    before = last_due_month()
    planned.airflow.command("dags", "unpause", "planned_months", "-y")
    ((month, sends),) = planned.wait_for("scheduled", 1)
    assert month in (before, last_due_month())
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    is_late = now - now.replace(day=3, hour=6, minute=0, second=0, microsecond=0) > timedelta(hours=48)
    if is_late and month == before:
        assert sends == "False"


def test_a_years_backfill_has_all_twelve_months_and_sends_nothing(planned):
    planned.airflow.command(
        "backfill",
        "create",
        "--dag-id",
        "planned_months",
        "--from-date",
        "2025-01-01",
        "--to-date",
        "2025-12-31",
    )
    months = [str(month) for month in Period(2025, 12).window(12)]
    assert planned.wait_for("backfill", 12) == [(month, "False") for month in months]


def test_a_manual_run_takes_the_month_it_is_told(planned):
    planned.airflow.command(
        "dags", "trigger", "planned_months", "-c", '{"period": "2026-02", "deliver": "always"}'
    )
    assert planned.wait_for("manual", 1) == [("2026-02", "True")]


def test_a_manual_run_without_a_month_takes_the_last_complete_one(planned):
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    planned.airflow.command("dags", "trigger", "planned_months")
    manual = planned.wait_for("manual", 2)
    assert (str(Period.containing(today).shift(-1)), "False") in manual


def test_a_month_that_is_none_is_refused_at_the_door(planned):
    done = planned.airflow.command(
        "dags", "trigger", "planned_months", "-c", '{"period": "2026-13"}', check=False
    )
    assert done.returncode != 0


@pytest.mark.parametrize(("day", "month"), [("2026-11-01", "2026-10"), ("2026-10-31", "2026-09")])
def test_dags_test_takes_the_last_complete_month_before_its_day(alone, day, month):
    for path in alone.folder.iterdir():
        path.unlink()
    alone.airflow.command("dags", "test", "planned_months", day)
    assert alone.of("manual") == [(month, "False")]


def test_a_misspelt_key_is_refused_before_anything_is_planned(alone):
    before = alone.of("manual")
    done = alone.airflow.command(
        "dags", "test", "planned_months", "2026-11-03", "-c", '{"perid": "2026-02"}', check=False
    )
    assert done.returncode != 0
    assert "found 'perid'" in done.stdout + done.stderr
    assert alone.of("manual") == before
