"""Files that break off: a stump is never a total, and what is whole is read although nothing follows it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, totals

META = (
    "Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Impressions,"
    "Link clicks,Amount spent (USD)\n"
)
DAY = "2026-10-0{0},2026-10-0{0},Spring,31,Broad,41,100,5,9.50\n"
SNAPCHAT = (
    "Start Time,End Time,Campaign ID,Campaign Name,Ad Set ID,Ad Set Name,Currency,Paid Impressions,"
    "Swipe Ups,Spend\n2026-10-01 00:00:00,2026-10-01 23:59:59,c1,A,s1,S,USD,100,5,9.50\n"
)
TIKTOK = (
    "Date,Campaign name,Campaign ID,Ad group name,Ad group ID,Currency,Cost,Impressions,"
    "Clicks (destination),Conversions\n"
)
GOOGLE = (
    "Ad group report\n2026-10-01 - 2026-10-31\nDay,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,"
    "Impr.,Clicks,Cost,Conversions,Conv. value\n"
)
X_OVERVIEW = 'Date,Impressions,New follows,Unfollows\n"Thu, Oct 1, 2026",10,3,1\n"Fri, Oct 2, 2026",20,4,0'
GA4 = "Date,Session default channel group,Sessions\n20261001,Direct,10\n20261002,Direct,20"
LINKEDIN = (
    "Start Date (in UTC)\tCurrency\tCampaign Group Name\tCampaign ID\tCampaign Name\tTotal Spent\t"
    'Impressions\tClicks\tNote\n10/01/2026\tUSD\tGroup\t7\tOne\t"9.50"\t100\t5\t'
)


@pytest.mark.parametrize(
    ("source", "text", "row"),
    [
        ("meta_ads", META + DAY.format(1) + "2026-10-02,2026-10-0", 3),
        ("meta_ads", META + DAY.format(1) + ",", 3),
        ("snapchat_ads", SNAPCHAT + "2026-10-02 00:00:00,2026-10-02 23:", 3),
        ("tiktok_ads", TIKTOK + "Total of 2 results,-,-", 2),
        ("x", X_OVERVIEW + '\n"Sat, Oct 3, 2026",3', 4),
        ("ga4", GA4 + "\n20261003,Dir", 4),
    ],
    ids=["Meta", "only a separator", "Snapchat", "the total itself", "X", "GA4"],
)
def test_a_last_line_that_breaks_off_before_its_last_cell_is_no_total(tmp_path, source, text, row):
    with pytest.raises(BadFileError, match=rf"row {row}: .*found a last line that breaks off"):
        read(tmp_path, source, text, currency_code="USD")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_that_is_cut_within_a_character_is_cut_off(tmp_path, encoding):
    content = (META + DAY.format(1) + DAY.format(2)).encode(encoding)
    with pytest.raises(BadFileError, match="breaks off within a character; the file is possibly cut off"):
        read(tmp_path, "meta_ads", content[:-25], currency_code="USD")


def test_a_total_that_declares_no_number_proves_nothing(tmp_path):
    rows = "Total: Ad groups, --, --, --, --, --, --, --, --, --, --\n"
    day = "2026-10-01,Spring,31,Broad,41,USD,100,5,9.50,1,20"
    with pytest.raises(BadFileError, match="expected a last line that ends with a line break"):
        read(tmp_path, "google_ads", GOOGLE + rows + day, currency_code="USD")


def test_a_total_proves_a_last_line_without_a_line_break(tmp_path):
    rows = "2026-10-01,Spring,31,Broad,41,USD,100,5,9.50,1,20\nTotal: Ad groups,,,,,USD,100,5,9.50,1,20"
    found = read(tmp_path, "google_ads", GOOGLE + rows, currency_code="USD")
    assert totals(found, "fct_ad_daily")["spend"] == Decimal("9.50")


def test_a_total_that_need_not_be_the_sum_proves_nothing(tmp_path):
    header = META.replace("Impressions", "Platform,Impressions")
    total = "2026-10-01,2026-10-31,,,,,,200,10,19.00\n"
    day = "2026-10-01,2026-10-01,Spring,31,Broad,41,facebook,100,5,9.5"
    with pytest.raises(BadFileError, match="expected a last line that ends with a line break"):
        read(tmp_path, "meta_ads", header + total + day, currency_code="USD")


@pytest.mark.parametrize(
    ("source", "text", "fact", "column", "expected"),
    [
        ("x", X_OVERVIEW, "fct_page_daily", "new_followers", 7),
        ("ga4", GA4, "fct_web_daily", "sessions", 30),
        ("linkedin_ads", LINKEDIN.encode("utf-16"), "fct_ad_daily", "impressions", 100),
    ],
    ids=["X", "GA4", "LinkedIn, whose last cell is empty"],
)
def test_platforms_that_end_no_line_are_read(tmp_path, source, text, fact, column, expected):
    found = read(tmp_path, source, text, currency_code="USD")
    assert totals(found, fact)[column] == expected


def test_others_end_every_line(tmp_path):
    with pytest.raises(BadFileError, match="expected a last line that ends with a line break"):
        read(tmp_path, "meta_ads", META + DAY.format(1).strip(), currency_code="USD")


def test_an_empty_pattern_fits_no_cell_that_is_not_there(tmp_path):
    with pytest.raises(BadFileError, match=r"row 3.*expected 9 cells, found 2"):
        read(tmp_path, "meta_ads", META + DAY.format(1) + "2026-10-02,2026-10-0\n", currency_code="USD")


LEADS = "Lead ID,Created Date,Lead Status,Lead Source\n{rows}\nGrand Totals ({said})\nLeads of the month\n"
LEAD = "{},2026-10-01,Open,Web\n"


def test_a_file_has_the_rows_that_it_says_below(tmp_path):
    rows = LEAD.format(1) + LEAD.format(2)
    assert (
        totals(read(tmp_path, "salesforce", LEADS.format(rows=rows, said="2 records")), "fct_lead")["rows"]
        == 2
    )
    with pytest.raises(BadFileError, match=r"expected 1,003 rows, as it says, found 2; .* cut off"):
        read(tmp_path, "salesforce", LEADS.format(rows=rows, said="1,003 records"))


def test_a_file_has_the_rows_that_it_says_above(tmp_path):
    text = (
        '"Report Time: 10/1/2026,10/31/2026"\n"Rows: {}"\n\n'
        "TimePeriod,AccountName,CampaignName,CampaignId,Impressions,Clicks,Spend,CurrencyCode\n"
        "2026-10-01,Acme,Spring,31,100,5,9.50,USD\n"
    )
    assert totals(read(tmp_path, "microsoft_ads", text.format(1)), "fct_ad_daily")["rows"] == 1
    with pytest.raises(BadFileError, match="expected 2 rows, as it says, found 1"):
        read(tmp_path, "microsoft_ads", text.format(2))


@pytest.mark.parametrize(("source", "text"), [("x", X_OVERVIEW), ("ga4", GA4)], ids=["X", "GA4"])
def test_a_header_that_may_be_cut_off_is_no_empty_month(tmp_path, source, text):
    with pytest.raises(BadFileError, match="expected a last line that ends with a line break"):
        read(tmp_path, source, text.partition("\n")[0], currency_code="USD")


@pytest.mark.parametrize("rows", [1, 2, 20_000])
@pytest.mark.parametrize("quote", ['"', ""], ids=["quoted", "not quoted"])
def test_a_quote_that_opens_in_the_header_swallows_no_rows(tmp_path, rows, quote):
    row = ",".join(f"{quote}{cell}{quote}" for cell in ("1", "2026-10-01", "Open", "Web")) + "\n"
    with pytest.raises(BadFileError, match=r"found an open quote|expected 7 cells, found 4"):
        read(tmp_path, "salesforce", 'Lead ID,Created Date,Lead Status,"Lead Source\n' + row * rows)


def test_a_header_that_goes_on_beyond_what_is_searched_is_none(tmp_path, capfd):
    header = "Lead ID,Created,Team" + ",漢字" * 20_000
    text = f"List of leads\n{header}\n1,2026-10-05,North\n"
    with pytest.raises(BadFileError, match="expected a table with a header row"):
        read(tmp_path, "leads_sheet", text)
    assert capfd.readouterr().err == ""


def test_rows_above_the_header_are_of_another_export(tmp_path):
    header, rows = META, DAY.format(1) + DAY.format(2)
    two = header.replace("Campaign name", "Name of it") + rows + header + DAY.format(3)
    with pytest.raises(BadFileError, match="row 2: expected no rows of data above the header in row 4"):
        read(tmp_path, "meta_ads", two, currency_code="USD")
    preamble = "Account,Spring,31,,,,100,5,9.50\n"
    found = read(tmp_path, "meta_ads", preamble + header + rows, currency_code="USD")
    assert totals(found, "fct_ad_daily")["clicks"] == 10
