"""A CSV file of the book, with the line of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from book.fault import Fault
from book.files.text_file import read_text

Numbered = tuple[int, list[str]]
"""A row's cells after its line."""


@dataclass
class CsvFile:
    """The header and the other rows that are not blank, each with the line it begins on.

    `mistake` is what ended the reading before the end of the file.
    """

    header: list[str] = field(default_factory=list)
    rows: list[Numbered] = field(default_factory=list)
    mistake: Fault | None = None


def read_csv(root: Path, name: str) -> CsvFile | Fault:
    """The rows of `root/name`, or the fault that makes even its header unreadable."""
    text = read_text(root, name)
    if isinstance(text, Fault):
        return text
    numbered = _numbered(name, text)
    first = next(numbered, (1, []))
    return first if isinstance(first, Fault) else _below(first[1], numbered)


def wrong_columns(name: str, expected: str, header: Sequence[str]) -> Fault:
    """The fault of a file with another header."""
    given = ",".join(header) or "nothing"
    return Fault(name, 1, f"expected the columns {expected}, found {given}; correct line 1")


def cells_problem(columns: int, cells: int) -> str:
    """What is wrong with a row that has more or fewer cells than the header has columns."""
    more = "put a cell with commas in quotes, or name its column in line 1"
    fewer = "a comma is missing, also one before an empty cell"
    return f"expected {columns} cells, found {cells}; {more if cells > columns else fewer}"


def _below(header: list[str], numbered: Iterator[Numbered | Fault]) -> CsvFile:
    file = CsvFile(header)
    for row in numbered:
        if isinstance(row, Fault):
            file.mistake = row
        elif any(row[1]):
            file.rows.append(row)
    return file


def _numbered(name: str, text: str) -> Iterator[Numbered | Fault]:
    """Each row with its line, up to the end or to the first mistake, which comes last."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        yield Fault(name, line, f"expected CSV, found a mistake: {error}; correct the quotes")
