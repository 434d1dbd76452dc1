"""The sheets of a workbook as tables of text: every cell as it would stand in a CSV file, without a style.

A workbook keeps numbers as doubles; fifteen digits of one are what a spreadsheet shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import filterfalse
from operator import attrgetter
from typing import Any

import pyarrow as pa
import python_calamine

from etl.reading.records import SEARCHED_ROWS, Body, Record, spelled
from processes.guarded import guarded
from unpacking.package import BadWorkbookError, Room, read_workbook, refusing
from unpacking.valueless import Valueless, valueless_cells

OLD_MARK = b"\xd0\xcf\x11\xe0"
ROOM = Room(unpacked=60_000_000, seconds=10, is_apart=True)
MOST_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its rows as texts, and which of their cells are numbers or days of the workbook.

    `valueless` are the cells that have an error or a formula never worked out in place of a value.
    """

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[bool, ...], ...]
    valueless: Valueless = field(default_factory=dict)


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
        return tuple(map(self._record, range(min(len(self.grid.rows), SEARCHED_ROWS))))

    def body(self, header: Record, positions: Sequence[int]) -> Body:
        """The rows below `header`, only the columns at `positions`."""
        begin, end, count = header.row, self._end(header.row), len(self.grid.rows)
        rows, plain = self.grid.rows[begin:end], self.grid.plain[begin:end]
        below = tuple(filterfalse(attrgetter("is_blank"), map(self._record, range(end, count))))
        return Body(
            {place: _column(rows, place, "") for place in positions},
            pa.array(range(begin + 1, end + 1), pa.int64()),
            below=below,
            plain={place: _column(plain, place, False) for place in positions},
            valueless={(row + 1, place): text for (row, place), text in self.grid.valueless.items()},
        )

    def _end(self, begin: int) -> int:
        """Where the rows end: at the first blank one."""
        count = len(self.grid.rows)
        return next((at for at in range(begin, count) if self._record(at).is_blank), count)

    def _record(self, at: int) -> Record:
        return Record(tuple(map(str.strip, self.grid.rows[at])), at + 1, at + 1)


def _column(rows: Sequence[tuple[Any, ...]], place: int, empty: Any) -> pa.Array:
    kind = pa.string() if isinstance(empty, str) else pa.bool_()
    return pa.array([row[place] if place < len(row) else empty for row in rows], kind)


def sheets_of(file: str, content: bytes) -> tuple[SheetTable, ...]:
    """Every sheet of a workbook that has rows; raises `BadFileError` where it cannot be read."""
    with refusing(file, "a workbook that can be read", "a damaged one ({})"):
        return tuple(SheetTable(file, grid) for grid in _grids(content))


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
    valueless = valueless_cells(content)
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells", "more")
        rows = sheet.to_python(skip_empty_area=False)
        if rows:
            grids.append(_grid(name, rows, valueless.get(name, {})))
    return tuple(grids)


def _grid(name: str, rows: list[list[Any]], valueless: Valueless) -> Grid:
    texts = tuple(tuple(map(_text, row)) for row in rows)
    plain = tuple(tuple(not isinstance(cell, str) for cell in row) for row in rows)
    return Grid(name, texts, plain, valueless)


def _text(cell: Any) -> str:
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else spelled(cell)
