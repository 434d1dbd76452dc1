"""The sheets of a workbook as tables of text: every cell as it would stand in a CSV file, without a style.

A workbook keeps numbers as doubles; fifteen digits of one are what a spreadsheet shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa
import python_calamine

from etl.reading.guarded import BrokenError, BudgetError, guarded
from etl.reading.package import BadWorkbookError, Room, read_workbook
from etl.reading.records import Body, Record
from scoring.errors import BadFileError

OLD_MARK = b"\xd0\xcf\x11\xe0"
ROOM = Room(unpacked=60_000_000, seconds=10, is_apart=True)
MOST_CELLS = 1_000_000
_SEARCHED_ROWS = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its rows as texts, and which of their cells are numbers or days of the workbook."""

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet of a workbook."""

    file: str
    grid: Grid

    @property
    def said(self) -> str:
        """Which sheet it is."""
        return f"sheet {self.grid.sheet}"

    def head(self) -> tuple[Record, ...]:
        """The first rows."""
        return tuple(
            Record(tuple(cell.strip() for cell in cells), row, row)
            for row, cells in enumerate(self.grid.rows[:_SEARCHED_ROWS], start=1)
        )

    def body(self, header: Record, positions: Sequence[int]) -> Body:
        """The rows below `header`, only the columns at `positions`."""
        begin, rows = header.row, self.grid.rows
        end = next((at for at in range(begin, len(rows)) if not any(map(str.strip, rows[at]))), len(rows))
        below = tuple(
            Record(tuple(cell.strip() for cell in rows[at]), at + 1, at + 1)
            for at in range(end, len(rows))
            if any(map(str.strip, rows[at]))
        )
        columns = {place: _column(rows[begin:end], place, "") for place in positions}
        plain = {place: _column(self.grid.plain[begin:end], place, False) for place in positions}
        numbers = pa.array(range(begin + 1, end + 1), pa.int64())
        return Body(columns, numbers, below=below, plain=plain)


def _column(rows: Sequence[tuple[Any, ...]], place: int, empty: Any) -> pa.Array:
    kind = pa.string() if isinstance(empty, str) else pa.bool_()
    return pa.array([row[place] if place < len(row) else empty for row in rows], kind)


def sheets_of(file: str, content: bytes) -> tuple[SheetTable, ...]:
    """Every sheet of a workbook that has rows; raises `BadFileError` where it cannot be read."""
    try:
        grids = _grids(content)
    except BadWorkbookError as error:
        raise BadFileError(file, expected=error.expected, found=error.found) from None
    except BudgetError as error:
        raise BadFileError(file, expected="a workbook that can be read", found=error.found) from None
    except BrokenError as error:
        found = f"a damaged one ({error.found})"
        raise BadFileError(file, expected="a workbook that can be read", found=found) from None
    return tuple(SheetTable(file, grid) for grid in grids)


@lru_cache(maxsize=1)
def _grids(content: bytes) -> tuple[Grid, ...]:
    """The sheets; a workbook of all months of an account is opened once, not for each month."""
    if content.startswith(OLD_MARK):
        return guarded(read_grids, content, seconds=ROOM.seconds)
    return read_workbook(content, ROOM, read_grids)


def read_grids(content: bytes) -> tuple[Grid, ...]:
    """The sheets of a workbook; raises `BadWorkbookError` where they have more cells than can be read."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids, cells = [], 0
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells", "more")
        rows = sheet.to_python(skip_empty_area=False)
        if rows:
            grids.append(_grid(name, rows))
    return tuple(grids)


def _grid(name: str, rows: list[list[Any]]) -> Grid:
    texts = tuple(tuple(_text(cell) for cell in row) for row in rows)
    plain = tuple(tuple(not isinstance(cell, str) for cell in row) for row in rows)
    return Grid(name, texts, plain)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return format(cell, ".15g").upper()
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell)
