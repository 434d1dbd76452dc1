"""Bad files: each gives one sentence that says where, what was expected and what was found."""

from __future__ import annotations

from datetime import datetime

import pytest

from scoring.errors import BadFileError
from tests.etl.samples import (
    BUDGET_HEADER,
    BUDGET_ROWS,
    MARKET_HEADER,
    MARKET_ROWS,
    budget_workbook,
    contents,
    encode,
    market_workbook,
    read,
)

# source, which of its files, text to replace, replacement, and what the sentence must say
CHANGED = [
    # numbers
    ("google_ads", 0, '"14,117",312', '"14,11",312', "0.csv, row 4, column 'Impr.'", "a whole number", "'14,11'"),
    ("google_ads", 0, '"14,117",312', "14.5,312", "row 4, column 'Impr.'", "a whole number", "'14.5'"),
    ("google_ads", 0, '"14,117",312', "-3,312", "row 4, column 'Impr.'", "a number from 0 up", "'-3'"),
    ("google_ads", 0, "1162.40,12.50,", "1162;40,12.50,", "row 4, column 'Cost'", "a number", "'1162;40'"),
    ("google_ads", 0, "1162.40,12.50,", "NaN,12.50,", "row 4, column 'Cost'", "a number", "'NaN'"),
    ("google_ads", 0, "1162.40,12.50,", "inf,12.50,", "row 4, column 'Cost'", "a number", "'inf'"),
    ("google_ads", 0, "1162.40,12.50,", "1e5,12.50,", "row 4, column 'Cost'", "a number", "'1e5'"),
    ("google_ads", 0, "1162.40,12.50,", "1.1234567,12.50,", "row 4, column 'Cost'", "a number", "'1.1234567'"),
    ("ocean_engine", 0, "88012,36.48,1204", "8万,36.48,1204", "row 4, column '展示数'", "the sum of the rows, 80000", "88012"),
    ("sales", 0, "1.234,56", "1,234.56", "row 2, column 'Betrag'", "a number such as 1.234,56", "'1,234.56'"),
    ("sales", 0, "-34,56;USD", ";USD", "row 3, column 'Betrag'", "a value", "an empty cell"),
    ("survey", 0, ",10,5,", ",11,5,", "row 2, column 'Score (0-10)'", "from 0 to 10", "'11'"),
    ("survey", 0, ",,1,", ",,0,", "row 4, column 'Satisfaction (1-5)'", "from 1 to 5", "'0'"),
    ("fx_rates", 0, "1.0800", "0.0000", "row 2, column 'USD'", "a quote above 0", "'0.0000'"),
    # days
    ("google_ads", 0, "2026-10-31,Enabled", "2026-10-32,Enabled", "row 6, column 'Day'", "a day such as", "'2026-10-32'"),
    ("google_ads", 0, "2026-10-31,Enabled", "2026-11-01,Enabled", "row 6, column 'Day'", "a day of 2026-10", "'2026-11-01'"),
    ("google_ads", 0, "2026-10-31,Enabled", "31/10/2026,Enabled", "row 6, column 'Day'", "written like 2026-10-01", "'31/10/2026'"),
    ("sales", 0, "31.10.2026", "31.10.26", "row 3, column 'Datum'", "a day written like", "'31.10.26'"),
    ("ga4", 0, "20261002", "2026-10-02", "row 14, column 'Date'", "written like 20261001", "'2026-10-02'"),
    ("x", 0, "2026-10-31 23:59 +0000", "2026-10-31 24:59 +0000", "row 3, column 'time'", "a day such as", "24:59"),
    ("hubspot", 0, "2026-10-05 00:00", "yesterday", "row 3, column 'Create Date'", "a day such as", "'yesterday'"),
    ("facebook_pages", 1, "2026-10-02", "2026-02-30", "row 4, column 'Date'", "a day such as", "'2026-02-30'"),
    ("meta_ads", 0, "2026-10-02,2026-10-02", "2026-10-02,2026-10-31", "row 4, column 'Reporting ends'", "same day", "'2026-10-31'"),
    ("fx_rates", 0, "2026-10-29,N/A", "2026-10-30,N/A", "row 3, column 'Date'", "an earlier day", "'2026-10-30'"),
    ("fx_rates", 0, "2026-09-29", "29.09.2026", "row 11, column 'Date'", "a day such as", "'29.09.2026'"),
    # columns and shape
    ("google_ads", 0, ",Cost,", ",Costs,", "row 3, column 'Cost'", "this column", "without it"),
    ("google_ads", 0, "Campaign status", "Campaign", "row 3, column 'Campaign'", "this column once", "twice"),
    ("meta_ads", 0, "spent (USD)", "owed (USD)", "column 'Amount spent (EUR)'", "this column", "without it"),
    ("wechat", 0, "渠道", "来源", "row 3, column '内容url'", "one row for each", "a second one"),
    ("fx_rates", 0, "Date,", "Datum,", "column 'Date'", "this column", "no header row"),
    ("survey", 0, ",0,N/A,\n", ",0,N/A\n", "row 3", "6 cells", "5"),
    ("survey", 0, ",0,N/A,\n", ",0,N/A,,\n", "row 3", "6 cells", "7"),
    ("survey", 0, "r2,", "\nr2,", "row 3", "another row", "a blank row"),
    ("survey", 0, '"fine, ""really"""', '"fine', "0.csv", "every quoted cell to end", "an open quote"),
    # meaning
    ("google_ads", 0, "902,EUR", "902,USD", "row 5, column 'Currency code'", "the currency code EUR", "'USD'"),
    ("sales", 0, ";EUR", ";Euro", "row 2, column 'Währung'", "a currency code", "'Euro'"),
    ("sales", 0, ";ja;", ";yes;", "row 2, column 'Neukunde'", "one of ja, nein", "'yes'"),
    ("hubspot", 0, "CRM EU,true", "CRM EU,wahr", "row 3, column 'Test Contact'", "one of true, yes, false", "'wahr'"),
    ("hubspot", 1, "Negotiation", "Handschlag", "1.csv, row 5, column 'Deal Stage'", "named with `words`", "'Handschlag'"),
    ("hubspot", 1, "99.50,EUR", "99.50,USD", "1.csv, row 3, column 'Currency'", "the same for all rows", "'USD'"),
    ("hubspot", 0, "102,", "101,", "row 3, column 'Record ID'", "one row for each", "101"),
    ("facebook_pages", 0, ",,,,,,,,Lifetime", "10_0,,,,,,,,Lifetime", "row 2, column 'Post ID'", "the file of acme", "that of 10"),
    ("facebook_pages", 1, ",Lifetime: The total number of people,Daily: The number of new people", ",5000,12", "row 2, column 'Date'", "a value", "an empty cell"),
    ("facebook_pages", 1, ",Lifetime: The", "2026-10-01,Lifetime: The", "row 2, column 'Lifetime Total Likes'", "a whole number", "Lifetime"),
    ("sales", 0, "A-2;", "A-1;", "row 3, column 'Auftrag'", "one row for each Auftrag", "A-1"),
    ("ga4", 0, "20261002,Direct,9", "20261001,Direct,9", "row 14", "one row for each", "Direct"),
    ("google_ads", 0, ",201,Core", ",,Core", "row 4, column 'Campaign ID'", "a value", "an empty cell"),
    ("social_listening", 0, ',0,0,0.00%', ',1,0,0.00%', "row 6, column 'Own brand mentions'", "no more than 0", "'1'"),
    ("social_listening", 0, ',-,-,-', ',3,-,-', "row 7, column 'All brands mentions'", "together, or neither", "'-'"),
    ("social_listening", 0, ',-,-,-', ',-,3,-', "row 7, column 'Own brand mentions'", "together, or neither", "'-'"),
    ("social_listening", 0, '12,"1,204",1.00%\n2', '12,"1,20",1.00%\n2', "row 5, column 'All brands mentions'", "whole number", "'1,20'"),
    ("social_listening", 0, "2026-10-02", "2026-09-30", "row 7, column 'Date'", "a day of 2026-10", "'2026-09-30'"),
    ("social_listening", 0, "02,车灯", "01,车灯", "row 7", "one row for each", "车灯"),
    # totals
    ("social_listening", 0, 'Total,,12,"1,204"', 'Total,,12,"1,205"', "row 8, column 'All brands mentions'", "1204", "1205"),
    ("social_listening", 0, 'Total,,12,"1,204",1.00%\n', "", "0.csv", "one row of totals (Total)", "none"),
    ("google_ads", 0, "Total: ", "Summary of ", "row 7, column 'Day'", "a day such as", "'Summary of Ad groups'"),
    ("google_ads", 0, "312,2.21%", "313,2.21%", "row 7, column 'Clicks'", "the sum of the rows, 313", "312"),
    ("meta_ads", 0, ",40,99.31,310.5\n2026", ",41,99.31,310.5\n2026", "row 2, column 'Link clicks'", "sum of the rows, 40", "41"),
    ("linkedin_ads", 0, "Total\t", "Summe\t", "row 8, column 'Campaign ID'", "a value", "an empty cell"),
    ("ocean_engine", 0, "总计,--,--,3210.55", "总计,--,--,3210.56", "row 4, column '消耗'", "3210.55", "3210.56"),
    ("ga4", 0, "Direct,110", "Direct,111", "row 17, column 'Sessions'", "110", "111"),
    ("wechat", 0, "700,900,20", "700,901,20", "row 2, column '总阅读次数'", "1201", "1200"),
    ("sales", 0, "1.200,00", "1.200,01", "row 4, column 'Betrag'", "1200", "1200.01"),
    ("sales", 0, "Summe;;;;;;1.200,00;\n", "", "0.csv", "one row of totals (Summe)", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "index", "old", "new", "place", "expected", "found"), CHANGED)
def test_a_bad_cell_is_named_with_its_place(tmp_path, source, index, old, new, place, expected, found):
    def change(texts):
        assert old in texts[index], "the case no longer changes its sample"
        return [text.replace(old, new, 1) if i == index else text for i, text in enumerate(texts)]

    settings = {"currency_code": "EUR"} if source in ("google_ads",) else {}
    files = contents(source, change)
    assert_sentence(tmp_path, source, files, place, expected, found, **settings)


def assert_sentence(folder, source, files, place, expected, found, **settings):
    with pytest.raises(BadFileError) as raised:
        read(folder, source, files, **settings)
    sentence = str(raised.value)
    assert place in sentence.split(": expected", maxsplit=1)[0]
    assert expected in raised.value.expected
    assert found in raised.value.found
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert raised.value.exit_code == 3


CUT = {
    "google_ads": "one row of totals",
    "ocean_engine": "one row of totals",
    "sales": "one row of totals",
}


@pytest.mark.parametrize(("source", "expected"), CUT.items())
def test_a_file_that_was_cut_off_after_a_row_is_refused(tmp_path, source, expected):
    def cut(texts):
        lines = texts[0].splitlines(keepends=True)
        kept = {"google_ads": 5, "ocean_engine": 2, "sales": 2}[source]
        return ["".join(lines[:kept])]

    assert_sentence(tmp_path, source, contents(source, cut), "0.csv", expected, "none")


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        (b"", "a table", "an empty file"),
        (b"\r\n \n", "a table", "an empty file"),
        (b"Response ID,\0,a,b,c,d", "text in a known encoding", "in none"),
        (b"PK\x03\x04\x00\x00binary", "a packed file", "a damaged one"),
        (b"\xef\xbb\xbfResponse ID,\xc3\x28", "text in a known encoding", "in none"),
        (b"<html><body>Please log in</body></html>", "a report", "a web page that asks to sign in"),
        (b"%PDF-1.7 report", "a table", "a PDF"),
    ],
)
def test_what_is_no_table_at_all_is_refused(tmp_path, content, expected, found):
    assert_sentence(tmp_path, "survey", [content], "0.csv", expected, found)


OCTOBER_FIRST = datetime(2026, 10, 1)
TOTAL_OF = {"Month": "Total", "Market size": 20}


@pytest.mark.parametrize(
    ("rows", "place", "expected", "found"),
    [
        ([MARKET_HEADER, ("Oct", "City", 20, "EUR")], "row 5, column 'Month'", "first day", "'Oct'"),
        ([MARKET_HEADER, (datetime(2026, 10, 2), "City", 20, "EUR")], "column 'Month'", "first day", "2026-10-02"),
        ([MARKET_HEADER, (OCTOBER_FIRST, None, 20, "EUR")], "row 5, column 'Segment'", "a value", "empty"),
        ([MARKET_HEADER, (OCTOBER_FIRST, "City", "many", "EUR")], "column 'Market size'", "a number", "'many'"),
        ([MARKET_HEADER, (OCTOBER_FIRST, "City", -20, "EUR")], "column 'Market size'", "from 0 up", "-20"),
        ([MARKET_HEADER, (OCTOBER_FIRST, "City", 20, "Euro")], "column 'Currency'", "currency code", "'Euro'"),
        ([MARKET_HEADER, *[(OCTOBER_FIRST, "City", 10, "EUR")] * 2, ("Total", None, 20, None)], "row 6", "one row", "City"),
        ([MARKET_HEADER, (OCTOBER_FIRST, "City", 20, "EUR"), ("Total", None, 21, None)], "row 6", "20", "21"),
        ([MARKET_HEADER, (OCTOBER_FIRST, "City", 20, "EUR")], "0.csv", "one row of totals (Total)", "none"),
        ([*MARKET_ROWS, (OCTOBER_FIRST, "Late", 20, "EUR")], "row 8", "the sum of the rows", "1900020.5"),
        ([("Month", "Segment", "Size", "Currency")], "row 4, column 'Market size'", "this column", "without it"),
    ],
)  # fmt: skip
def test_a_bad_market_workbook_is_named_with_its_place(tmp_path, rows, place, expected, found):
    assert_sentence(tmp_path, "market_size", [market_workbook(rows)], place, expected, found)


def test_a_market_workbook_without_its_sheet_or_that_is_none_is_refused(tmp_path):
    renamed = market_workbook(MARKET_ROWS, sheet="Markt")
    assert_sentence(tmp_path, "market_size", [renamed], "0.csv", "a sheet whose name fits Market", "Markt")
    text = encode("survey", "Month,Segment\n")
    assert_sentence(tmp_path, "market_size", [text], "row 1, column 'Currency'", "this column", "without it")


BUDGET_ROW = (OCTOBER_FIRST, "Lamps", 20, 5, 2, "EUR")
BUDGET_TOTAL = ("Total", None, 20, 5, 2, None)


@pytest.mark.parametrize(
    ("rows", "place", "expected", "found"),
    [
        ([BUDGET_HEADER, ("Oct", *BUDGET_ROW[1:])], "row 5, column 'Month'", "first day", "'Oct'"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, " ", 20, 5, 2, "EUR")], "column 'Cost centre'", "a value", "an empty"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", -1, 5, 2, "EUR")], "column 'Budget'", "from 0 up", "-1"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", None, 5, 2, "EUR")], "column 'Budget'", "a value", "empty"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", 0.1234567, 5, 2, "EUR")], "column 'Budget'", "a number", "0.1234567"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", 20, "five", 2, "EUR")], "column 'Incremental revenue'", "a number", "'five'"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", 20, 5, None, "EUR")], "column 'Contribution margin'", "together", "empty"),
        ([BUDGET_HEADER, (OCTOBER_FIRST, "Lamps", 20, None, 2, "EUR")], "column 'Incremental revenue'", "together", "empty"),
        ([BUDGET_HEADER, (*BUDGET_ROW[:5], "CNY"), BUDGET_TOTAL], "column 'Currency'", "the currency code EUR", "'CNY'"),
        ([BUDGET_HEADER, BUDGET_ROW, BUDGET_ROW, ("Total", None, 40, 10, 4, None)], "row 6", "one row", "Lamps"),
        ([BUDGET_HEADER, BUDGET_ROW, ("Total", None, 20, 5, 3, None)], "row 6, column 'Contribution margin'", "2", "3"),
        ([BUDGET_HEADER, BUDGET_ROW, ("Total", None, None, 5, 2, None)], "row 6, column 'Budget'", "20", "0"),
        ([BUDGET_HEADER, BUDGET_ROW, ("Total", None, 20.000001, 5, 2, None)], "row 6, column 'Budget'", "20", "20.000001"),
        ([BUDGET_HEADER, BUDGET_ROW], "0.csv", "one row of totals (Total)", "none"),
        ([*BUDGET_ROWS, BUDGET_ROW], "row 8", "the sum of the rows", "1900.5"),
        ([BUDGET_HEADER[:4]], "row 4, column 'Currency'", "this column", "without it"),
    ],
)  # fmt: skip
def test_a_bad_budget_is_named_with_its_place(tmp_path, rows, place, expected, found):
    files = [budget_workbook(rows)]
    assert_sentence(tmp_path, "budget", files, place, expected, found, currency_code="EUR")


def changed(source, old, new):
    """The source's sample with all of `old` replaced, after it was encoded."""
    return [content.replace(old, new) for content in contents(source)]


@pytest.mark.parametrize(
    ("source", "old", "new", "place", "expected", "found"),
    [
        (
            "google_ads",
            b"Paused",
            b"Pau\rsed",
            "0.csv, row 5",
            "end with a line feed",
            "a carriage return alone",
        ),
        (
            "google_ads",
            b"Ad group report",
            b"x" * 131_073,
            "row 1",
            "at most 131,072 bytes",
            "a line of 131,073",
        ),
        ("survey", b"Response ID", b"c," * 5000 + b"Response ID", "0.csv", "at most 4,096 columns", "5,006"),
        (
            "survey",
            b"Service,10,5",
            b"Service," + b"9" * 9000 + b",5",
            "row 2, column 'Score",
            "a whole number",
            "(9,000 characters)",
        ),
        (
            "survey",
            b"Response ID",
            b"\xd0\xcf\x11\xe0",
            "0.csv",
            "a workbook that can be read",
            "a damaged one",
        ),
    ],
)
def test_what_no_platform_writes_is_refused_in_one_sentence(
    tmp_path, source, old, new, place, expected, found
):
    assert_sentence(tmp_path, source, changed(source, old, new), place, expected, found)


def test_a_carriage_return_in_quotes_is_part_of_a_cell_and_one_at_the_end_is_a_line_that_was_cut(tmp_path):
    quoted = changed("x", b"Two lines:\n", b"Two\rlines:\r\n")
    assert read(tmp_path, "x", quoted).tallies[0].rows_used == 2
    assert (
        read(tmp_path, "hubspot", [content[:-1] for content in contents("hubspot")]).tallies[0].rows_used == 3
    )


def test_a_long_cell_below_the_header_is_no_header(tmp_path):
    long = changed("survey", b'"fine, ', b'"' + b"fine, " * 60_000)
    assert read(tmp_path, "survey", long).tallies[0].rows_used == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MOST_LINES", "at most 2 lines"),
        ("MOST_CELLS", "at most 2 cells"),
        ("MOST_COLUMNS", "at most 2 columns"),
    ],
)
def test_more_than_is_read_at_once_is_refused(tmp_path, monkeypatch, name, expected):
    monkeypatch.setattr(f"etl.reading.records.{name}", 2)
    assert_sentence(tmp_path, "survey", contents("survey"), "0.csv", expected, "")
