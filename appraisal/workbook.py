"""A filled-in form as cells: opened with care, because it comes from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from reports.forms import layout
from scoring.errors import ScorewrightError
from unpacking.package import BadWorkbookError, Room, read_workbook
from unpacking.written import Page, read_pages

MOST_BYTES = 5_000_000
ROOM = Room(unpacked=50_000_000, seconds=30)
"""What a form may weigh, packed and unpacked: a small file can unpack to more than a machine has."""

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 300, 200, 60


class BadFormError(ScorewrightError):
    """A refused form: nothing of it was entered. One sentence for each bad cell."""

    exit_code = 3

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        if len(self.sentences) == 1:
            super().__init__(self.sentences[0])
        else:
            listed = "\n  ".join(self.sentences)
            super().__init__(f"expected a form without faults, found {len(self.sentences)}:\n  {listed}")


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet's cells by row and column (from 0); `formulas` are the places of formulas without a value."""

    file: str
    name: str
    cells: tuple[tuple[Any, ...], ...]
    formulas: frozenset[tuple[int, int]]

    def at(self, row: int, column: int) -> Any:
        """The cell's value; None if it is empty."""
        value = self.cells[row][column] if row < len(self.cells) else None
        return None if isinstance(value, str) and not value.strip() else value

    def is_empty(self, row: int, column: int) -> bool:
        """Whether the cell has nothing, not even a formula."""
        return self.at(row, column) is None and (row, column) not in self.formulas

    def text(self, row: int, column: int) -> str:
        """A hidden cell's text; empty if it is blank or not a text."""
        value = self.at(row, column)
        return value if isinstance(value, str) else ""

    def fault(self, row: int, column: int, expected: str, found: str) -> str:
        """A sentence about a cell."""
        cell = f"{get_column_letter(column + 1)}{row + 1}"
        return (
            f"{self.file}, sheet {self.name!r}, cell {cell}: expected {expected}, found {found}; correct it."
        )


@dataclass(frozen=True, slots=True)
class Workbook:
    """A submitted form: file name and sheets."""

    file: str
    sheets: tuple[FilledSheet, ...]


def open_form(path: Path) -> Workbook:
    """Read a whole workbook; raises `BadFormError` if it is not one, or is too big for a form."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refusal(path.name, f"at most {MOST_BYTES:,} bytes", f"{path.stat().st_size:,}")
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(path.name, "a file that can be read", str(error.strerror)) from None
    try:
        pages = read_workbook(content, ROOM, read_pages, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS)
    except BadWorkbookError as error:
        raise _refusal(path.name, error.expected, error.found) from None
    sheets = tuple(_sheet(path.name, page) for page in pages)
    return Workbook(path.name, sheets)


def _sheet(name: str, page: Page) -> FilledSheet:
    blank = (None,) * MOST_COLUMNS
    cells = tuple((*(cell.value for cell in row), *blank[len(row) :]) for row in page.rows)
    return FilledSheet(name, page.title, cells, _unfilled(page))


def _unfilled(page: Page) -> frozenset[tuple[int, int]]:
    """The places of formulas without a value."""
    return frozenset(
        (at, column)
        for at, row in enumerate(page.rows)
        for column, cell in enumerate(row)
        if cell.is_formula and cell.value is None
    )


def _refusal(name: str, expected: str, found: str) -> BadFormError:
    return BadFormError(
        [f"{name}: expected {expected}, found {found}; ask for the form again and fill it in again."]
    )


def is_form(sheet: FilledSheet) -> bool:
    """Whether the sheet is one of our forms, in the layout that this program reads."""
    return [sheet.text(0, layout.HIDDEN + number) for number in (0, 1)] == [layout.MARK, layout.VERSION]
