"""What is refused says why: which kind of file it is, what a spreadsheet made of it, where a second one begins."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest

from etl.formats.library import shipped_formats
from etl.formats.recognition import Names
from scoring.errors import BadFileError
from tests.etl.formats.reading import land, read, totals
from tests.etl.formats.workbooks import packed, workbook
from trying.telling import table_of_rates
from trying.tried import try_file

AD = "fct_ad_daily"
HEADER = "Day,Campaign name,Campaign ID,Ad set name,Ad set ID,Amount spent (USD),Impressions,Link clicks\n"
ROW = "2026-10-01,Launch,1201,Broad,1301,10.50,1000,40\n"
OTHER = "2026-10-02,Launch,1201,Broad,1301,5.00,500,20\n"
SHEET = b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'[{"Day": "2026-10-01", "Clicks": 1}]', "JSON in one piece"),
        (SHEET, "an Excel workbook as XML"),
        (b"<?xml version='1.0'?><report/>", "XML"),
        (packed({"META-INF/manifest.xml": "<a/>", "content.xml": "<a/>"}), "an OpenDocument spreadsheet"),
        (packed({"Index/Document.iwa": "x"}), "a document of Numbers"),
    ],
)
def test_a_file_of_another_kind_is_called_by_it(tmp_path, content, kind):
    with pytest.raises(BadFileError, match=f"expected a table, found {kind}"):
        read(tmp_path, "meta_ads", content)


def test_a_byte_of_0_has_its_row(tmp_path):
    content = (HEADER + ROW + OTHER).replace("Launch", "Laun\0ch", 1)
    with pytest.raises(
        BadFileError,
        match="row 2: expected text in a known encoding, found bytes that are in none, such as a 0",
    ):
        read(tmp_path, "meta_ads", content)


def test_lines_that_are_quoted_whole_are_read(tmp_path):
    quoted = [
        line.replace('"', '""')
        for line in (HEADER + ROW + OTHER.replace("Launch", '"A ""B"" C"')).splitlines()
    ]
    found = read(tmp_path, "meta_ads", "Ad sets\r\n" + "".join(f'"{line}"\r\n' for line in quoted))
    assert found.tables[AD]["campaign_name"].to_pylist() == ["Launch", 'A "B" C']
    assert totals(found, AD)["clicks"] == 60


def test_a_second_report_below_the_first(tmp_path):
    with pytest.raises(
        BadFileError, match="row 3: expected one report with one header, found its header once"
    ):
        read(tmp_path, "meta_ads", HEADER + ROW + HEADER + OTHER)


def test_a_row_with_little_in_it_is_no_row_of_the_table(tmp_path):
    orders = "Order,Date,Customer,New customer,Sales channel,Country,Amount,Currency\nA-1,2026-10-10,K,yes,Web,US,100.00,USD\n"
    with pytest.raises(BadFileError, match="found a row with little in it, 'Page 1 of 1'"):
        read(tmp_path, "sales", orders + "Page 1 of 1,,,,,,,\n")
    with pytest.raises(BadFileError, match="row 3, column 'Sales channel': expected a value, found an empty"):
        read(tmp_path, "sales", orders + "A-2,2026-10-11,K,no,,US,50.00,USD\n")


def test_dates_that_a_spreadsheet_turned_around(tmp_path):
    cells = [line.split(",") for line in (HEADER + ROW + OTHER).splitlines()]
    cells[1][0], cells[2][0] = datetime(2026, 2, 10), "10/13/2026"
    with pytest.raises(BadFileError, match="row 3, column 'Day': expected days that all are dates"):
        read(tmp_path, "meta_ads", workbook(Sheet=cells))


def test_a_day_of_another_month_is_shown_where_it_stands(tmp_path):
    text = (HEADER + ROW.replace("2026-10-01", "2026-09-30,2026-09-30")).replace(
        "Day", "Reporting starts,Reporting ends"
    )
    with pytest.raises(
        BadFileError, match="'Reporting starts': expected a day of 2026-10, found '2026-09-30'"
    ):
        read(tmp_path, "meta_ads", text)


def test_posts_of_x_of_another_month_are_set_aside(tmp_path):
    row = '{0},"Thu, {1}, 2026",Hi,https://x.com/u/status/{0},10,1\n'
    text = "Post id,Date,Post text,Post Link,Impressions,Engagements\n"
    found = read(tmp_path, "x", text + row.format(1, "Oct 1") + row.format(2, "Jul 2"), entity="u")
    assert (found.tallies[0].rows_used, found.tallies[0].rows_set_aside) == (1, 1)


@pytest.mark.parametrize(
    "columns", ["Asset status,Asset type,Level", "Asset,Asset type,Level", "Ad status,Age"]
)
def test_reports_of_google_that_count_an_ad_more_than_once(tmp_path, columns):
    text = f"Ad report\n1 October 2026 - 31 October 2026\n{columns},Day,Campaign,Ad group,Impr.,Clicks,Cost\n"
    with pytest.raises(BadFileError, match=r"found a report (of assets|by age)"):
        read(tmp_path, "google_ads", text, currency_code="USD")


@pytest.mark.parametrize(
    "text",
    [
        "Search Keyword,Match type,Criterion Status,Cost,Clicks\nlamps,Broad match,Enabled,US$0.00,0\n",
        "Row Type,Action,Campaign status,Campaign,Currency code,Budget\nCampaign,Edit,Enabled,A,USD,4\n",
    ],
)
def test_another_table_of_a_platform_is_told_by_the_column_that_only_it_has(tmp_path, text):
    names = tuple(map(Names, shipped_formats().values()))
    (fault,) = try_file(land(tmp_path, [text])[0], names).faults
    assert fault.expected == "a report of google_ads with a row for each day"


def test_rates_in_a_zip():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hist.csv", "Date,USD,JPY,\n2026-10-01,1.1,160,\n")
    assert table_of_rates(content.getvalue()) == b"Date,USD,JPY,\n2026-10-01,1.1,160,\n"
    assert table_of_rates(packed({"a.csv": "Date,Clicks\n"})) is None
    assert table_of_rates(b"PK\x03\x04damaged") is None


def test_results_of_no_kind_beside_others_have_no_common_sum(tmp_path):
    text = HEADER.replace("Day", "Day,Results,Result indicator") + ROW.replace("-01,", "-01,3,actions:lead,")
    unnamed = OTHER.replace("-02,", "-02,{},,")
    assert totals(read(tmp_path, "meta_ads", text + unnamed.format("")), AD)["conversions"] == 3
    with pytest.raises(BadFileError, match="expected results of one kind"):
        read(tmp_path, "meta_ads", text + unnamed.format(2))


def test_amounts_with_three_digits_in_a_currency_of_two_are_not_guessed(tmp_path):
    text = HEADER.replace("Ad set ID", "Ad set ID,Purchases conversion value") + ROW.replace(
        "1301,", "1301,80.25,"
    )
    assert totals(read(tmp_path, "meta_ads", text), AD)["spend"] == 10.5
    with pytest.raises(BadFileError, match="expected numbers that can be read in one way only, found '1"):
        read(tmp_path, "meta_ads", text.replace("10.50", "1.250"))
    dinars = text.replace("10.50", "1.250").replace("USD", "KWD")
    assert totals(read(tmp_path, "meta_ads", dinars), AD)["spend"] == 1.25


def test_dinars_have_three_digits_after_the_point(tmp_path):
    text = (HEADER + ROW).replace("10.50", "1.250").replace("USD", "KWD")
    assert totals(read(tmp_path, "meta_ads", text), AD)["spend"] == Decimal("1.25")
    with pytest.raises(BadFileError, match="expected numbers that can be read in one way only"):
        read(tmp_path, "meta_ads", text.replace("KWD", "EUR"))
