"""Google Ads: the ad group report, a row per day and ad group.

A title and a date range come before the header; `--` is "no value"; several rows of totals end the file, and
the rows must add up to the account's. A day without any row is possible.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import amounts, counts, currencies, days, texts
from etl.reading.control import control_totals
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import hold_columns
from etl.reading.text import read_utf8
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "google_ads"
READER_VERSION = 2
FACTS = ("fct_ad_daily",)
DAILY_FACTS = ("fct_ad_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "ad group report, CSV"
RELOAD_DAYS = 30
PRINTED_IN: str | None = "the column Account name"
OWNER_KEYS = OwnerKeys.IDS

NO_VALUE = frozenset({"", "--"})
SUMMED = {
    "Impr.": "impressions",
    "Clicks": "clicks",
    "Cost": "spend",
    "Conversions": "conversions",
    "Conv. value": "conversion_value",
}
COLUMNS = ("Day", "Campaign", "Campaign ID", "Ad group", "Ad group ID", "Currency code", *SUMMED)
TOTAL = "Total: Account"
IDS, NAMES = ("Customer ID",), ("Account name", "Account")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The report as ad rows; raises `BadFileError`."""
    (file,) = files
    everything = read_sheet(read_utf8(file), COLUMNS, (*IDS, *NAMES))
    hold_columns(everything, account, ids=IDS, names=NAMES)
    is_total = pc.starts_with(everything.column("Day"), "Total: ")
    sheet = everything.without(is_total)
    table = _ad_rows(sheet, account, month)
    totals = everything.where(pc.equal(everything.column("Day"), TOTAL))
    controls = control_totals(
        totals, TOTAL, {column: table[name] for column, name in SUMMED.items()}, missing=NO_VALUE
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _ad_rows(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    activity_dates = days(sheet, "Day", "%Y-%m-%d")
    refuse_other_months(sheet, "Day", activity_dates, month)
    campaign_ids = texts(sheet, "Campaign ID")
    return fact_table(
        "fct_ad_daily",
        sheet,
        {
            "owner_key": ("Campaign ID", campaign_ids),
            "activity_date": ("Day", activity_dates),
            "campaign_id": ("Campaign ID", campaign_ids),
            "campaign_name": ("Campaign", texts(sheet, "Campaign")),
            "ad_group_id": ("Ad group ID", texts(sheet, "Ad group ID")),
            "ad_group_name": ("Ad group", texts(sheet, "Ad group")),
            "currency_code": ("Currency code", currencies(sheet, "Currency code", account.currency_code)),
            "impressions": ("Impr.", counts(sheet, "Impr.", missing=NO_VALUE)),
            "clicks": ("Clicks", counts(sheet, "Clicks", missing=NO_VALUE)),
            "spend": ("Cost", amounts(sheet, "Cost", missing=NO_VALUE)),
            "conversions": ("Conversions", amounts(sheet, "Conversions", missing=NO_VALUE)),
            "conversion_value": ("Conv. value", amounts(sheet, "Conv. value", missing=NO_VALUE)),
        },
    )
