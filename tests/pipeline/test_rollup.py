"""What the terminal shows of the whole company."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace

import pytest
from rich.console import Console

from book import load_book
from scoring.errors import UsageError
from scoring.period import Period
from terminal.roll_up import print_rollup, rollup_as_json
from tests.pipeline.exports import OCTOBER


def rows_of(site, *arguments):
    """The printed table: cells by the first one."""
    console = Console(file=io.StringIO(), width=200)
    print_rollup(site, *arguments, console=console)
    rows = [re.split(r" *│ ?", line)[1:-1] for line in console.file.getvalue().splitlines() if "│" in line]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows}


@pytest.fixture
def departed(unsent, tmp_path):
    """The small company's site, with a department in which the team in the north is alone."""
    config = tmp_path / "config"
    shutil.copytree(unsent.root / "config", config)
    organisation = config / "organisation.yaml"
    organisation.write_text(
        organisation.read_text("utf-8") + "departments:\n  up: {en: The North, zh_CN: 北部}\n", "utf-8"
    )
    teams = config / "teams.yaml"
    text = teams.read_text("utf-8").replace("north:\n", "north:\n  department: up\n")
    teams.write_text(text, "utf-8")
    return unsent.open(config=str(config))


def test_the_company_and_its_departments_have_every_kpi_that_has_a_figure(departed):
    rows = rows_of(departed, OCTOBER)
    # the survey's answers are shared 60 to 40, so both have the same score, and so has the whole
    assert len(set(rows["Net promoter score"])) == 1
    assert all(len(cells) == 2 for cells in rows.values())


def test_a_team_with_days_of_its_own_is_shown_by_them_and_its_part_added_up(unsent, tmp_path):
    config = tmp_path / "config"
    shutil.copytree(unsent.root / "config", config)
    for name, old, new in (
        ("grading.yaml", "digits: 1", "digits: 1\npart_period: calendar_days"),
        ("targets/2026.csv", "north,clicks,2026-07-01,2027-01-01", "north,clicks,2026-10-22,2027-01-01"),
        ("targets/2026.csv", "north,cost_per_click,2026-07-01", "north,cost_per_click,2026-10-22"),
        ("targets/2026.csv", "north,nps,2026-01-01", "north,nps,2026-10-22"),
    ):
        text = (config / name).read_text("utf-8")
        assert old in text
        kept = [line for line in text.replace(old, new).splitlines() if "2026-07-01,9" not in line]
        (config / name).write_text(
            "\n".join(line for line in kept if ",2026-01-01,2026-07-01," not in line) + "\n"
        )
    console = Console(file=io.StringIO(), width=200)
    site = unsent.open(config=str(config))
    print_rollup(site, OCTOBER, console=console)
    assert "north: only its own days, 2026-10-22 to 2026-10-31." in console.file.getvalue()
    found = {(each["kpi_id"], each["group"]): each["value"] for each in rollup_as_json(site, OCTOBER)}
    # two campaigns with 17 clicks a day each
    assert found["clicks", "Marketing North"] == 17 * 2 * 10
    assert found["clicks", "Lantern & Co"] == 17 * 2 * 10


def test_one_kpi_is_shown_down_to_its_teams_with_the_measures_behind_it(departed):
    rows = rows_of(departed, OCTOBER, "nps")
    assert list(rows) == ["Lantern & Co", "The North", "Marketing North", "Marketing South"]
    whole, north, south = (
        [float(cell) for cell in rows[name][1:]]
        for name in ("Lantern & Co", "Marketing North", "Marketing South")
    )
    assert whole == pytest.approx([a + b for a, b in zip(north, south, strict=True)])
    assert rows["The North"] == rows["Marketing North"]


def test_a_kpi_that_nobody_has_agreed_on_may_speak_of_other_days(departed):
    kpis = departed.settings.config / "kpis"
    text = (kpis / "clicks.yaml").read_text("utf-8").replace("id: clicks", "id: clicks_of_year")
    text = text.replace("formula: ad_clicks", "formula: ad_clicks__year_to_date")
    (kpis / "clicks_of_year.yaml").write_text(text.replace("en: Ad clicks", "en: Clicks so far"), "utf-8")
    rows = rows_of(replace(departed, book=load_book(departed.settings.config)), OCTOBER)
    so_far, month = (int(rows[name][0].replace(",", "")) for name in ("Clicks so far", "Ad clicks"))
    assert so_far >= month > 0


def test_a_week_is_rolled_up_from_its_own_days(departed):
    week = rows_of(departed, Period.parse("2026-W41"), "clicks")
    # 7 days of 2 campaigns with 17 clicks each
    assert week["Lantern & Co"] == ["238", "238"]


def test_an_unknown_kpi_and_a_period_without_measures_are_refused(departed):
    with pytest.raises(UsageError, match=r"kpi: expected one with a formula, .*, found 'npss'"):
        rows_of(departed, OCTOBER, "npss")
    with pytest.raises(UsageError, match=r"2020-Q1: expected a period with measures, found none"):
        rows_of(departed, Period.parse("2020-Q1"))
