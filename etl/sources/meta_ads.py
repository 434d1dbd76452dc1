"""Meta Ads Manager: the ad set report by day.

The currency is in the name of the spend column; the first row, without names, is the total. A result is
whatever the ad set optimises for; it is taken as the ad set's conversions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import BLANK, amounts, counts, days, repeated, texts
from etl.reading.control import control_totals
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Header, Sheet, find_header, read_rows
from etl.reading.signs import hold_columns
from etl.reading.text import read_utf8
from etl.sources.exports import find_exports
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "meta_ads"
READER_VERSION = 2
FACTS = ("fct_ad_daily",)
DAILY_FACTS = ("fct_ad_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "ad set report by day, CSV"
RELOAD_DAYS = 28
PRINTED_IN: str | None = "the column Account name"
OWNER_KEYS = OwnerKeys.IDS

SUMMED = {
    "Results": "conversions",
    "Impressions": "impressions",
    "Link clicks": "clicks",
    "Purchases conversion value": "conversion_value",
}
NAMES = ("Campaign name", "Campaign ID", "Ad set name", "Ad set ID")
COLUMNS = ("Reporting starts", "Reporting ends", *NAMES, *SUMMED)
IDS, ACCOUNT_NAMES = ("Account ID",), ("Account name",)
_SPENT = re.compile(r"Amount spent \(([A-Z]{3})\)")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The report as ad rows; raises `BadFileError`."""
    (file,) = files
    text = read_utf8(file)
    header = find_header(text, COLUMNS)
    spent, currency_code = _spent_column(header, account)
    everything = read_rows(
        header, text, (*COLUMNS, spent, *(name for name in (*IDS, *ACCOUNT_NAMES) if name in header.cells))
    )
    hold_columns(everything, account, ids=IDS, names=ACCOUNT_NAMES)
    is_total = pc.equal(everything.column("Campaign ID"), "")
    sheet = everything.without(is_total)
    table = _ad_rows(sheet, month, spent, currency_code)
    summed = {**SUMMED, spent: "spend"}
    controls = control_totals(
        everything.where(is_total),
        "without a campaign",
        {column: table[name] for column, name in summed.items()},
        missing=BLANK,
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _spent_column(header: Header, account: Account) -> tuple[str, str]:
    for cell in header.cells:
        match = _SPENT.fullmatch(cell)
        if match and match[1] == (account.currency_code or match[1]):
            return cell, match[1]
    raise _not_spent(header, account)


def _not_spent(header: Header, account: Account) -> BadFileError:
    return BadFileError(
        header.file,
        row=header.row,
        column=f"Amount spent ({account.currency_code or 'EUR'})",
        expected="this column, with the account's currency in its name",
        found=", ".join(cell for cell in header.cells if cell.startswith("Amount spent")) or "none",
    )


def _ad_rows(sheet: Sheet, month: Period, spent: str, currency_code: str) -> pa.Table:
    activity_dates = days(sheet, "Reporting starts", "%Y-%m-%d")
    refuse_other_months(sheet, "Reporting starts", activity_dates, month)
    _refuse_spans(sheet)
    campaign_ids = texts(sheet, "Campaign ID")
    return fact_table(
        "fct_ad_daily",
        sheet,
        {
            "owner_key": ("Campaign ID", campaign_ids),
            "activity_date": ("Reporting starts", activity_dates),
            "campaign_id": ("Campaign ID", campaign_ids),
            "campaign_name": ("Campaign name", texts(sheet, "Campaign name")),
            "ad_group_id": ("Ad set ID", texts(sheet, "Ad set ID")),
            "ad_group_name": ("Ad set name", texts(sheet, "Ad set name")),
            "currency_code": (spent, repeated(currency_code, sheet, pa.string())),
            "impressions": ("Impressions", counts(sheet, "Impressions", missing=BLANK)),
            "clicks": ("Link clicks", counts(sheet, "Link clicks", missing=BLANK)),
            "spend": (spent, amounts(sheet, spent, missing=BLANK)),
            "conversions": ("Results", amounts(sheet, "Results", missing=BLANK)),
            "conversion_value": (
                "Purchases conversion value",
                amounts(sheet, "Purchases conversion value", missing=BLANK),
            ),
        },
    )


def _refuse_spans(sheet: Sheet) -> None:
    """A report not broken down by day would put the whole month on its first day."""
    differs = pc.not_equal(sheet.column("Reporting starts"), sheet.column("Reporting ends"))
    index = pc.index(differs, True).as_py()
    if index >= 0:
        raise sheet.refusal(index, "Reporting ends", "the same day as Reporting starts (a report by day)")
