"""Market size: a workbook of the market institute, a row per month and segment, all months in one file.

Title and notes are above the header on the sheet `Market`; its last row is the total of all months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.fact import table_of
from etl.reading.lines import with_lines
from etl.reading.workbook import Row, hold_totals, read_page, refuse_doubles
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "market_size"
READER_VERSION = 2
FACTS = ("fct_market_size",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "market panel, XLSX"
RELOAD_DAYS = 0
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.NAMES

SHEET = "Market"
COLUMNS = ("Month", "Segment", "Market size", "Currency")
TOTAL = "Total"

extract = find_exports


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment in one month, as row `number` of the sheet says."""

    number: int
    month_date: date
    segment: str
    market_size: Decimal
    currency_code: str


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The month's segments; other months are set aside. Raises `BadFileError`."""
    (file,) = files
    page = read_page(file, SHEET, COLUMNS, TOTAL)
    segments = [_segment(row, account.currency_code) for row in page.rows]
    sizes = {"Market size": [segment.market_size for segment in segments]}
    controls = hold_totals(page, TOTAL, sizes)
    refuse_doubles(page.rows, "Month", "Segment")
    used = [segment for segment in segments if segment.month_date in month]
    return Conformed({FACTS[0]: _table(used, file.name)}, (page.tally(len(used)),), controls)


def _segment(row: Row, only: str | None) -> _Segment:
    month, segment = row.month("Month"), row.name("Segment")
    currency, size = row.currency("Currency", only), row.amount("Market size")
    if size is None or size <= 0:
        raise row.unreadable("Market size", "a number above 0")
    return _Segment(row.number, month, segment, size, currency)


def _table(segments: Sequence[_Segment], file: str) -> pa.Table:
    rows = [{"owner_key": segment.segment, **asdict(segment)} for segment in segments]
    return with_lines(table_of(FACTS[0], rows), file, [segment.number for segment in segments], SHEET)
