"""From a workbook to rows of cells: the header row is searched by name, every row keeps its number.

A workbook keeps numbers as doubles; we read the number that it shows, never more than six digits after the
point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from etl.conformed import Control, FileTally
from etl.landing import LandedFile
from etl.reading.door import kind_of
from etl.reading.grid import Grid, read_grid
from etl.reading.package import BadWorkbookError, Room, read_workbook
from scoring.errors import BadFileError, BadRowError

_CURRENCY = re.compile(r"[A-Z]{3}")
ROOM = Room(unpacked=20_000_000)
_CUT_OFF = "the file may be cut off or edited; ask for it again and rerun"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet by column; `number` as the spreadsheet shows it."""

    file: str
    number: int
    cells: Mapping[str, Any]

    def refusal(
        self, column: str, expected: str, found: str | None = None, hint: str = "correct it and rerun"
    ) -> BadFileError:
        """The error that the cell of `column` is not what was expected."""
        cell = self.cells[column]
        if found is None:
            found = "an empty cell" if cell is None else repr(cell)
        return BadFileError(
            self.file, row=self.number, column=column, expected=expected, found=found, hint=hint
        )

    def unreadable(self, column: str, expected: str) -> BadRowError:
        """The error that the cell of `column` is unusable; the other rows may be fine."""
        cell = self.cells[column]
        found = "an empty cell" if cell is None else repr(cell)
        return BadRowError(self.file, rows=[(self.number, found)], column=column, expected=expected)

    def month(self, column: str) -> date:
        """The first day of a month; raises `BadFileError` for anything else."""
        cell = self.cells[column]
        if not isinstance(cell, datetime) or cell.day != 1:
            raise self.unreadable(column, "the first day of a month, as a date")
        return cell.date()

    def name(self, column: str) -> str:
        """Text that is not blank; raises `BadFileError` for anything else."""
        cell = self.cells[column]
        if not isinstance(cell, str) or not cell.strip():
            raise self.unreadable(column, "a name")
        return cell.strip()

    def currency(self, column: str, only: str | None) -> str:
        """An ISO 4217 code; if the account has one currency (`only`), no other is accepted."""
        cell = self.cells[column]
        if not isinstance(cell, str) or not _CURRENCY.fullmatch(cell) or cell != (only or cell):
            raise self.unreadable(
                column, f"the currency code {only}" if only else "a currency code such as EUR"
            )
        return cell

    def amount(self, column: str) -> Decimal | None:
        """A number as it is shown; None if the cell has none or has more than six digits."""
        number = _shown(self.cells[column])
        return number if number is not None and number == round(number, 6) else None


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a sheet that ends with a row of totals.

    `counted` are its non-blank rows below the header, the total included; `apart` are those that the reader
    had to skip.
    """

    file: str
    rows: tuple[Row, ...]
    total: Row | None
    apart: tuple[Row, ...]
    counted: int

    def tally(self, used: int) -> FileTally:
        """Where the rows went: `used` of them into the slice, other months and the total aside."""
        aside = len(self.rows) - used + (self.total is not None)
        return FileTally(self.file, self.counted, used, aside, len(self.apart))


def read_page(file: LandedFile, sheet: str, columns: Sequence[str], label: str) -> Page:
    """The rows below the header of `sheet` by the `columns` named; the last has `label` in the first of them.

    Raises `BadFileError` if the file is not a workbook, lacks the sheet or header, or has something below its
    total.
    """
    rows = _rows_below(file, sheet, columns)
    above, total = _split_total(rows, columns[0], label)
    return Page(
        file.name,
        tuple(row for row in above if row.number not in file.left_out),
        total,
        tuple(row for row in above if row.number in file.left_out),
        len(rows),
    )


def _rows_below(file: LandedFile, sheet: str, columns: Sequence[str]) -> list[Row]:
    lines = iter(_lines(file, sheet))
    positions = _positions(lines, columns)
    if positions is None:
        raise BadFileError(
            file.name, expected=f"a header row with {', '.join(columns)} on {sheet}", found="none"
        )
    return [
        Row(file.name, number, {column: _at(cells, place) for column, place in positions.items()})
        for number, cells in lines
    ]


def _at(cells: tuple[Any, ...], place: int) -> Any:
    """A row ends with its last cell that is not empty."""
    return cells[place] if place < len(cells) else None


def _positions(lines: Iterator[tuple[int, tuple[Any, ...]]], columns: Sequence[str]) -> dict[str, int] | None:
    """Where the columns stand in the header, which is the last of the lines then taken."""
    for _, cells in lines:
        if set(columns).issubset(cells):
            return {column: cells.index(column) for column in columns}
    return None


def _lines(file: LandedFile, sheet: str) -> tuple[tuple[int, tuple[Any, ...]], ...]:
    """The rows of `sheet` that are not blank, with their numbers."""
    content = file.read_bytes()
    try:
        grid = _grid(content, sheet)
    except BadWorkbookError as error:
        kind = kind_of(content)
        is_another = kind is not None and not content.startswith(b"PK")
        raise BadFileError(
            file.name, expected=error.expected, found=str(kind) if is_another else error.found
        ) from None
    if grid.rows is None:
        raise BadFileError(file.name, expected=f"a sheet called {sheet}", found=", ".join(grid.sheets))
    return grid.rows


@lru_cache(maxsize=1)
def _grid(content: bytes, sheet: str) -> Grid:
    """A sheet's rows; one for all months of an account is opened once, not for each month."""
    return read_workbook(content, ROOM, read_grid, sheet)


def _split_total(rows: Iterable[Row], column: str, label: str) -> tuple[list[Row], Row | None]:
    """The rows, and the last one if it has `label` in `column`.

    Raises `BadFileError` if there is anything below it.
    """
    above: list[Row] = []
    total: Row | None = None
    for row in rows:
        if total is not None:
            raise BadFileError(
                row.file, row=row.number, expected=f"nothing below {label}", found="another row"
            )
        if row.cells[column] == label:
            total = row
        else:
            above.append(row)
    return above, total


def hold_totals(
    page: Page, label: str, columns: Mapping[str, Iterable[Decimal | None]]
) -> tuple[Control, ...]:
    """Check the last row against the sum of the values above it in each of its `columns`.

    Readable cells of rows set apart count. Raises `BadFileError` if there is no such row (as in a file that
    was cut off), or a sum differs. An empty cell is a sum of 0. The spreadsheet's own sum of doubles may be
    off in the last digits, so it is rounded to the six digits of an amount.
    """
    total = page.total
    if total is None:
        raise BadFileError(page.file, expected=f"a last row {label}", found="none", hint=_CUT_OFF)
    return tuple(
        _control(total, column, [*values, *(row.amount(column) for row in page.apart)])
        for column, values in columns.items()
    )


def _control(total: Row, column: str, values: Iterable[Decimal | None]) -> Control:
    computed = sum((value for value in values if value is not None), Decimal(0))
    declared = _sum(total.cells[column])
    if declared is None or declared != computed:
        expected = f"the sum of the rows, {computed.normalize():f}"
        raise total.refusal(column, expected, repr(total.cells[column]), _CUT_OFF)
    return Control(column, declared, computed)


def _sum(cell: Any) -> Decimal | None:
    number = Decimal(0) if cell is None else _shown(cell)
    return None if number is None else round(number, 6)


def _shown(cell: Any) -> Decimal | None:
    """The shortest decimal of the double that the workbook keeps; None if the cell is not a number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    number = Decimal(repr(cell))
    return number if number.is_finite() else None


def refuse_doubles(rows: Iterable[Row], month: str, column: str) -> None:
    """Raise `BadFileError` if two rows have the same month and the same name in `column`."""
    seen: set[tuple[date, str]] = set()
    for row in rows:
        key = row.month(month), row.name(column)
        if key in seen:
            raise row.refusal(
                column,
                f"one row for each {month.lower()} and {column.lower()}",
                f"a second one for {key[0]}, {key[1]}",
            )
        seen.add(key)
