"""LinkedIn Campaign Manager: campaign performance by day, UTF-16 with tabs.

Three lines about the report come before the header, one of totals ends it. Days are MM/DD/YYYY or DD/MM/YYYY
by the account's locale; the report's own start says which: it is the first of the month. LinkedIn has no ad
groups below campaigns, so the campaign's group takes the place of the campaign.
"""

from __future__ import annotations

import re
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
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "linkedin_ads"
READER_VERSION = 2
FACTS = ("fct_ad_daily",)
DAILY_FACTS = ("fct_ad_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "campaign performance report, CSV in UTF-16"
RELOAD_DAYS = 30
PRINTED_IN: str | None = "the column Account Name"
OWNER_KEYS = OwnerKeys.IDS

SUMMED = {
    "Total Spent": "spend",
    "Impressions": "impressions",
    "Clicks": "clicks",
    "Conversions": "conversions",
    "Total Conversion Value": "conversion_value",
}
DAY = "Start Date (in UTC)"
COLUMNS = (DAY, "Currency", "Campaign Group Name", "Campaign ID", "Campaign Name", *SUMMED)
NO_VALUE = frozenset({"", "-"})
TOTAL = "Total"
NAMES = ("Account Name",)
_REPORT_START = re.compile(rb"Report Start:\s*\"?(\d\d)/(\d\d)/(\d{4})")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The report as ad rows; raises `BadFileError`."""
    (file,) = files
    text = read_utf8(file)
    everything = read_sheet(text, COLUMNS, NAMES)
    hold_columns(everything, account, names=NAMES)
    is_total = pc.equal(everything.column(DAY), TOTAL)
    sheet = everything.without(is_total)
    table = _ad_rows(sheet, account, month, _day_format(file.name, text.content, month))
    controls = control_totals(
        everything.where(is_total),
        TOTAL,
        {column: table[name] for column, name in SUMMED.items()},
        missing=NO_VALUE,
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _day_format(name: str, text: bytes, month: Period) -> str:
    """The order of day and month in this report, from its own start (01/01 reads the same both ways)."""
    match = _REPORT_START.search(text)
    numbers = tuple(int(part) for part in match.groups()) if match else ()
    if numbers == (month.number, 1, month.year):
        return "%m/%d/%Y"
    if numbers == (1, month.number, month.year):
        return "%d/%m/%Y"
    raise BadFileError(
        name,
        row=1,
        expected=f"a line 'Report Start:' with the first day of {month}",
        found=match[0].decode() if match else "none",
        hint="export the report for exactly this month and rerun",
    )


def _ad_rows(sheet: Sheet, account: Account, month: Period, day_format: str) -> pa.Table:
    activity_dates = days(sheet, DAY, day_format)
    refuse_other_months(sheet, DAY, activity_dates, month)
    campaign_ids = texts(sheet, "Campaign ID")
    return fact_table(
        "fct_ad_daily",
        sheet,
        {
            "owner_key": ("Campaign ID", campaign_ids),
            "activity_date": (DAY, activity_dates),
            "campaign_id": ("Campaign ID", campaign_ids),
            "campaign_name": ("Campaign Group Name", texts(sheet, "Campaign Group Name")),
            "ad_group_id": ("Campaign ID", campaign_ids),
            "ad_group_name": ("Campaign Name", texts(sheet, "Campaign Name")),
            "currency_code": ("Currency", currencies(sheet, "Currency", account.currency_code)),
            "impressions": ("Impressions", counts(sheet, "Impressions", missing=NO_VALUE)),
            "clicks": ("Clicks", counts(sheet, "Clicks", missing=NO_VALUE)),
            "spend": ("Total Spent", amounts(sheet, "Total Spent", missing=NO_VALUE)),
            "conversions": ("Conversions", amounts(sheet, "Conversions", missing=NO_VALUE)),
            "conversion_value": (
                "Total Conversion Value",
                amounts(sheet, "Total Conversion Value", missing=NO_VALUE),
            ),
        },
    )
