"""What an export does not say: a column that figures are made of, or a month before its first row."""

from __future__ import annotations

import pytest

from scoring.period import Period
from tests.etl.formats.reading import read

LEADS = "Lead ID,Created Date,Status,Lead Source{}\n"
JUNE_TO_AUGUST = LEADS.format("") + "1,2026-06-30,Open,web\n2,2026-08-01,Open,web\n"


def findings(folder, *columns):
    """Those of files of leads with these further columns, each with one lead."""
    files = [LEADS.format("".join(f",{name}" for name in more)) for more in columns]
    rows = [f"{at},2026-10-0{at + 1},Open,web{',' * len(more)}\n" for at, more in enumerate(columns)]
    return {*read(folder, "leads_sheet", *map(str.__add__, files, rows)).findings}


def test_a_column_that_is_not_there_is_a_finding_and_one_without_a_day_is_none(tmp_path):
    assert {"no_mql_date", "no_sql_date", "no_deal_amount"} <= findings(tmp_path, ())
    assert not {"no_mql_date", "no_sql_date"} & findings(tmp_path, ("MQL Date", "SQL Date"))


def test_what_one_file_of_the_month_says_is_said(tmp_path):
    assert (
        findings(tmp_path, (), ("MQL Date",)) == findings(tmp_path, ("MQL Date",)) != findings(tmp_path, ())
    )


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (Period(2026, 5), {"begins_later"}),
        (Period(2026, 6), set()),
        (Period(2026, 7), set()),
        (Period(2026, 8), set()),
        (Period(2026, 9), {"ends_before"}),
    ],
)
def test_a_month_without_rows_is_known_to_have_none_between_others_alone(tmp_path, month, expected):
    found = {*read(tmp_path, "leads_sheet", JUNE_TO_AUGUST, month=month).findings}
    assert found & {"begins_later", "ends_before"} == expected


def test_a_file_without_any_row_says_nothing_of_when_it_begins(tmp_path):
    found = {*read(tmp_path, "leads_sheet", LEADS.format("")).findings}
    assert not found & {"begins_later", "ends_before"}
