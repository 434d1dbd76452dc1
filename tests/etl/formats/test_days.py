"""Days and spans of days as platforms, spreadsheets and people write them."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, remarks

LEADS = "Lead ID\tCreated Date\tLead Status\tLead Source\n1\t{}\tOpen\tWeb\n2\t{}\tOpen\tWeb\n"
GOOGLE = (
    "Ad group report\n{}\nCampaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Cost\n"
    "Spring,201,Core,901,USD,100,5,9.50\nTotal: Ad groups,,,,USD,100,5,9.50\n"
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("01.10.26", "21.10.26"),
        ("1.10.2026", "21.10.2026"),
        ("1-Oct-26", "21-Oct-26"),
        ("2026.10.01", "2026.10.21"),
        ("2026. 10. 1.", "2026. 10. 21."),
        ("1er octobre 2026", "21 octobre 2026"),
        ("2026年10月1日", "2026年10月21日 14:22:05"),
        ("2026年10月1日0时5分", "2026年10月21日14时22分5秒"),
        ("2026年10月1日上午11:05", "2026年10月21日 下午11:59"),
        ("2026年10月1日上午11时05分", "2026年10月21日 下午11时59分"),
        ("2026/10/1 上午 12:05:10", "2026/10/21 下午 11:59:59"),
        ("2026/10/01 午前0:05", "2026/10/21 午後11:05"),
        ("2026. 10. 1 오전 12:05:10", "2026. 10. 21 오후 11:59:59"),
        ("2026년 10월 1일 오전 9:05", "2026년 10월 21일 오후 11:05"),
        ("２０２６-１０-１", "２０２６-１０-２１"),
        ("\u200e2026-10-01\u200f", "\u202a2026-10-21\u202c"),
    ],
)
def test_days(tmp_path, first, second):
    found = read(tmp_path, "salesforce", LEADS.format(first, second)).tables["fct_lead"]
    assert found["created_date"].to_pylist() == [date(2026, 10, 1), date(2026, 10, 21)]


@pytest.mark.parametrize("written", ["10/1/26", "1.10.126", "2026.10", "1st octobre 26"])
def test_what_may_be_another_day_is_refused(tmp_path, written):
    with pytest.raises(BadFileError, match="column 'Created Date': expected a day"):
        read(tmp_path, "salesforce", LEADS.format(written, written))


@pytest.mark.parametrize(
    "line",
    [
        "2026年10月1日～2026年10月31日",
        "2026年10月1日 - 2026年10月31日",
        "2026. 10. 1. - 2026. 10. 31.",
        "1er octobre 2026 - 31 octobre 2026",
        '"1–31 October 2026"',
        "1. - 31. Oktober 2026",
    ],
)
def test_lines_that_say_the_month(tmp_path, line):
    assert remarks(read(tmp_path, "google_ads", GOOGLE.format(line))) == ("no_days",)
    with pytest.raises(BadFileError, match="found 2026-10-01 to 2026-10-30"):
        read(tmp_path, "google_ads", GOOGLE.format(line.replace("31", "30")))


@pytest.mark.parametrize(("half", "day"), [("上午", 1), ("下午", 2), ("午後", 2), ("오후", 2), ("오전", 1)])
def test_the_half_of_the_day_decides_its_day_in_the_zone(tmp_path, half, day):
    """At 23:05 in UTC it is the next day in Shanghai, at 11:05 it is not."""
    content = f"Lead ID\tCreated at\tEmail\tTeam\n1\t2026/10/1 {half} 11:05Z\ta@x.example\tWeb\n"
    found = read(tmp_path, "leads_sheet", content, time_zone="Asia/Shanghai")
    assert found.tables["fct_lead"]["created_date"].to_pylist() == [date(2026, 10, day)]


@pytest.mark.parametrize(
    ("days", "row", "usual"),
    [
        (("31/10/2026", "10/30/2026", "28/10/2026"), 3, "31/10/2026"),
        (("10/05/2026", "10-14-2026", "10-22-2026", "19-10-2026"), 5, "10-14-2026"),
    ],
)
def test_a_column_in_both_orders_names_the_row_of_the_rarer_one(tmp_path, days, row, usual):
    """No setting can read both: to ask for one would be no way out."""
    content = "ID,Date,Email,Team\n" + "".join(
        f"{number},{day},lead{number}@x.example,North\n" for number, day in enumerate(days)
    )
    for said in ({}, {"days": "day_first"}):
        with pytest.raises(BadFileError) as caught:
            read(tmp_path, "leads_sheet", content, **said)
        expected = f"row {row}, column 'Date': expected a day written like {usual}, as most others"
        assert expected in str(caught.value)
        assert "write all days of the column in one way" in str(caught.value)


@pytest.mark.parametrize(("said", "written"), [("month_first", "13/10/2026"), ("day_first", "10/13/2026")])
def test_days_that_are_none_in_the_order_of_the_rest_name_the_setting_that_helps(tmp_path, said, written):
    helps = "a day such as 2026-10-01.*say `days: month_first` or `days: day_first`"
    with pytest.raises(BadFileError, match=helps):
        read(tmp_path, "salesforce", LEADS.format(written, written), days=said)
