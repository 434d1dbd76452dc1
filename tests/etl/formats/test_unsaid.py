"""What an export does not say: a column that figures are made of, or a month before its first row."""

from __future__ import annotations

import pytest

from scoring.period import Period
from tests.etl.formats.reading import read

LEADS = "Lead ID,Created Date,Status,Lead Source{}\n"
JUNE_TO_AUGUST = LEADS.format("") + "1,2026-06-30,Open,web\n2,2026-08-01,Open,web\n"
OF_ALL_ROWS = {"begins_later", "begins_within", "ends_before"}


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
        (Period(2026, 6), {"begins_within"}),
        (Period(2026, 7), set()),
        (Period(2026, 8), set()),
        (Period(2026, 9), {"ends_before"}),
    ],
)
def test_a_month_without_rows_is_known_to_have_none_between_others_alone(tmp_path, month, expected):
    found = {*read(tmp_path, "leads_sheet", JUNE_TO_AUGUST, month=month).findings}
    assert found & OF_ALL_ROWS == expected


@pytest.mark.parametrize("days", [("06-01", "08-01"), ("06-15", "06-30"), ("05-31", "06-02")])
def test_a_list_that_begins_with_the_month_or_is_of_it_alone_is_whole(tmp_path, days):
    text = LEADS.format("") + "".join(f"{day},2026-{day},Open,web\n" for day in days)
    assert not {*read(tmp_path, "leads_sheet", text, month=Period(2026, 6)).findings} & OF_ALL_ROWS


def test_two_lists_of_which_one_goes_on_where_the_other_ends_are_whole(tmp_path):
    earlier = LEADS.format("") + "1,2026-05-02,Open,web\n2,2026-06-09,Open,web\n"
    later = LEADS.format("") + "3,2026-06-10,Open,web\n4,2026-07-01,Open,web\n"
    assert not {*read(tmp_path, "leads_sheet", earlier, later, month=Period(2026, 6)).findings} & OF_ALL_ROWS


def test_a_file_without_any_row_says_nothing_of_when_it_begins(tmp_path):
    found = {*read(tmp_path, "leads_sheet", LEADS.format("")).findings}
    assert not found & OF_ALL_ROWS


WON, PARTLY = "no_won_date", "rows_without_won_date"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # no day of winning at all, with and without a word for it
        ("ID,Created,Team\n1,2026-10-02,A\n", {WON}),
        ("ID,Created,Team,Status,Amount\n1,2026-10-02,A,Won,500\n2,2026-10-03,A,New,\n", {WON}),
        ("编号,创建日期,团队,状态,成交金额\n1,2026-10-02,甲,已成交,500\n", {WON}),
        # a column for it, and a won lead without a day
        ("ID,Created,Team,Status,Won on\n1,2026-10-02,A,Won,\n2,2026-10-03,A,Won,2026-10-09\n", {PARTLY}),
        ("编号,创建日期,团队,状态,成交日期\n1,2026-10-02,甲,已成交,\n", {PARTLY}),
        ("Nr.;Datum;Status;Abschluss am\n1;02.10.2026;Auftrag erteilt;\n2;13.10.2026;offen;\n", {PARTLY}),
        # every won lead has its day; others need none
        ("ID,Created,Status,Close date\n1,2026-10-02,Won,2026-10-09\n2,2026-10-03,Lost,\n", set()),
        ("ID,Created,Status,Won on\n1,2026-10-02,won,2026-10-09\n2,2026-10-03,Whatever,\n", set()),
        ("ID,Created,Won on\n1,2026-10-02,\n", set()),
        # a lead of August may have been won in October, one of November was not
        ("ID,Created,Status,Won on\n1,2026-08-02,Won,\n2,2026-10-03,New,\n", {PARTLY}),
        ("ID,Created,Status,Won on\n1,2026-11-02,Won,\n2,2026-10-03,New,\n", set()),
    ],
)
def test_a_won_lead_without_the_day_on_which_it_was_won_is_told(tmp_path, text, expected):
    found = {*read(tmp_path, "leads_sheet", text, currency_code="EUR").findings}
    assert found & {WON, PARTLY} == expected


@pytest.mark.parametrize(("meaning", "expected"), [("won", {PARTLY}), ("lost", set()), ("open", set())])
def test_the_words_of_an_account_say_what_is_won(tmp_path, meaning, expected):
    text = "ID,Created,Status,Won on\n1,2026-10-02,Kunde,\n"
    found = read(tmp_path, "leads_sheet", text, words={"status": {meaning: ("kunde",)}})
    assert {*found.findings} & {WON, PARTLY} == expected


@pytest.mark.parametrize(("day", "expected"), [("", {PARTLY}), ("2026-10-20", set())])
def test_a_won_deal_of_a_crm_without_a_day_is_told(tmp_path, day, expected):
    contacts = "Record ID,Email,Create Date\n101,a@x.example,2026-10-03\n"
    deals = (
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
        f"9001,One,Closed Won,{day},1000.50,EUR,101\n9002,Two,Closed Lost,,10,EUR,101\n"
    )
    assert {*read(tmp_path, "hubspot", contacts, deals).findings} & {WON, PARTLY} == expected
    opportunities = (
        "Opportunity ID,Opportunity Name,Stage,Close Date,Created Date,Amount,Amount Currency\n"
        f"0065e00000AbCdE,One,Closed Won,{day},2026-10-03,1000,EUR\n"
    )
    found = read(tmp_path, "salesforce_opportunities", opportunities)
    assert {*found.findings} & {WON, PARTLY} == expected


def test_leads_whose_opportunities_are_not_there_say_nothing_of_deals(tmp_path):
    leads = "Lead ID,Email,Created Date,Lead Status,Converted Date\n00Q1,a@x.example,2026-10-03,Open,\n"
    assert {*read(tmp_path, "salesforce", leads).findings} >= {WON, "no_deal_amount"}
