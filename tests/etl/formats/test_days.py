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
