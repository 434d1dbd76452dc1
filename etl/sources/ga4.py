"""Google Analytics 4: the data export of sessions by day and channel.

Lines with `#` stand before the header; after a blank line a second table repeats the sessions by
channel, and every channel's rows must add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.landing import LandedFile
from etl.reading.cells import BLANK, amounts, counts, days, repeated, texts
from etl.reading.control import hold
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Header, Sheet, find_header, read_rows
from etl.reading.text import read_utf8
from etl.sources.base import Account, Conformed, Control
from etl.sources.exports import find_exports
from scoring.errors import BadFileError, BookError
from scoring.period import Period

NAME = "ga4"
READER_VERSION = 1
FACTS = ("fct_web_daily",)
DAILY_FACTS = ("fct_web_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "export"
RELOAD_DAYS = 12

CHANNEL = "Session default channel group"
COLUMNS = ("Date", CHANNEL, "Sessions", "Engaged sessions", "Conversions", "Total revenue")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as web rows; raises `BadFileError`."""
    (file,) = files
    text = read_utf8(file).replace(b"\r\n", b"\n")
    header = find_header(file.name, text, COLUMNS)
    end = text.find(b"\n\n", header.begin)
    if end < 0:
        raise BadFileError(
            file.name,
            expected="a second table with the sessions by channel",
            found="none",
            hint="the file may be cut off; export the report again and rerun",
        )
    sheet = read_rows(header, text[:end], COLUMNS)
    table = _web_rows(sheet, account, month)
    controls = tuple(_controls(header, text, end, table))
    return Conformed({FACTS[0]: table}, (tally(sheet, len(sheet)),), controls)


def _web_rows(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    if account.currency_code is None:
        raise BookError(
            f"sources.yaml: expected a currency_code for ga4/{account.entity}, whose export has none; add it."
        )
    activity_dates = days(sheet, "Date", "%Y%m%d")
    refuse_other_months(sheet, "Date", activity_dates, month)
    channels = texts(sheet, CHANNEL)
    return fact_table(
        "fct_web_daily",
        sheet,
        {
            "owner_key": (CHANNEL, channels),
            "activity_date": ("Date", activity_dates),
            "channel": (CHANNEL, channels),
            "currency_code": ("Total revenue", repeated(account.currency_code, sheet, pa.string())),
            "sessions": ("Sessions", counts(sheet, "Sessions", missing=BLANK)),
            "engaged_sessions": ("Engaged sessions", counts(sheet, "Engaged sessions", missing=BLANK)),
            "conversions": ("Conversions", amounts(sheet, "Conversions", missing=BLANK)),
            "revenue": ("Total revenue", amounts(sheet, "Total revenue", missing=BLANK)),
        },
    )


def _controls(header: Header, text: bytes, end: int, table: pa.Table) -> list[Control]:
    rows_before = text.count(b"\n", 0, end) + 2
    second = find_header(header.file, text[end + 2 :], (CHANNEL, "Sessions"))
    sheet = read_rows(second, text[end + 2 :], (CHANNEL, "Sessions"))
    controls = []
    for channel, declared, row in zip(
        texts(sheet, CHANNEL).to_pylist(),
        amounts(sheet, "Sessions").to_pylist(),
        sheet.rows.to_pylist(),
        strict=True,
    ):
        sessions = table.filter(pc.equal(table["channel"], channel))["sessions"]
        name = f"Sessions of {channel}"
        controls.append(hold(header.file, name, declared, sessions, row=rows_before + row, column="Sessions"))
    return controls
