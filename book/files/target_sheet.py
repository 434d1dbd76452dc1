"""targets/<name>.xlsx: the first sheet of a workbook, its cells as the texts that a CSV would have.

A workbook comes from outside: it is opened with the same care as an export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from book.fault import Fault
from book.files.target_cells import Cell
from disk import ordinary_bytes
from scoring.canonical import plain_number
from unpacking.package import WORKBOOK, BadWorkbookError, Room, read_workbook
from unpacking.written import Page, WrittenCell, read_first_page

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
# the digits that a spreadsheet itself keeps; the rest is noise of the binary double
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class TargetSheet:
    """The header of a sheet, and its other non-blank rows with their line numbers."""

    header: list[str]
    rows: list[tuple[int, list[Cell]]]


def read_sheet(root: Path, name: str) -> TargetSheet | Fault:
    """The first sheet of `root/name`, or the fault that makes it unreadable."""
    try:
        content = ordinary_bytes(root / name)
    except OSError as error:
        return Fault(name, 0, f"expected a file that can be read, found {error.strerror!r}; fix that")
    return _read_content(name, content)


def _read_content(name: str, content: bytes) -> TargetSheet | Fault:
    try:
        page = read_workbook(content, Room(MOST_BYTES, seconds=30), read_first_page, MOST_ROWS)
    except BadWorkbookError as error:
        help_ = "save it again as one" if error.expected == WORKBOOK else "keep only the targets in it"
        return Fault(name, 0, f"expected {error.expected}, found {error.found}; {help_}")
    if page.is_cut:
        return Fault(name, 0, f"expected at most {MOST_ROWS:,} rows, found more; remove the empty ones")
    return _sheet(page)


def _sheet(page: Page) -> TargetSheet:
    header: list[str] = []
    rows = []
    for number, written in enumerate(page.rows, start=1):
        cells = _cells(written, f"{_quoted(page.title)}!", number, header)
        if number == 1:
            header = [cell.text for cell in _trimmed(cells, 0)]
        elif _trimmed(cells, 0):
            rows.append((number, _trimmed(cells, len(header))))
    return TargetSheet(header, rows)


def _cells(row: Sequence[WrittenCell], sheet: str, number: int, header: Sequence[str]) -> list[Cell]:
    """A row as texts, as wide as the header at least."""
    return [
        _cell(written, f"{sheet}{get_column_letter(index)}{number} ", column or "")
        for index, (written, column) in enumerate(zip_longest(row, header), start=1)
    ]


def _trimmed(cells: list[Cell], width: int) -> list[Cell]:
    """The row without trailing blank cells beyond `width`."""
    end = len(cells)
    while end > width and not (cells[end - 1].text or cells[end - 1].problem):
        end -= 1
    return cells[:end]


def _cell(shown: WrittenCell | None, place: str, column: str) -> Cell:
    if shown is None:
        return Cell("", place)
    problem = _problem(shown)
    return Cell("", place, problem) if problem else Cell(_text(shown, column), place)


def _problem(shown: WrittenCell) -> str:
    """What stands there in place of a value that can be read; the empty text where nothing does."""
    value = _value(shown)
    if value is None and shown.written is not None:
        return f"the formula {_short(shown.written)} without its result"
    if shown.data_type == "e":
        return f"the error {value}"
    return _of_another_kind(value)


def _of_another_kind(value: Any) -> str:
    match value:
        case bool():
            return f"the truth value {str(value).upper()}"
        case datetime() | time() | timedelta():
            return f"the time {value}"
    return ""


def _text(shown: WrittenCell, column: str) -> str:
    value = _value(shown)
    if isinstance(value, int | float):
        return _number(value, _scale(shown, column))
    return "" if value is None else str(value).strip()


def _scale(shown: WrittenCell, column: str) -> int:
    """A weight is in percent points: a cell that shows 20 % holds 0.2."""
    return 100 if column == "weight" and "%" in shown.number_format else 1


def _value(shown: WrittenCell) -> Any:
    """The cell's value; midnight is a day, which is how a spreadsheet keeps one."""
    value = shown.value
    return value.date() if isinstance(value, datetime) and value.time() == time.min else value


def _number(value: float, scale: int) -> str:
    exact = Decimal(format(value, f".{_DIGITS}g")) * scale
    return plain_number(exact)


def _short(formula: Any) -> str:
    text = str(formula)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _quoted(title: str) -> str:
    """The sheet's name as a spreadsheet writes it in front of a cell."""
    return title if title.isalnum() else f"'{title}'"
