"""targets/<name>.xlsx: the first sheet of a workbook, its cells as the texts that a CSV would have.

A workbook comes from outside and is a packed archive, so its unpacked size is checked before reading.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from book.fault import Fault
from book.files.target_cells import Cell
from scoring.canonical import plain_number

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
# the digits that a spreadsheet itself keeps; the rest is noise of the binary double
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header of a sheet, and its other non-blank rows with their line numbers."""

    header: list[str]
    rows: list[tuple[int, list[Cell]]]


def read_sheet(root: Path, name: str) -> Sheet | Fault:
    """The first sheet of `root/name`, or the fault that makes it unreadable."""
    try:
        content = (root / name).read_bytes()
    except OSError as error:
        return Fault(name, 0, f"expected a file that can be read, found {error.strerror!r}; fix that")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        return _too_large(name, size) if size > MOST_BYTES else _sheet(name, content)
    except zipfile.BadZipFile:
        return _no_workbook(name, "something else")
    # zipfile and openpyxl pass on whatever their parsers raise if the archive holds something else
    except Exception as error:
        return _no_workbook(name, f"one that cannot be read ({type(error).__name__})")


def _too_large(name: str, size: int) -> Fault:
    return Fault(
        name,
        0,
        f"expected at most {MOST_BYTES:,} bytes unpacked, found {size:,}; keep only the targets in it",
    )


def _no_workbook(name: str, found: str) -> Fault:
    return Fault(name, 0, f"expected an Excel workbook (.xlsx), found {found}; save it again as one")


def _sheet(name: str, content: bytes) -> Sheet | Fault:
    values, formulas = (_first_sheet(content, data_only=data_only) for data_only in (True, False))
    header: list[str] = []
    rows = []
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (shown, written) in enumerate(pairs, start=1):
        if number > MOST_ROWS:
            return Fault(name, 0, f"expected at most {MOST_ROWS:,} rows, found more; remove the empty ones")
        cells = _cells(shown, written, f"{_quoted(values.title)}!", number, header)
        if number == 1:
            header = [cell.text for cell in _trimmed(cells, 0)]
        elif _trimmed(cells, 0):
            rows.append((number, _trimmed(cells, len(header))))
    return Sheet(header, rows)


def _first_sheet(content: bytes, *, data_only: bool) -> Any:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only).worksheets[0]
    # a sheet may lie about its size, and its rows would be padded to it
    sheet.reset_dimensions()
    return sheet


def _cells(
    shown: Sequence[Any], written: Sequence[Any], sheet: str, number: int, header: Sequence[str]
) -> list[Cell]:
    """A row as texts, at least as wide as the header."""
    cells = []
    for index in range(max(len(shown), len(header))):
        place = f"{sheet}{get_column_letter(index + 1)}{number} "
        if index >= len(shown):
            cells.append(Cell("", place))
            continue
        column = header[index] if index < len(header) else ""
        cells.append(_cell(shown[index], written[index], place, column))
    return cells


def _trimmed(cells: list[Cell], width: int) -> list[Cell]:
    """The row without trailing blank cells beyond `width`."""
    end = len(cells)
    while end > width and not (cells[end - 1].text or cells[end - 1].problem):
        end -= 1
    return cells[:end]


def _cell(shown: Any, written: Any, place: str, column: str) -> Cell:
    problem = _problem(shown, written)
    return Cell("", place, problem) if problem else Cell(_text(shown, column), place)


def _problem(shown: Any, written: Any) -> str:
    """What stands there in place of a value that can be read; the empty text where nothing does."""
    value = _value(shown)
    if value is None and written.value is not None:
        return f"the formula {_short(written.value)} without its result"
    if shown.data_type == "e":
        return f"the error {value}"
    if isinstance(value, bool):
        return f"the truth value {str(value).upper()}"
    return f"the time {value}" if isinstance(value, datetime | time | timedelta) else ""


def _text(shown: Any, column: str) -> str:
    value = _value(shown)
    if isinstance(value, int | float):
        # a weight is in percent points: a cell that shows 20 % holds 0.2
        scale = 100 if column == "weight" and "%" in str(shown.number_format) else 1
        return _number(value, scale)
    return "" if value is None else str(value).strip()


def _value(shown: Any) -> Any:
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
