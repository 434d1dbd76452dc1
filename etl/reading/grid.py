"""The cells of one sheet of a workbook, as values."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import openpyxl

from etl.reading.package import BadWorkbookError

MOST_ROWS = 200_000
MOST_CELLS = 100_000


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet that are not blank, with their numbers; None where there is no such sheet.

    `sheets` are the names of all sheets.
    """

    sheets: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...] | None


def read_grid(content: bytes, sheet: str) -> Grid:
    """The values of `sheet`; raises `BadWorkbookError` where it has more than can be read."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if sheet not in [page.title for page in book.worksheets]:
        return Grid(tuple(book.sheetnames), None)
    page: Any = book[sheet]
    # what a sheet says of its own size need not be so, and its rows would be filled up to it
    page.reset_dimensions()
    rows, cells = [], 0
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        cells += len(row)
        if number > MOST_ROWS:
            raise BadWorkbookError(f"at most {MOST_ROWS:,} rows on {sheet}", "more")
        if cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells on {sheet}", "more")
        if any(cell is not None for cell in row):
            rows.append((number, row))
    return Grid(tuple(book.sheetnames), tuple(rows))
