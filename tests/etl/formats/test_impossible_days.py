"""Rows of days on which nothing can have happened: no month would ever count them, so they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from etl.account import ExportFile
from etl.landing import Landing
from etl.sources import registry
from etl.sources.quarantining import read_slice
from scoring.errors import BadFileError
from tests.etl.formats.reading import OCTOBER, account, land

LANDED = datetime(2026, 11, 3, 9, tzinfo=UTC)
TASKS = "Issue key,Summary,Created,Due date,Resolved,Status\n"
BUDGET = "Month,Cost centre,Budget,Incremental revenue,Contribution margin,Currency\n"


def pulled(folder, source, content, **said):
    """What is read of a file from the landing, as a run reads it."""
    whose, landing = account(source, **said), Landing(folder / "landing")
    landing.land(whose, OCTOBER, [ExportFile("list.csv", content.encode())], LANDED)
    pull = landing.latest(source, whose.entity, OCTOBER)
    return read_slice(registry()[source], pull.dated_files, whose, OCTOBER)


def leads(*days, won=""):
    return "ID,Date,Won date,Email,Team\n" + "".join(
        f"{number},{day},{won},lead{number}@x.example,North\n" for number, day in enumerate(days, 1)
    )


@pytest.mark.parametrize("day", ["2062-10-05", "2926-10-06", "2027-10-31", "2026-11-06"])
def test_a_lead_of_a_day_to_come_refuses_its_list(tmp_path, day):
    with pytest.raises(BadFileError) as caught:
        pulled(tmp_path, "leads_sheet", leads("2026-10-01", day, "2026-09-30"))
    assert str(caught.value) == (
        "list.csv, row 3, column 'Date': expected a day after 1970 and up to 2026-11-05, as the file was landed "
        f"on 2026-11-03, found '{day}'; correct the day where the list is kept, export it again and rerun; "
        "`quarantine` at the account in sources.yaml puts such rows aside."
    )


@pytest.mark.parametrize("day", ["0026-10-05", "1926-10-05", "1970-01-01"])
def test_so_does_one_from_before_anybody_kept_such_lists(tmp_path, day):
    with pytest.raises(BadFileError, match=f"row 2, column 'Date': expected a day after 1970.*found '{day}'"):
        pulled(tmp_path, "leads_sheet", leads(day, "2026-10-05"))


@pytest.mark.parametrize(
    ("day", "calendar"),
    [
        ("2569-10-05", "Buddhist"),
        ("5787-01-20", "Hebrew"),
        ("1405-07-13", "Persian"),
        ("1448-04-23", "Islamic"),
    ],
)
def test_years_of_another_calendar_are_called_so(tmp_path, day, calendar):
    with pytest.raises(BadFileError, match=f"found '{day}'; its years are those of the {calendar} calendar"):
        pulled(tmp_path, "leads_sheet", leads(day, day))


def test_the_account_may_put_such_rows_aside_and_the_load_tells_them(tmp_path):
    days = ("2026-10-01", "2062-10-05", "2026-10-30", "2926-10-06", "2026-11-03")
    read = pulled(tmp_path, "leads_sheet", leads(*days), quarantine=2)
    assert [(each.row, each.column, each.found) for each in read.quarantined] == [
        (3, "Date", "'2062-10-05'"),
        (5, "Date", "'2926-10-06'"),
    ]
    (tally,) = read.tallies
    assert (tally.rows_in, tally.rows_used, tally.rows_set_aside, tally.rows_quarantined) == (5, 2, 1, 2)


@pytest.mark.parametrize(
    ("won", "is_refused"), [("2027-02-01", False), ("2072-02-01", True), ("1900-01-01", False)]
)
def test_a_deal_may_be_won_on_a_day_within_a_year(tmp_path, won, is_refused):
    content = leads("2026-10-01", won=won)
    if is_refused:
        with pytest.raises(BadFileError, match=r"row 2, column 'Won date'.*up to 2027-11-04.*'2072-02-01'"):
            pulled(tmp_path, "leads_sheet", content)
    else:
        assert pulled(tmp_path, "leads_sheet", content).tables["fct_lead"].num_rows == 1


def test_a_task_may_be_due_whenever_it_is_planned_and_be_done_on_no_day_to_come(tmp_path):
    def task(due, done):
        return TASKS + f"A-1,Say it,2026-10-02,{due},{done},Done\n"

    assert pulled(tmp_path, "jira", task("2040-01-01", "2026-10-30")).tables["fct_task"].num_rows == 1
    with pytest.raises(
        BadFileError, match="column 'Resolved': expected a day after 1970 and up to 2026-11-05"
    ):
        pulled(tmp_path, "jira", task("2026-10-31", "2062-10-30"))


def test_days_of_the_month_that_is_read_may_be_those_to_come(tmp_path):
    files = [replace(land(tmp_path, [leads("2026-10-28")])[0], landed_on=date(2026, 10, 5))]
    read = registry()["leads_sheet"].read(files, account("leads_sheet"), OCTOBER)
    assert read.tables["fct_lead"].num_rows == 1


def test_a_budget_may_be_of_any_month_to_come(tmp_path):
    content = BUDGET + "2026-10-01,north,1000,,,EUR\n2031-10-01,north,2000,,,EUR\nTotal,,3000,,,\n"
    (tally,) = pulled(tmp_path, "budget", content).tallies
    assert (tally.rows_used, tally.rows_set_aside) == (1, 2)
