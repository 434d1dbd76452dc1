"""What operators read: the names of months and teams in the trigger form, and of tasks in Airflow's lists."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from scoring.period import Period
from settings import ROOT

sys.path.append(str(ROOT / "dags"))
import scorecard_names as names

TEAMS = {"eu-brand": "Brand Europe", "eu-crm": "CRM Europe"}
PLANNED = {"period": "2026-10"}


def test_a_form_offers_the_months_that_are_over_the_last_one_first():
    offered = names.months_before(date(2026, 2, 1))
    assert offered[:3] == ["2026-01", "2025-12", "2025-11"]
    assert [*map(Period.parse, reversed(offered))] == [*Period(2026, 1).window(24)]
    assert names.months_before(date(2026, 1, 31), 1) == ["2025-12"]


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("2026-10", "October 2026"),
        ("2026-W07", "Week 7 of 2026"),
        ("2026-Q4", "Quarter 4 of 2026"),
        ("2026", "2026"),
        ("FY2031-04", "Fiscal year from 2031"),
        ("FY2031-04-Q3", "Quarter 3, fiscal year from 2031"),
        ("FY2031-445lastsat01-P09", "Month 9, fiscal year from 2031"),
        ("2031-02-10..2031-05-20", "2031-02-10 to 2031-05-20"),
    ],
)
def test_a_period_has_a_name(period, name):
    assert names.name_of(period) == name


BOOKS = {
    "a: {name: A, owns: []}": {"a": "A"},
    "a: {name: {zh_CN: 甲, en: A}}": {"a": "A"},
    "a: {name: {zh_CN: 甲}}\n7: {}": {"a": "甲", "7": "7"},
    "a: 3": {"a": "a"},
    "": {},
    "- a": {},
    "a: [": {},
}


@pytest.mark.parametrize("book", BOOKS)
def test_team_names_come_out_of_the_book_and_a_broken_one_has_none(book, tmp_path):
    (tmp_path / "teams.yaml").write_text(book, "utf-8")
    assert names.team_names(tmp_path / "teams.yaml") == BOOKS[book]


def test_without_a_book_no_team_has_a_name(tmp_path):
    assert names.team_names(tmp_path / "teams.yaml") == {}


@pytest.mark.parametrize(
    ("args", "given", "map_index", "name"),
    [
        ([PLANNED], {}, -1, "October 2026"),
        ([PLANNED], {"cards": [["2026-10/eu-crm/r1"]]}, -1, "October 2026"),
        ([None], {}, -1, ""),
        ([], {"planned": PLANNED, "sources": ["ga4", "x"]}, 0, "October 2026: ga4, x"),
        ([], {"planned": PLANNED, "issue": 7}, 0, "October 2026: issue 7"),
        (
            [],
            {"planned": PLANNED, "cards": ["2026-10/eu-brand/r1", "2026-10/new/r2", "2026-10/eu-crm/r1"]},
            1,
            "October 2026: Brand Europe, new, CRM Europe",
        ),
        (
            [],
            {"cards": ["2026-10/eu-crm/r1"] * 6},
            0,
            f"October 2026: {', '.join(['CRM Europe'] * 4)} and 2 more",
        ),
    ],
)
def test_a_task_is_named_by_its_month_and_what_it_was_given(args, given, map_index, name):
    assert names.name_of_task(TEAMS, args, given, map_index) == name


FORM = """
import importlib, json, os, sys
sys.path.insert(0, sys.argv[1])
import scorecard_schedule
forms = []
for book in sys.argv[2:]:
    os.environ["SCOREWRIGHT_CONFIG"] = book
    params = importlib.reload(scorecard_schedule).PARAMS
    forms.append({name: param.schema | {"default": param.value} for name, param in params.items()})
print(json.dumps(forms))
"""


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """The params with the example's book, and with one that cannot be read."""
    empty = tmp_path_factory.mktemp("book")
    done = subprocess.run(
        [sys.executable, "-c", FORM, ROOT / "dags", ROOT / "config", empty],
        env={**os.environ, "AIRFLOW_HOME": str(empty / "airflow")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_form_lists_the_teams_of_the_book_by_name(forms):
    teams = forms[0]["teams"]
    assert teams["values_display"]["eu-brand"] == "Brand & Social Media Europe (eu-brand)"
    assert [*teams["values_display"]] == teams["examples"]
    assert (teams["type"], teams["default"]) == (["null", "array"], None)


def test_where_the_book_cannot_be_read_teams_are_typed(forms):
    assert "examples" not in forms[1]["teams"]
    assert forms[1]["teams"]["items"] == {"type": "string"}


def test_the_form_proposes_months_and_takes_any_other_period(forms):
    period = forms[0]["period"]
    assert len(period["examples"]) == 24
    assert "enum" not in period
    assert all(param["title"] and param["description_md"] for param in forms[0].values())
