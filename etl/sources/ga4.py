"""Google Analytics 4: the data export of sessions by day and channel.

Lines with `#` come before the header; after a blank line a second table repeats the sessions by channel, and
every channel's rows must add up to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed, Control
from etl.landing import LandedFile
from etl.reading.cells import BLANK, amounts, counts, days, first_true, repeated, texts
from etl.reading.control import hold, sum_apart, sums_by
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, find_header, read_rows, read_sheet
from etl.reading.signs import hold_printed
from etl.reading.text import Text, lines_of, read_utf8
from etl.sources.exports import find_exports
from scoring.errors import BadFileError, BadRowError, BookError
from scoring.period import Period

NAME = "ga4"
READER_VERSION = 2
FACTS = ("fct_web_daily",)
DAILY_FACTS = ("fct_web_daily",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "traffic acquisition by day and channel, CSV"
RELOAD_DAYS = 12
PRINTED_IN: str | None = "the line # Property"
OWNER_KEYS = OwnerKeys.SHARED

CHANNEL = "Session default channel group"
_CUT_OFF = "the file may be cut off; export the report again and rerun"
_PROPERTY = re.compile(rb"^# Property:(.*)$", re.MULTILINE)
COLUMNS = ("Date", CHANNEL, "Sessions", "Engaged sessions", "Conversions", "Total revenue")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as web rows; raises `BadFileError`."""
    (file,) = files
    read_as = read_utf8(file)
    text = replace(read_as, content=read_as.content.replace(b"\r\n", b"\n"))
    hold_printed(file.name, account, _property(text), "# Property")
    header = find_header(text, COLUMNS)
    end = text.content.find(b"\n\n", header.begin)
    if end < 0:
        raise BadFileError(
            file.name,
            expected="a second table with the sessions by channel",
            found="none",
            hint=_CUT_OFF,
        )
    sheet = read_rows(header, replace(text, content=text.content[:end]), COLUMNS)
    table = _web_rows(sheet, account, month)
    declared = _second_table(text, end)
    controls = _controls(declared, sheet, table)
    everything = replace(sheet, counted=lines_of(text.content[header.begin :]).filled)
    # the second table and its header
    counted = tally(everything, used=table.num_rows, set_aside=len(declared) + 1)
    return Conformed({FACTS[0]: table}, (counted,), controls)


def _property(text: Text) -> str | None:
    """The property that the lines above the table name."""
    match = _PROPERTY.search(text.content)
    return None if match is None else match[1].decode().strip()


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


def _second_table(text: Text, end: int) -> Sheet:
    """The sessions by channel; rows keep the numbers they have in the file."""
    below = replace(text, content=text.content[end + 2 :], left_out=frozenset())
    try:
        sheet = read_sheet(below, (CHANNEL, "Sessions"))
    except BadRowError as error:
        raise BadFileError(error.file, expected=error.expected, found=error.found, hint=_CUT_OFF) from None
    rows_before = text.content.count(b"\n", 0, end) + 2
    return replace(sheet, rows=pc.add(sheet.rows, rows_before))


def _controls(declared: Sheet, sheet: Sheet, table: pa.Table) -> tuple[Control, ...]:
    """The rows of each channel against its line below, and each channel has one."""
    channels = declared.column(CHANNEL)
    stranger = first_true(pc.invert(pc.is_in(table["channel"].combine_chunks(), value_set=channels)))
    if stranger is not None:
        channel = table["channel"][stranger].as_py()
        raise BadFileError(
            sheet.file, expected=f"the sessions of {channel} in the second table", found="none", hint=_CUT_OFF
        )
    controls, sessions = [], sums_by(table["channel"], table["sessions"])
    for channel, total, row in zip(
        channels.to_pylist(), _totals(declared), declared.rows.to_pylist(), strict=True
    ):
        apart = sum_apart(sheet, "Sessions", missing=BLANK, only=(CHANNEL, channel))
        name = f"Sessions of {channel}"
        values = sessions.get(channel, pa.array([], pa.int64()))
        controls.append(hold(sheet.file, name, total, values, row=row, column="Sessions", apart=apart))
    return tuple(controls)


def _totals(declared: Sheet) -> list[Decimal]:
    try:
        texts(declared, CHANNEL)
        return list(amounts(declared, "Sessions").to_pylist())
    except BadRowError as error:
        raise declared.refusal(0, "Sessions", error.expected, error.found) from None
