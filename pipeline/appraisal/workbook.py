"""A filled-in form as cells: opened with care, because it comes from outside."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from reports.forms import layout
from scoring.errors import ScorewrightError

MOST_BYTES, MOST_MEMBERS, MOST_UNPACKED = 5_000_000, 1_000, 50_000_000
"""Size limits of a form, packed and unpacked: a small file can unpack to more than the machine's memory."""

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 300, 200, 60

_UNREADABLE = (
    zipfile.BadZipFile,
    InvalidFileException,
    zlib.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


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
class Sheet:
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
    sheets: tuple[Sheet, ...]


def open_form(path: Path) -> Workbook:
    """Read a whole workbook; raises `BadFormError` if it is not one, or is too big for a form."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refusal(path.name, f"at most {MOST_BYTES:,} bytes", f"{path.stat().st_size:,}")
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(path.name, "a file that can be read", str(error.strerror)) from None
    try:
        _refuse_bomb(path.name, content)
        sheets = _sheets(path.name, content)
    except _UNREADABLE as error:
        raise _refusal(path.name, "an Excel workbook (.xlsx)", f"something else ({error})") from None
    return Workbook(path.name, sheets)


def _refuse_bomb(name: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = packed.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        found = f"{len(members):,} with {unpacked:,} bytes"
        raise _refusal(name, f"at most {MOST_MEMBERS:,} parts and {MOST_UNPACKED:,} bytes unpacked", found)


def _sheets(name: str, content: bytes) -> tuple[Sheet, ...]:
    values, formulas = (
        openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=is_values)
        for is_values in (True, False)
    )
    if len(values.sheetnames) > MOST_SHEETS:
        raise _refusal(name, f"at most {MOST_SHEETS} sheets", str(len(values.sheetnames)))
    # charts are sheets, too, but have no cells
    titles = [sheet.title for sheet in values.worksheets]
    return tuple(_sheet(name, title, values[title], formulas[title]) for title in titles)


def _sheet(name: str, title: str, values: Any, formulas: Any) -> Sheet:
    cells = tuple(values.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
    padded = tuple((*row, *(None,) * (MOST_COLUMNS - len(row))) for row in cells)
    unfilled = frozenset(
        (cell.row - 1, cell.column - 1)
        for row in formulas.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        for cell in row
        if cell.data_type == "f" and padded[cell.row - 1][cell.column - 1] is None
    )
    return Sheet(name, title, padded, unfilled)


def _refusal(name: str, expected: str, found: str) -> BadFormError:
    return BadFormError(
        [f"{name}: expected {expected}, found {found}; ask for the form again and fill it in again."]
    )


def is_form(sheet: Sheet) -> bool:
    """Whether the sheet is one of our forms, in the layout that this program reads."""
    return [sheet.text(0, layout.HIDDEN + number) for number in (0, 1)] == [layout.MARK, layout.VERSION]
