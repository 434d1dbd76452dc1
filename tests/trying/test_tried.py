"""What a file is, and all of its faults at once, without a book and without a warehouse."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from etl.formats.library import shipped_formats
from etl.formats.recognition import Names
from scoring.period import Period
from tests.etl.formats.reading import OCTOBER, account, land
from trying.tried import Tried, try_file

NAMES = tuple(map(Names, shipped_formats().values()))
GOOGLE = "Ad group report\n1 October 2026 - 31 October 2026\n"
HEADER = (
    "Day,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
)
ROW = "2026-10-01,Search,201,Core,901,USD,1000,50,120.00,3.00,90.00\n"
TOTAL = "Total: Ad groups,,,,,--,1000,50,120.00,3.00,90.00\n"


def tried(folder, content, month=None, source=None, called=None, **said) -> Tried:
    whose, (file,) = None if source is None else account(source, **said), land(folder, [content])
    return try_file(replace(file, name=called or file.name), NAMES, whose, month)


def steps(found: Tried) -> str:
    return "\n".join(fault.step for fault in found.faults)


def test_a_file_is_told_without_saying_what_it_is(tmp_path):
    found = tried(tmp_path, GOOGLE + HEADER + ROW + TOTAL)
    assert found.verdict == "reads"
    assert found.found.format.name == "google_ads_ad_groups"
    assert (found.found.format.status, found.found.format.level) == ("verified", "ad group")
    assert (found.found.header.language, found.found.header.record.row) == ("en", 3)
    assert (found.found.candidate.decoded.encoding, found.found.candidate.table.said) == ("utf-8", "commas")
    assert (found.month, found.order) == (OCTOBER, "year first")
    assert (found.read.tally.rows_in, found.read.tally.rows_used) == (2, 1)
    assert dict(found.read.dropped) == {"Total: Ad groups": 1}
    cost = next(each for each in found.read.controls if each.name.startswith("Cost"))
    assert (cost.declared, cost.computed) == (Decimal(120), Decimal(120))


def test_all_kinds_of_faults_are_told_at_once(tmp_path):
    rows = [
        "2026-10-01,Search,201,Core,901,USD,1000,50,120.00,3.00,90.00",
        "2026-10-02,Search,201,Core,901,USD,many,50,120.00,3.00,90.00",
        "2026-10-03,Search,201,Core,901,USD,few,50,120.00,3.00,90.00",
        "2026-10-04,Search,201,Core,901,USD,1000,50,lots,3.00,90.00",
        "yesterday,Search,201,Core,901,USD,1000,50,120.00,3.00,90.00",
        "2026-11-01,Search,201,Core,901,USD,1000,50,120.00,3.00,90.00",
        "2026-10-06,Search,201,Core,901,USD,1000,50",
        "Total: Ad groups,,,,,--,6000,300,720.00,18.00,540.00",
    ]
    found = tried(tmp_path, GOOGLE + HEADER + "\n".join(rows) + "\n")
    told = {(fault.column, fault.row, fault.rows) for fault in found.faults}
    assert (None, 10, 1) in told, "a row of another number of cells"
    assert ("Impr.", 5, 2) in told
    assert ("Cost", 7, 1) in told
    assert ("Day", 8, 1) in told
    assert ("Day", 9, 1) in told, "a day of another month"
    assert found.verdict == f"{len(found.faults)} faults"
    assert found.read is not None
    assert found.read.tally.rows_used == 1
    assert found.read.dropped["other months"] == 1


def test_every_row_is_accounted_for_also_where_some_are_bad(tmp_path):
    found = tried(tmp_path, GOOGLE + HEADER + ROW + ROW.replace("1000", "x").replace("-01", "-02") + TOTAL)
    tally = found.read.tally
    assert tally.rows_in == tally.rows_used + tally.rows_set_aside + tally.rows_quarantined == 3


def test_what_follows_from_bad_rows_says_so(tmp_path):
    bad = ROW.replace("120.00", "x").replace("10-01", "10-02")
    total = TOTAL.replace("1000,50,120.00,3.00,90.00", "2000,100,240.00,6.00,180.00")
    found = tried(tmp_path, GOOGLE + HEADER + ROW + bad + total)
    assert [fault.column for fault in found.faults] == ["Cost", "Cost"]
    assert found.faults[1].step.endswith("(the bad row above may be why: mend those first)")


def test_subtotals_that_are_bad_rows_are_not_said_to_be_left_out_of_the_sum(tmp_path):
    """They are why it is 80, as all cells of bad rows that can be read are in the sum."""
    sheet = (
        "Date,Campaign,Cost,Impressions,Clicks,Currency\n2026-10-01,A,10.00,100,10,EUR\n"
        ",Subtotal A,10.00,100,10,\n2026-10-01,B,30.00,50,5,EUR\n,Subtotal B,30.00,50,5,\nTotal,,40.00,150,15,\n"
    )
    first, second = tried(tmp_path, sheet).faults
    assert (first.rows, second.expected, second.found) == (2, "the sum of the rows, 80", "40")
    assert second.step.endswith("(the 2 bad rows above may be why: mend those first)")


def test_a_total_that_differs_is_shown_beside_the_sum(tmp_path):
    found = tried(tmp_path, GOOGLE + HEADER + ROW + TOTAL.replace("120.00", "130.00"))
    assert [(fault.column, fault.row) for fault in found.faults] == [("Cost", 5)]
    cost = next(each for each in found.read.controls if each.name.startswith("Cost"))
    assert (cost.declared, cost.computed) == (Decimal(130), Decimal(120))


def test_an_unknown_word_asks_for_the_setting_that_names_it(tmp_path):
    deals = (
        "Record ID - Deal,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
        "1,Closed won,2026-10-04,100,EUR,11\n2,Unterschrieben,2026-10-05,200,EUR,12\n3,Ruht,2026-10-05,1,EUR,13\n"
    )
    found = tried(tmp_path, deals)
    (fault,) = found.faults
    assert (fault.column, fault.row, fault.rows) == ("Deal Stage", 3, 2)
    # of words that mean different things, no setting is shown in which they mean the same
    assert "`words: {stage: {won: ['Unterschrieben']}}` if 'Unterschrieben' means won" in fault.step
    assert "lost or open ('Ruht' likewise)" in fault.step
    own = {"stage": {"won": ("Unterschrieben",), "open": ("Ruht",)}}
    assert tried(tmp_path, deals, source="hubspot", words=own).verdict == "reads"


def test_ambiguous_numbers_ask_for_the_setting_and_the_rest_is_read_on(tmp_path):
    header = (
        "Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Impressions,Link clicks,"
        "Amount spent (EUR)\n"
    )
    row = '2026-10-01,2026-10-01,Summer,1,Broad,11,{},{},"{}"\n'
    found = tried(
        tmp_path,
        header + row.format(100, 5, "1.234") + row.format(100, "some", "2.500").replace("01,", "02,"),
    )
    assert "`numbers`" in steps(found)
    assert {fault.column for fault in found.faults} == {"Amount spent (EUR)", "Link clicks"}


def test_days_that_can_be_read_both_ways_ask_for_setting_or_month(tmp_path):
    content = "Date,Sessions,Session default channel group\n10/11/2026,5,Direct\n"
    found = tried(tmp_path, content)
    assert found.month is None
    assert "`--month`" in steps(found)
    assert "`days: month_first`" in steps(found)
    named = tried(tmp_path, content, month=OCTOBER)
    assert (named.verdict, named.order) == ("reads", "month first")
    assert tried(tmp_path, content, month=Period(2026, 11)).order == "day first"


def test_without_a_month_all_else_is_told_too(tmp_path):
    content = "Date,Sessions,Session default channel group\n10/11/2026,many,Direct\n10/11/2026,5,Mail\n"
    found = tried(tmp_path, content)
    assert [(fault.column, fault.row) for fault in found.faults] == [("Date", None), ("Sessions", 2)]
    assert (found.month, found.read) == (None, None)


@pytest.mark.parametrize(
    ("row", "words"),
    [('2026-10-01,5,"Direct\n', "an open quote"), ("soon,5,Direct\n", "'soon'")],
)
def test_what_hides_the_month_is_told_and_not_the_month(tmp_path, row, words):
    found = tried(tmp_path, f"Date,Sessions,Session default channel group\n{row}")
    assert [fault.found for fault in found.faults] == [words]


def test_days_of_one_month_tell_their_order(tmp_path):
    rows = "".join(f"{day:02}/10/2026,5,Direct\n" for day in range(1, 12))
    found = tried(tmp_path, f"Date,Sessions,Session default channel group\n{rows}")
    assert (found.month, found.order, found.verdict) == (OCTOBER, "day first", "reads")


def test_rounded_ids_and_a_broken_last_line_are_both_told(tmp_path):
    header = "Tweet id,Tweet permalink,Tweet text,time,impressions,engagements\n"
    row = "1.84E+18,https://x.com/u/status/1,Hi,2026-10-01 10:00 +0000,10,1"
    found = tried(tmp_path, header + row)
    assert "original export" in steps(found)
    assert "cut off" in steps(found)


def test_a_file_of_another_account_than_named_is_told_and_read_on(tmp_path):
    content = HEADER.replace("Day,", "Customer ID,Day,") + "111-222-3333," + ROW
    content += "," + TOTAL
    alone = tried(tmp_path, content)
    assert (alone.verdict, alone.account.entity) == ("reads", "111-222-3333")
    found = tried(tmp_path, content, source="google_ads", entity="999-999-9999")
    assert [fault.column for fault in found.faults] == ["Customer ID"]
    assert found.read.tally.rows_used == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "an empty file"), ("<html><title>Sign in</title></html>", "a web page"), ("%PDF-1.4", "a PDF")],
)
def test_what_is_no_table_says_what_it_is(tmp_path, content, words):
    found = tried(tmp_path, content)
    assert found.verdict == "not read"
    assert words in found.faults[0].found


@pytest.mark.parametrize("content", [b"SQLite format 3\0\x10\0", b"\x94-\x89Z\x81n\x8f\x0fDUCK@\0\0\0"])
def test_a_database_is_to_be_asked(tmp_path, content):
    found = tried(tmp_path, content)
    assert found.faults[0].found == "a database"
    assert "`query` and its `connection`, as docs/how-to/query-a-warehouse.md" in steps(found)


def test_a_workbook_that_is_cut_off_is_told_as_such(tmp_path):
    found = tried(tmp_path, workbook([["Ref", "When"], ["1", "2026-10-01"]], "Leads")[:-200])
    assert found.faults[0].found == "a damaged one"
    assert "cut off" in steps(found)


def test_the_platform_that_wrote_the_total_is_named_before_one_that_has_all_columns(tmp_path):
    content = (HEADER + ROW + TOTAL).replace("Cost", "Amount spent")
    found = tried(tmp_path, content)
    assert (found.verdict, found.faults[0].column) == ("unknown", "Cost")
    assert "of google_ads" in found.faults[0].found
    sheet = tried(tmp_path, content.replace("Total: Ad groups", "Total"))
    assert sheet.found.format.name == "ads_sheet_campaigns"


def test_an_unknown_table_does_not_name_a_column_of_a_format_far_off(tmp_path):
    found = tried(tmp_path, "Ref,When,Who\n1,2026-10-01,North\n")
    assert found.verdict == "unknown"
    assert found.faults[0].column is None


def test_the_currency_that_nothing_says_is_no_fault(tmp_path):
    found = tried(
        tmp_path, "Date,Sessions,Session default channel group,Total revenue\n20261001,5,Direct,$1.50\n"
    )
    assert found.verdict == "reads"


META = "Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Impressions,Link clicks,Amount spent (EUR)\n"


def test_last_days_alone_are_no_days(tmp_path):
    found = tried(tmp_path, META + "2026-10-31,Summer,1,Broad,11,100,5,1.00\n", month=OCTOBER)
    (fault,) = found.faults
    assert (fault.column, fault.expected) == ("Day", "this column")


def test_quotes_in_the_middle_of_cells_are_told(tmp_path):
    header = (
        "Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Results,Result indicator,"
        "Impressions,Link clicks,Amount spent (USD),Purchases conversion value\n"
    )
    rows = (
        '2026-"0-0",2026-"0-3",,,,,"2,,"500,60,"49.3",5"0.5\n'
        '2026-"0-0",2026-"0-0",Launch,7,actions:purchase,"000,40,99.3",3"0.5\n'
        '2026-"0-02,2026-"0-02,Launch,".202"2E+"7,Prospecting,".202"2E+"7,5,actions:purchase,500,20,50.00,200\n'
    )
    found = tried(tmp_path, header + rows)
    assert [fault.found for fault in found.faults] == ["quotes in the middle of cells"]


def test_a_table_by_week_is_told_as_such_only_if_it_is_one_of_a_platform(tmp_path):
    costs = tried(tmp_path, "Week,Campaign,Cost,Impressions,Clicks\n2026-10-05,A,1.00,5,1\n")
    assert "week" in costs.faults[0].found
    assert not costs.wants_a_format
    leads = tried(tmp_path, "Visitor no.,Seen on,Week,Booth team\n1,2026-10-05,41,North\n")
    assert leads.wants_a_format


def test_a_sheet_of_another_name_is_told_only_where_it_has_the_header(tmp_path):
    plan = [["Month", "Cost centre", "Budget", "Incremental revenue", "Contribution margin", "Currency"]]
    plan += [["2026-10-01", "CC1", 100, None, None, "EUR"], ["Total", None, 100, None, None, None]]
    found = tried(tmp_path, workbook(plan, "Sheet1"))
    assert [fault.found for fault in found.faults] == ["Sheet1"]
    assert "fits Plan" in found.faults[0].expected
    other = tried(tmp_path, workbook([["Ref", "When"], ["1", "2026-10-01"]], "Sheet1"))
    assert "sheet" not in other.faults[0].expected


def workbook(rows: list[list[object]], title: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_platform_that_nobody_knows_is_not_taken_for_a_chart_of_googles(tmp_path):
    header = "By Day,Campaign name,Campaign ID,Cost (EUR),Impressions,Clicks\n"
    found = tried(tmp_path, header + "2026-10-01,Summer,1801234567890123,20.50,1000,12\n")
    assert "google" not in str(found.faults)
    chart = tried(tmp_path, "Day,Impressions,Cost,Clicks\n2026-10-01,1000,20.50,12\n", source="google_ads")
    assert "a chart or card of the overview page" in chart.faults[0].found
    sheet = tried(tmp_path, "Placement;Cost;Clicks;Impr.;When\nx.com;1,20;3;40;2026-10-01\n")
    assert "google" not in str(sheet.faults)
    week = tried(tmp_path, "Week,Campaign,Status,Impr.,Clicks,Cost\n2026-10-05,Summer,on,40,3,1.20\n")
    assert "by week" in week.faults[0].found


def test_days_of_two_orders_are_one_fault_that_names_both(tmp_path):
    rows = "".join(
        f"{at},{day},Open,web\n" for at, day in enumerate(("03/04/2026", "04/15/2026", "15/04/2026"))
    )
    (fault,) = tried(tmp_path, f"Lead ID,Created Date,Status,Lead Source\n{rows}", source=None).faults
    assert (fault.column, fault.expected) == ("Created Date", "days that are all written alike")
    assert fault.found == "'04/15/2026', which begins with the month, and '15/04/2026', which does not"


SPOTIFY = (
    "Date,Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,Spend,Currency,Impressions,Clicks{more}\n"
    "2026-10-01,Autumn,c1,Commute,s1,Spot,a1,12.50,EUR,1000,10{cell}\n"
)


def test_columns_that_all_platforms_have_tell_none(tmp_path):
    """Snapchat's names are also those of others, of which there is no format."""
    plain = tried(tmp_path, SPOTIFY.format(more="", cell=""))
    assert (plain.verdict, plain.found.format.source, plain.is_told) == ("reads", "snapchat_ads", False)
    swipes = tried(tmp_path, SPOTIFY.format(more="", cell="").replace("Clicks", "Swipe Ups"))
    assert (swipes.found.format.source, swipes.is_told) == ("snapchat_ads", True)
    assert tried(tmp_path, SPOTIFY.format(more="", cell=""), source="snapchat_ads").is_told
    assert tried(tmp_path, GOOGLE + HEADER + ROW + TOTAL).is_told


@pytest.mark.parametrize("column", ["Listeners", "New listeners", "Streams", "Paid listens"])
def test_a_report_of_spotify_is_none_of_snapchat(tmp_path, column):
    found = tried(tmp_path, SPOTIFY.format(more=f",{column}", cell=",780"))
    assert (found.verdict, found.found.format.source) == ("reads", "ads_sheet")


@pytest.mark.parametrize("source", ["google_ads", "linkedin_ads", "microsoft_ads", "tiktok_ads"])
@pytest.mark.parametrize("called", ["{0}.csv", "exports/{0}/2026-10.csv", "{0}2.csv"])
def test_the_nearest_format_is_of_the_platform_that_a_file_is_called_like(tmp_path, source, called):
    """A table without a day is almost that of each."""
    text = "campaign_id,campaign_name,impressions,clicks,spend,cost_micros,cost_in_usd\n1,Autumn,1000,10,12.5,1,2\n"
    found = tried(tmp_path, text, called=called.format(source))
    assert found.search.closest.format.source == source
    assert found.faults[0].found.endswith(f"of {source}")


def test_the_nearest_format_is_the_one_of_which_most_columns_are_there(tmp_path):
    """That lacks a day and a name; another one would lack a day alone, of hardly any column."""
    text = (
        "Ad Set Name,Ad Set ID,Ad Squad Name,Campaign ID,Currency,Paid Impressions,Swipe Ups,Spend,Purchases Value\n"
        "A,1,A,2,EUR,100,5,9.50,1\n"
    )
    assert tried(tmp_path, text).search.closest.format.source == "snapchat_ads"


def test_a_value_that_is_missing_is_told_of_the_column_that_it_stands_in(tmp_path):
    """Whoever a campaign belongs to is told by its id, and that by its name."""
    sheet = "Date,Campaign,Cost,Impressions,Clicks,Currency\n2026-10-01,,10.00,100,10,EUR\n2026-10-02,A,10.00,100,10,EUR\n"
    (fault,) = tried(tmp_path, sheet).faults
    assert (fault.column, fault.found) == ("Campaign", "an empty cell")


ORDERS = (
    "Name,Email,Financial Status,Currency,Total,Created at,Lineitem name,Shipping Country,Refunded Amount\n"
    "#2,b@x.example,paid,EUR,40.00,2026-10-01 00:30:00 +0200,A,DE,0\n"
    "#3,c@x.example,paid,EUR,60.00,2026-10-31 23:30:00 +0100,C,FR,0\n"
)


def test_a_file_of_nobody_s_is_in_no_zone_but_its_own(tmp_path):
    """A shop in Berlin cuts its months there; which zone its account will have nobody has said."""
    found = tried(tmp_path, ORDERS)
    assert (found.verdict, found.read.tally.rows_used) == ("reads", 2)
    assert tried(tmp_path, ORDERS, source="shopify", time_zone="Europe/Berlin").verdict == "reads"
    (fault,) = tried(tmp_path, ORDERS, source="shopify", time_zone="UTC").faults
    assert fault.expected == "a time in 2026-10 as UTC counts its days"
