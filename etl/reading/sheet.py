"""From text to a sheet of strings: the header row is searched by name, every row keeps its number."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from scoring.errors import BadFileError

SEPARATORS = (",", ";", "\t")
_SEARCHED_LINES = 60


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header row was found: its cells, the separator, and where the rows after it begin.

    `row` counts from 1 as a spreadsheet shows it; `begin` is a byte offset into the text.
    """

    file: str
    cells: tuple[str, ...]
    separator: str
    row: int
    begin: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some columns of a file as strings without surrounding space; `rows` are the rows' numbers."""

    file: str
    table: pa.Table
    rows: pa.Array

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.Array:
        """One column as text; a missing value is the empty text."""
        return self.table.column(name).combine_chunks()

    def where(self, mask: pa.Array) -> Sheet:
        """Only the rows where `mask` is true."""
        return Sheet(self.file, self.table.filter(mask), self.rows.filter(mask))

    def without(self, mask: pa.Array) -> Sheet:
        """Only the rows where `mask` is false."""
        return self.where(pc.invert(mask))

    def starting(self, index: int) -> Sheet:
        """The rows from position `index` on."""
        return Sheet(self.file, self.table.slice(index), self.rows.slice(index))

    def refusal(self, index: int, column: str, expected: str, found: str | None = None) -> BadFileError:
        """The error that the cell at position `index` of `column` is not what was expected."""
        cell = self.table.column(column)[index].as_py() if column in self.table.column_names else ""
        if found is None:
            found = repr(cell) if cell else "an empty cell"
        return BadFileError(
            self.file, row=self.rows[index].as_py(), column=column, expected=expected, found=found
        )


def find_header(file: str, text: bytes, columns: Sequence[str]) -> Header:
    """The first row that has every one of `columns`, whatever stands before it and between them.

    Raises `BadFileError` naming the column that is missing from the row that comes closest.
    """
    best: tuple[int, list[str], int] = (0, list(columns), 0)
    begin = 0
    for row in range(1, _SEARCHED_LINES + 1):
        end = text.find(b"\n", begin)
        line = text[begin : len(text) if end < 0 else end].decode().rstrip("\r")
        for separator in SEPARATORS:
            cells = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=separator), []))
            missing = [column for column in columns if column not in cells]
            if not missing:
                return _header(file, cells, separator, row, begin=len(text) if end < 0 else end + 1)
            if len(columns) - len(missing) > best[0]:
                best = (len(columns) - len(missing), missing, row)
        if end < 0:
            break
        begin = end + 1
    found = "no header row with any of the columns" if not best[0] else "a header row without it"
    raise BadFileError(file, row=best[2] or None, column=best[1][0], expected="this column", found=found)


def _header(file: str, cells: tuple[str, ...], separator: str, row: int, begin: int) -> Header:
    doubled = sorted({cell for cell in cells if cell and cells.count(cell) > 1})
    if doubled:
        raise BadFileError(file, row=row, column=doubled[0], expected="this column once", found="it twice")
    return Header(file, cells, separator, row, begin)


def read_rows(header: Header, text: bytes, columns: Sequence[str]) -> Sheet:
    """The rows below `header` up to the end of `text`, with only the `columns` named.

    Raises `BadFileError` for a row with too few or too many cells, a blank row in between included.
    """
    body = text[header.begin :].rstrip(b"\r\n")
    table = _parse(header, body, list(columns)) if body else _empty(columns)
    trimmed = [pc.utf8_trim_whitespace(table.column(name)) for name in columns]
    rows = pa.array(np.arange(table.num_rows) + header.row + 1)
    return Sheet(header.file, pa.table(trimmed, names=list(columns)), rows)


def read_sheet(file: str, text: bytes, columns: Sequence[str]) -> Sheet:
    """The table of `text` that has all of `columns`, and only them."""
    return read_rows(find_header(file, text, columns), text, columns)


def _parse(header: Header, body: bytes, columns: list[str]) -> pa.Table:
    if body.count(b'"') % 2:
        # the parser would take everything up to the end of the file as one cell
        raise BadFileError(header.file, expected="every quoted cell to end", found="an open quote")
    names = [name or f"unnamed {index}" for index, name in enumerate(header.cells)]
    refused: list[arrow_csv.InvalidRow] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        refused.append(row)
        return "error"

    try:
        return arrow_csv.read_csv(
            io.BytesIO(body),
            # one block: a block border inside a quoted cell is then nobody's problem
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(body) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=header.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=refuse,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=columns,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _shape_error(header, refused, str(error)) from None


def _shape_error(header: Header, refused: list[arrow_csv.InvalidRow], reason: str) -> BadFileError:
    if not refused:
        return BadFileError(header.file, expected="a table of quoted cells", found=reason)
    row = refused[0]
    found = f"{row.actual_columns}" if row.text.strip() else "a blank row"
    number = header.row + row.number if row.number else None
    return BadFileError(header.file, row=number, expected=f"{row.expected_columns} cells", found=found)


def _empty(columns: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in columns})
