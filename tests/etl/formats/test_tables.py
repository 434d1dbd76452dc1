"""Tables of a warehouse in the shape in which a loader writes them: real ones, where they are at hand."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.period import Period
from tests.etl.formats.reading import read, totals

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
D = Decimal

TABLES = [
    (
        "google_ads",
        "ads_warehouse_tables/google_ads_account_stats",
        "date",
        (19, 1050214, 9742, D("1632.333323")),
    ),
    ("google_ads", "ads_warehouse_tables/google_ads_campaign_stats", "date", (16, 1854, 280, D("231.33"))),
    ("meta_ads", "ads_warehouse_tables/facebook_ads_basic_ad", "date", (10, 37275, 149, D("643.63"))),
    (
        "linkedin_ads",
        "ads_warehouse_tables/linkedin_ad_analytics_by_campaign",
        "day",
        (20, 1359, 919, D("530.62")),
    ),
    (
        "tiktok_ads",
        "ads_warehouse_tables/tiktok_campaign_report_hourly",
        "STAT_TIME_HOUR",
        (4, 34470, 244, D("444.792")),
    ),
]


@pytest.mark.parametrize(("source", "name", "day", "expected"), TABLES)
def test_a_real_table_gives_its_totals_over_all_months(tmp_path, source, name, day, expected):
    path = DATA / f"{name}_data.csv"
    if not path.exists():
        pytest.skip(f"{path.name} lies beside the project only where it is developed")
    header, *rows = csv.reader(path.read_text("utf-8").splitlines())
    months = sorted({row[header.index(day)][:7] for row in rows})
    used = impressions = clicks = 0
    spend = D(0)
    for month in months:
        of_month = [row for row in rows if row[header.index(day)].startswith(month)]
        text = "\n".join(map(_line, [header, *of_month])) + "\n"
        entity = of_month[0][header.index("customer_id")] if "customer_id" in header else "acct-1"
        entity = of_month[0][header.index("account_id")] if "account_id" in header else entity
        found = read(tmp_path, source, text, month=Period.parse(month), currency_code="USD", entity=entity)
        sums = totals(found, "fct_ad_daily")
        used += found.tallies[0].rows_used
        impressions, clicks = impressions + int(sums["impressions"]), clicks + int(sums["clicks"])
        spend += sums["spend"]
    assert (used, impressions, clicks, spend) == expected


def _line(cells):
    return ",".join(f'"{re.sub(chr(34), chr(34) * 2, cell)}"' for cell in cells)


AIRBYTE = [
    (
        "google_ads",
        "_airbyte_extracted_at,campaign_id,campaign_name,segments_date,segments_ad_network_type,metrics_impressions,"
        "metrics_clicks,metrics_cost_micros,metrics_conversions\n"
        "2026-11-01 04:00:00,77,Lamps,2026-10-31,SEARCH,100,7,1500000,1.5\n"
        "2026-11-01 04:00:00,77,Lamps,2026-10-31,CONTENT,50,1,250001,0\n",
        (1, 150, 8, D("1.750001")),
    ),
    (
        "google_ads",
        "campaign.id,ad_group.id,ad_group.name,segments.date,metrics.impressions,metrics.clicks,metrics.cost_micros\n"
        "77,771,Lamps,2026-10-31,100,7,1500000\n77,772,Bells,2026-10-31,50,1,250001\n",
        (2, 150, 8, D("1.750001")),
    ),
    (
        "linkedin_ads",
        "start_date,end_date,string_of_pivot_values,impressions,clicks,cost_in_local_currency,cost_in_usd\n"
        "2026-10-31,2026-10-31,urn:li:sponsoredCampaign:123,10,2,3.1234,9\n",
        (1, 10, 2, D("3.1234")),
    ),
    (
        "meta_ads",
        "account_id,ad_id,adset_name,campaign_id,campaign_name,date_start,date_stop,impressions,clicks,"
        "inline_link_clicks,spend\nacct-1,9,A,7,C,2026-10-31,2026-10-31,100,9,7,3.5\n",
        (1, 100, 7, D("3.5")),
    ),
    (
        "microsoft_ads",
        "AccountId,CampaignId,CampaignName,TimePeriod,CurrencyCode,Network,Impressions,Clicks,Spend\n"
        "acct-1,5,C,2026-10-31,USD,Bing,10,1,2.5\nacct-1,5,C,2026-10-31,USD,Partners,5,1,0.5\n",
        (1, 15, 2, D("3.0")),
    ),
]


@pytest.mark.parametrize(("source", "text", "expected"), AIRBYTE)
def test_tables_as_airbyte_writes_them(tmp_path, source, text, expected):
    sums = totals(read(tmp_path, source, text, currency_code="USD"), "fct_ad_daily")
    assert tuple(sums[name] for name in ("rows", "impressions", "clicks", "spend")) == expected


def test_contacts_as_airbyte_writes_them(tmp_path):
    text = (
        "id,properties_createdate,properties_hs_lifecyclestage_marketingqualifiedlead_date,archived\n"
        "1,2026-10-05T10:00:00Z,2026-10-06T10:00:00Z,false\n2,2026-10-05T10:00:00Z,,true\n"
    )
    assert totals(read(tmp_path, "hubspot", text), "fct_lead")["rows"] == 1
