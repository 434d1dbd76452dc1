"""Ads of platforms beside Google and Meta: Microsoft, TikTok, Pinterest, Snapchat, Amazon, DV360, LinkedIn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, remarks, totals

AD = "fct_ad_daily"
BOM = "\ufeff"


def _workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sums(folder: Path, source: str, *files: str | bytes, **said: object) -> tuple[Decimal, ...]:
    """Rows, impressions, clicks, spend, conversions and value."""
    found = read(folder, source, *files, **said)
    assert all(each.rows_in == each.rows_used + each.rows_set_aside for each in found.tallies)
    sums = totals(found, AD)
    names = ("rows", "impressions", "clicks", "spend", "conversions", "conversion_value")
    return tuple(sums[name] for name in names)


GRID = (
    BOM + "Day,Campaign ID,Status,Campaign,Budget,Spend,Campaign Type,Clicks,Impr.,CTR,Avg. CPC,Conv.\n"
    "2026-10-01,[436534626],Enabled,Search - Serviços,15,512.24,Search,320,25389,1.32%,1.28,0\n"
    "2026-10-02,[530467992],Enabled,Max,10,3.12,Performance Max,28,79,35.44%,0.11,2\n"
    "-,Search total,-,-,-,512.24,-,320,25389,1.32%,1.25,0\n"
    "-,Audience total,-,-,-,0,-,0,0,0%,0,0\n"
    "-,Performance Max total,-,-,-,3.12,-,28,79,1.36%,1.25,2\n"
)


def test_the_totals_of_microsofts_grid_are_added_up(tmp_path: Path) -> None:
    found = read(tmp_path, "microsoft_ads", GRID, currency_code="USD")

    assert found.tables[AD]["campaign_id"].to_pylist() == ["436534626", "530467992"]
    assert totals(found, AD)["spend"] == Decimal("515.36")
    assert remarks(found) == ()
    hidden = read(tmp_path, "microsoft_ads", GRID.replace("-,512.24", "-,612.24"), currency_code="USD")
    assert remarks(hidden) == ("totals_differ",)
    cut = GRID[: GRID.index("-,Search total")]
    with pytest.raises(BadFileError, match=r"expected one row of totals \(totals of the types of campaigns"):
        read(tmp_path, "microsoft_ads", cut, currency_code="USD")


def test_microsofts_grid_without_days_is_refused_for_this_cause(tmp_path: Path) -> None:
    bare = "\n".join(line.partition(",")[2] for line in GRID.splitlines()) + "\n"

    with pytest.raises(BadFileError, match="expected a column with days"):
        read(tmp_path, "microsoft_ads", bare, currency_code="USD")


@pytest.mark.parametrize(
    ("time", "first", "second"),
    [
        ("1/10/2026,31/10/2026", "1/10/2026", "2/10/2026"),
        ("10/1/2026 to 10/31/2026", "10/1/2026", "10/2/2026"),
    ],
)
def test_microsofts_report_file(tmp_path: Path, time: str, first: str, second: str) -> None:
    report = (
        f'{BOM}"Report Name: Ads"\n"Report Time: {time}"\n"Time Zone: (GMT+01:00) Berlin"\n"Rows: 2"\n\n'
        "TimePeriod,AccountName,CampaignName,CampaignId,AdGroupName,AdGroupId,DeviceType,Impressions,Clicks,"
        "Spend,Conversions,Revenue,CurrencyCode\n"
        f"{first},Acme,Brand,11,Core,21,Computer,100,5,1.50,1,10.00,EUR\n"
        f"{first},Acme,Brand,11,Core,21,Smartphone,50,5,0.50,0,0.00,EUR\n"
        f'{second},Acme,"Brand, new",12,Core,22,Computer,10,1,0.25,0,0.00,EUR\n'
        "\n©2026 Microsoft Corporation. All rights reserved. \n"
    )
    expected = (2, 160, 11, Decimal("2.25"), 1, 10)

    assert _sums(tmp_path, "microsoft_ads", report) == expected
    assert _sums(tmp_path, "microsoft_ads", report.replace("00,EUR\n\n", "00,EUR\n")) == expected
    twice = report.replace("Smartphone", "Computer")
    with pytest.raises(BadFileError, match="found a second one for"):
        read(tmp_path, "microsoft_ads", twice)


@pytest.mark.parametrize("time", ["1/10/2026,31/10/2026", "10/1/2026,10/31/2026"])
def test_a_summary_of_microsoft_says_its_month_above(tmp_path: Path, time: str) -> None:
    report = f'"Report Time: {time}"\n\nAccountName,CampaignName,Impressions,Clicks,Spend,CurrencyCode\nA,B,9,1,1.00,EUR\n'

    assert remarks(read(tmp_path, "microsoft_ads", report)) == ("no_days",)
    with pytest.raises(BadFileError, match="expected a column with days"):
        read(tmp_path, "microsoft_ads", report.replace("31", "30"), whole_month=True)


def test_a_campaign_report_of_microsoft_by_week_is_refused(tmp_path: Path) -> None:
    report = (
        "Week,AccountName,CampaignName,Impressions,Clicks,Spend,CurrencyCode\n10/5/2026,A,B,1,1,1.00,EUR\n"
    )

    with pytest.raises(BadFileError, match="found a report by week, month or hour"):
        read(tmp_path, "microsoft_ads", report)


TIKTOK = [
    ("Campaign name", "By Day", "Ad group name", "Ad name", "Ad ID", "Currency", "Cost", "Impressions", "Clicks (destination)", "Conversions", "CTR (destination)"),
    ("Summer", "2026-10-01", "Broad", "One", "1801234567890301", "EUR", 20.5, 1000, 12, 2, "1.20%"),
    ("Summer", "2026-10-01", "Broad", "Two", "1801234567890312", "EUR", 30.25, 1500, 18, 1, "1.20%"),
    ("Total of 2 results", "-", "-", "-", "-", "-", 50.75, 2500, 30, 3, "1.20%"),
]  # fmt: skip


def test_tiktoks_ads_are_added_up(tmp_path: Path) -> None:
    assert _sums(tmp_path, "tiktok_ads", _workbook(*TIKTOK)) == (1, 2500, 30, Decimal("50.75"), 3, 0)
    dated = [TIKTOK[0], *((row[0], datetime(2026, 10, 1), *row[2:]) for row in TIKTOK[1:3]), TIKTOK[3]]
    assert _sums(tmp_path, "tiktok_ads", _workbook(*dated)) == (1, 2500, 30, Decimal("50.75"), 3, 0)


def test_an_ad_of_tiktok_twice_or_with_a_rounded_id_is_refused(tmp_path: Path) -> None:
    twice = [*TIKTOK[:3], TIKTOK[2], ("Total of 3 results", "-", "-", "-", "-", "-", 81, 4000, 48, 4, "1%")]
    with pytest.raises(BadFileError, match="found a second one for"):
        read(tmp_path, "tiktok_ads", _workbook(*twice))
    lost = "\n".join(",".join(map(str, row)) for row in TIKTOK).replace(
        "Ad group name", "Ad group ID,Ad group name"
    )
    lost = lost.replace("Broad", "1.80123E+15,Broad").replace(",-,-,-,-,-,", ",-,-,-,-,-,-,") + "\n"
    with pytest.raises(BadFileError, match="expected an id with all its digits"):
        read(tmp_path, "tiktok_ads", lost)


def test_tiktok_by_week_is_refused(tmp_path: Path) -> None:
    report = (
        "Campaign name,By Week,Ad group name,Currency,Cost,Impressions,Clicks\nA,2026-10-05,B,EUR,1.00,1,1\n"
    )

    with pytest.raises(BadFileError, match="export it with the time dimension By Day and rerun"):
        read(tmp_path, "tiktok_ads", report)


def test_tiktok_in_chinese_at_the_level_of_campaigns(tmp_path: Path) -> None:
    report = "推广系列名称,按天,货币,消耗,展示量,点击量,转化量\n夏季,2026-10-01,USD,\"1,020.50\",1000,12,2\n共 1 条结果,-,-,\"1,020.50\",1000,12,2\n"  # fmt: skip

    assert _sums(tmp_path, "tiktok_ads", report) == (1, 1000, 12, Decimal("1020.5"), 2, 0)


PINTEREST = (
    "Date,Campaign ID,Campaign name,Ad group name,Ad group ID,Spend in account currency,Impressions,Pin clicks,"
    "Outbound clicks,CTR,Total conversions,Total order value (Checkout)\n"
    '2026-10-01,626700000001,"Autumn, home",Pins,268000000001,"1,012.50",4000,90,80,2.0%,3,120.00\n'
    '2026-10-02,626700000001,"Autumn, home",Pins,268000000001,7.50,600,9,8,1.3%,,\n'
    'Total,,,,,"1,020.00",4600,99,88,1.9%,3,120.00\n'
)


def test_pinterest(tmp_path: Path) -> None:
    assert _sums(tmp_path, "pinterest_ads", PINTEREST, currency_code="EUR") == (2, 4600, 88, 1020, 3, 120)
    campaigns = PINTEREST.replace("Ad group name,Ad group ID,", "").replace("Pins,268000000001,", "")
    campaigns = campaigns.replace("Total,,,,,", "Total,,,")
    assert _sums(tmp_path, "pinterest_ads", campaigns, currency_code="EUR")[3] == 1020
    with pytest.raises(BadFileError, match="expected the sum of the rows, 4600, found 4700"):
        read(
            tmp_path,
            "pinterest_ads",
            PINTEREST.replace('"1,020.00",4600', '"1,020.00",4700'),
            currency_code="EUR",
        )


SNAPCHAT = (
    "Start Time,End Time,Campaign ID,Campaign Name,Ad Set ID,Ad Set Name,Paid Impressions,Swipe Ups,Spend,Purchases\n"
    "2026-10-01 00:00:00,2026-10-01 23:59:59,c-1,Snap,s-1,Youth,1000,20,12.34,1\n"
    "2026-10-02 00:00:00,2026-10-02 23:59:59,c-1,Snap,s-1,Youth,500,10,6.16,\n"
)


def test_snapchat(tmp_path: Path) -> None:
    assert _sums(tmp_path, "snapchat_ads", SNAPCHAT, currency_code="USD") == (
        2,
        1500,
        30,
        Decimal("18.50"),
        1,
        0,
    )
    week = SNAPCHAT.replace("2026-10-02 23", "2026-10-08 23")
    with pytest.raises(
        BadFileError, match="expected the same day as Start Time, or a report of exactly the month"
    ):
        read(tmp_path, "snapchat_ads", week, currency_code="USD")


AMAZON_HEADER = ("Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name", "Retailer", "Country", "Targeting", "Match Type", "Customer Search Term", "Impressions", "Clicks", "Spend", "7 Day Total Sales ", "Total Advertising Cost of Sales (ACOS) ", "7 Day Total Orders (#)")  # fmt: skip
AMAZON = [
    (
        "No",
        "EUR",
        "Shoes",
        "Auto",
        "Amazon",
        "Germany",
        "close-match",
        "-",
        "red shoes",
        100,
        5,
        2.5,
        40.0,
        0.0625,
        1,
    ),
    (
        "No",
        "EUR",
        "Shoes",
        "Auto",
        "Amazon",
        "Germany",
        "close-match",
        "-",
        "blue shoes",
        50,
        1,
        0.5,
        0,
        None,
        0,
    ),
]


@pytest.mark.parametrize("day", [datetime(2026, 10, 1), "Oct 01, 2026", "2026-10-01"])
def test_amazons_search_terms(tmp_path: Path, day: object) -> None:
    book = _workbook(
        ("Sponsored Products Search Term Report",), AMAZON_HEADER, *((day, *row) for row in AMAZON)
    )

    assert _sums(tmp_path, "amazon_ads", book) == (1, 150, 6, 3, 1, 40)


def test_amazons_whole_month(tmp_path: Path) -> None:
    header = ("Start Date", "End Date", *AMAZON_HEADER[1:])
    month = [(datetime(2026, 10, 1), datetime(2026, 10, 31), *row) for row in AMAZON]
    found = read(tmp_path, "amazon_ads", _workbook(header, *month))

    assert remarks(found) == ("no_days",)
    week = [(datetime(2026, 10, 1), datetime(2026, 10, 7), *row) for row in AMAZON]
    with pytest.raises(BadFileError, match="the same day as Start Date"):
        read(tmp_path, "amazon_ads", _workbook(header, *week))


def test_a_row_of_amazon_twice_is_refused(tmp_path: Path) -> None:
    book = _workbook(AMAZON_HEADER, *((datetime(2026, 10, 1), *row) for row in (*AMAZON, AMAZON[0])))

    with pytest.raises(BadFileError, match=r"found a second one for .*red shoes"):
        read(tmp_path, "amazon_ads", book)


def test_amazons_bulk_file_is_refused(tmp_path: Path) -> None:
    bulk = "Product,Entity,Operation,Campaign Name,Impressions,Clicks,Spend,Start Date\nSponsored Products,Campaign,,A,1,1,1.00,20261001\n"  # fmt: skip

    with pytest.raises(BadFileError, match="found a file for bulk operations"):
        read(tmp_path, "amazon_ads", bulk, currency_code="EUR")


def test_amazons_campaigns(tmp_path: Path) -> None:
    report = "Date,Campaign Name,Currency,Impressions,Clicks,Spend,14 Day Total Sales ,14 Day Total Orders (#)\n2026-10-01,Brand,USD,10,2,$1.50,$20.00,1\n"  # fmt: skip

    assert _sums(tmp_path, "amazon_ads", report) == (1, 10, 2, Decimal("1.5"), 1, 20)


DV360 = (
    "Advertiser,Advertiser ID,Advertiser Currency,Insertion Order,Insertion Order ID,Line Item,Line Item ID,Date,"
    "Impressions,Clicks,Revenue (Adv Currency),Media Cost (Advertiser Currency),Total Conversions\n"
    "Acme,77,EUR,Prospecting,501,Video,601,2026/10/01,1000,3,12.500000,10.000000,1.00\n"
    "Acme,77,EUR,Prospecting,501,Video,601,2026/10/02,2000,4,25.250001,20.000000,0.00\n"
    ",,,,,,,,3000,7,37.750001,30.000000,1.00\n"
    "\nReport Time:,2026/11/02 05:01 GMT\nDate Range:,2026/10/01 to 2026/10/31\nGroup By:,Date\n"
)


def test_dv360(tmp_path: Path) -> None:
    assert _sums(tmp_path, "dv360", DV360, entity="77") == (2, 3000, 7, Decimal("37.750001"), 1, 0)
    with pytest.raises(BadFileError, match="expected the file of 78, found that of 77"):
        read(tmp_path, "dv360", DV360, entity="78")
    cut = DV360.replace("2026/10/02,2000,4,25.250001", "2026/10/02,1000,4,25.250001")
    with pytest.raises(BadFileError, match="the file may be cut off or edited"):
        read(tmp_path, "dv360", cut, entity="77")


LINKEDIN_DE = (
    "Bericht zur Performance (in UTC)\nStartdatum des Berichts: 1.10.2026\nEnddatum des Berichts: 31.10.2026\n\n"
    "Startdatum (in UTC)\tName der Kampagne\tKampagnen-ID\tName der Anzeigengruppe\tAnzeigengruppen-ID\tWährung\t"
    "Gesamtausgaben\tImpressions\tKlicks\tConversions\n"
    '1.10.2026\tMarke\t600000001\tLeitung\t700000001\tEUR\t"1.066,66"\t2.100\t9\t1\n'
    '2.10.2026\tMarke\t600000001\tTechnik\t700000002\tEUR\t"10,00"\t300\t1\t0\n'
)


def test_linkedins_ad_groups_of_2026(tmp_path: Path) -> None:
    utf16 = b"\xff\xfe" + LINKEDIN_DE.encode("utf-16-le")
    assert _sums(tmp_path, "linkedin_ads", utf16) == (2, 2400, 10, Decimal("1076.66"), 1, 0)
    english = (
        "Start Date (in UTC),Account Name,Currency,Campaign Name,Campaign ID,Ad Group Name,Ad Group ID,Total Spent,"
        "Impressions,Clicks\n10/1/2026,Acme,USD,Brand,600000001,Heads,700000001,66.66,2100,9\n"
    )
    found = read(tmp_path, "linkedin_ads", english)
    assert found.tables[AD]["ad_group_id"].to_pylist() == ["700000001"]
    assert found.tables[AD]["campaign_name"].to_pylist() == ["Brand"]


def test_linkedins_campaigns_without_their_groups(tmp_path: Path) -> None:
    text = (
        "Start Date (in UTC),Currency,Campaign ID,Campaign Name,Total Spent,Impressions,Clicks\n"
        "10/1/2026,USD,600000001,Brand,66.66,2100,9\n"
    )
    found = read(tmp_path, "linkedin_ads", text)
    assert found.tables[AD]["campaign_name"].to_pylist() == ["Brand"]
