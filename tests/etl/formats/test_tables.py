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
