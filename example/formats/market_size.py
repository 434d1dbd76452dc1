"""The market panel's workbook: all months in one sheet, with a title, a note and a total."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

from example.truth.rows import MarketRow

PATH = "market_size/market_size.xlsx"
HEADER = ("Month", "Segment", "Market size", "Currency")
_NOTES = (
    "Sell-out at end-customer prices, panel households and dealers, extrapolated.",
    "E-commerce includes marketplaces. 线下渠道 counts independent dealers only.",
    "The total adds up all currencies; do not use it.",
)


def workbook(rows: Sequence[MarketRow]) -> bytes:
    """The workbook; its dates of making are fixed, so the same rows give the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "mmm yyyy"}) as book:
        book.set_properties({"title": "Bicycle lighting panel", "created": datetime(2026, 11, 2, tzinfo=UTC)})
        sheet = book.add_worksheet("Market")
        sheet.write_string(0, 0, "Bicycle lighting panel")
        sheet.write_string(1, 0, "Market size by segment and month, local currency. See Notes.")
        sheet.write_row(3, 0, HEADER)
        for line, row in enumerate(rows, start=4):
            sheet.write_datetime(
                line, 0, datetime(row.date.year, row.date.month, 1, tzinfo=UTC).replace(tzinfo=None)
            )
            sheet.write_string(line, 1, row.owner_key)
            sheet.write_number(line, 2, int(row.size))
            sheet.write_string(line, 3, row.currency)
        last = 4 + len(rows)
        sheet.write_string(last, 0, "Total")
        sheet.write_number(last, 2, sum(int(row.size) for row in rows))
        notes = book.add_worksheet("Notes")
        notes.write_column(0, 0, _NOTES)
    return out.getvalue()
