"""Social listening: the tool's share of voice report, a row per day and topic.

Lines about the report are above the header; the last row (Total) adds up all days and topics. A day that the
tool could not read has a dash instead of a figure, which is not 0.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import counts, days, first_true, texts
from etl.reading.control import control_totals
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.signs import hold_printed
from etl.reading.text import Text, read_utf8
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "social_listening"
READER_VERSION = 2
FACTS = ("fct_mention_daily",)
DAILY_FACTS = ("fct_mention_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "share of voice report, CSV"
RELOAD_DAYS = 7
PRINTED_IN: str | None = "the line Project"
OWNER_KEYS = OwnerKeys.NAMES

OWN, MARKET = "Own brand mentions", "All brands mentions"
COLUMNS = ("Date", "Topic", OWN, MARKET)
TOTAL = "Total"
NOT_READ = frozenset({"-"})
# a name of more than a thousand bytes is none
_PROJECT = re.compile(rb"^Project[,;\t](.{,1000}?)\r?$", re.MULTILINE)

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The report as mentions by day and topic; raises `BadFileError`."""
    (file,) = files
    text = read_utf8(file)
    hold_printed(file.name, account, _project(text), "Project")
    everything = read_sheet(text, COLUMNS)
    is_total = pc.equal(everything.column("Date"), TOTAL)
    sheet = everything.without(is_total)
    table = _mentions(sheet, month)
    controls = control_totals(
        everything.where(is_total),
        TOTAL,
        {OWN: table["own_mentions"], MARKET: table["market_mentions"]},
        missing=NOT_READ,
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _project(text: Text) -> str | None:
    """The project in the lines about the report, without quotes; None if no line names one."""
    match = _PROJECT.search(text.content)
    return None if match is None else next(csv.reader([match[1].decode()]), [""])[0].strip()


def _mentions(sheet: Sheet, month: Period) -> pa.Table:
    activity_dates = days(sheet, "Date", "%Y-%m-%d")
    refuse_other_months(sheet, "Date", activity_dates, month)
    own, market = counts(sheet, OWN, missing=NOT_READ), counts(sheet, MARKET, missing=NOT_READ)
    _refuse_parts(sheet, own, market)
    return fact_table(
        "fct_mention_daily",
        sheet,
        {
            "owner_key": ("Topic", texts(sheet, "Topic")),
            "activity_date": ("Date", activity_dates),
            "topic": ("Topic", texts(sheet, "Topic")),
            "own_mentions": (OWN, own),
            "market_mentions": (MARKET, market),
        },
    )


def _refuse_parts(sheet: Sheet, own: pa.Array, market: pa.Array) -> None:
    """All brands include our own, and a share needs both figures of a day or neither."""
    halves = first_true(pc.xor(own.is_null(), market.is_null()))
    if halves is not None:
        empty = OWN if own[halves].as_py() is None else MARKET
        raise sheet.refusal(halves, empty, "both figures of the day, or a dash for both")
    more = first_true(pc.greater(own, market))
    if more is not None:
        raise sheet.refusal(more, OWN, f"no more than {market[more].as_py()}, the mentions of all brands")
