"""From text to a sheet of strings: the header row is searched by name, every row keeps its number."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from etl.reading.text import Text, lines_of, refuse_cut_off
from scoring.errors import NEW_EXPORT, BadFileError, BadRowError

SEPARATORS = (",", ";", "\t")
MOST_COLUMNS = 4096
MOST_CELLS = 30_000_000
# a cell of more is nothing that Python's own reader takes
MOST_SHOWN = 500
MOST_HEADER_BYTES = 131_072
_SEARCHED_LINES = 60
_PIECE = 2**16


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
    """Some columns of a file as strings without surrounding space; `rows` are the rows' numbers.

    `counted` are the lines that the file has below its header, used or not; `apart` are the rows that the
    reader had to skip, as far as they could be split into cells.
    """

    file: str
    table: pa.Table
    rows: pa.Array
    counted: int
    apart: pa.Table
    left_out: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.Array:
        """One column as text; a missing value is the empty text."""
        return self.table.column(name).combine_chunks()

    def where(self, mask: pa.Array) -> Sheet:
        """Only the rows where `mask` is true.

        Totals come before or after all rows, so the rest is one slice that need not be copied.
        """
        count = pc.sum(mask).as_py() or 0
        first = max(pc.index(mask, pa.scalar(True)).as_py(), 0)
        if pc.sum(mask.slice(first, count)).as_py() == count:
            return replace(self, table=self.table.slice(first, count), rows=self.rows.slice(first, count))
        return replace(self, table=self.table.filter(mask), rows=self.rows.filter(mask))

    def without(self, mask: pa.Array) -> Sheet:
        """Only the rows where `mask` is false."""
        return self.where(pc.invert(mask))

    def starting(self, index: int) -> Sheet:
        """The rows from position `index` on."""
        return replace(self, table=self.table.slice(index), rows=self.rows.slice(index))

    def refusal(
        self,
        index: int,
        column: str,
        expected: str,
        found: str | None = None,
        hint: str = NEW_EXPORT,
    ) -> BadFileError:
        """The error that the cell at position `index` of `column` does not fit the rest of the file."""
        return BadFileError(
            self.file,
            row=self.rows[index].as_py(),
            column=column,
            expected=expected,
            found=self._found(index, column) if found is None else found,
            hint=hint,
        )

    def unreadable(self, bad: pa.Array, column: str, expected: str) -> BadRowError:
        """The error that the cells of `column` where `bad` is true say nothing that can be used."""
        places = pc.indices_nonzero(bad)
        is_there = column in self.table.column_names
        cells = self.column(column).take(places).to_pylist() if is_there else [""] * len(places)
        rows = self.rows.take(places).to_pylist()
        found = [(row, _named(cell)) for row, cell in zip(rows, cells, strict=True)]
        return BadRowError(self.file, rows=found, column=column, expected=expected)

    def _found(self, index: int, column: str) -> str:
        return _named(self.table.column(column)[index].as_py() if column in self.table.column_names else "")


def _named(cell: str | None) -> str:
    """A cell as a sentence says it; of a very long one its beginning."""
    if not cell:
        return "an empty cell"
    return repr(cell) if len(cell) <= MOST_SHOWN else f"{cell[:MOST_SHOWN]!r}… ({len(cell):,} characters)"


def find_header(text: Text, columns: Sequence[str]) -> Header:
    """The first row that has all of `columns`, in any order and among others.

    Raises `BadFileError` naming the column that is missing from the row that comes closest.
    """
    closest, lacking = None, list(columns)
    for header in _candidates(text):
        cells = frozenset(header.cells)
        missing = [column for column in columns if column not in cells]
        if not missing:
            _refuse_doubled(header)
            return header
        if len(missing) < len(lacking):
            closest, lacking = header, missing
    raise _no_header(text.file, closest, lacking[0])


def _candidates(text: Text) -> Iterator[Header]:
    """The first lines of a file, cut by each separator, as the headers that they may be."""
    content, begin = text.content, 0
    for row in range(1, _SEARCHED_LINES + 1):
        line_break = content.find(b"\n", begin)
        end = len(content) if line_break < 0 else line_break
        _refuse_long_line(text.file, row, end - begin)
        line = content[begin:end].decode().rstrip("\r")
        begin = min(end + 1, len(content))
        for separator in SEPARATORS:
            cells = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=separator), []))
            _refuse_many_columns(text.file, row, len(cells))
            yield Header(text.file, cells, separator, row, begin)
        if line_break < 0:
            return


def _refuse_long_line(file: str, row: int, size: int) -> None:
    if size > MOST_HEADER_BYTES:
        raise BadFileError(
            file,
            row=row,
            expected=f"a header row among lines of at most {MOST_HEADER_BYTES:,} bytes",
            found=f"a line of {size:,}",
        )


def _refuse_many_columns(file: str, row: int, count: int) -> None:
    if count > MOST_COLUMNS:
        raise BadFileError(
            file,
            row=row,
            expected=f"at most {MOST_COLUMNS:,} columns",
            found=f"{count:,}",
            hint="export the report with fewer columns and rerun",
        )


def _no_header(file: str, closest: Header | None, column: str) -> BadFileError:
    if closest is None:
        row, found = None, "no header row with any of the columns"
    else:
        row, found = closest.row, "a header row without it"
    return BadFileError(file, row=row, column=column, expected="this column", found=found)


def _refuse_doubled(header: Header) -> None:
    doubled = sorted(cell for cell, count in Counter(header.cells).items() if cell and count > 1)
    if doubled:
        raise BadFileError(
            header.file, row=header.row, column=doubled[0], expected="this column once", found="it twice"
        )


def read_rows(header: Header, text: Text, columns: Sequence[str]) -> Sheet:
    """The rows below `header` up to the end of `text`, with only the `columns` named.

    Raises `BadRowError` for rows with too few or too many cells, `BadFileError` for a blank row in
    between and for a last line that breaks off.
    """
    refuse_cut_off(text)
    body = _without_last_breaks(text.content, header.begin)
    _refuse_many_cells(header, text)
    lines = lines_of(body)
    _refuse_blank_row(header, lines.first_blank)
    trimmed, skipped = _empty(columns), list[int]()
    if len(body):
        is_open = lines.is_quote_open
        cells, skipped = _parse(header, body, list(columns), text.left_out, is_quote_open=is_open)
        trimmed = _trimmed(cells, columns)
        # for a large file, the freed memory is as much again as what is left
        pa.default_memory_pool().release_unused()
    numbers = np.arange(trimmed.num_rows + len(skipped)) + header.row + 1
    rows = pa.array(np.delete(numbers, np.array(skipped, dtype=np.int64) - header.row - 1))
    sheet = Sheet(header.file, trimmed, rows, lines.filled, trimmed.slice(0, 0), text.left_out)
    if not text.left_out:
        return sheet
    is_out = pc.is_in(rows, value_set=pa.array(sorted(text.left_out), rows.type))
    return replace(sheet.without(is_out), apart=trimmed.filter(is_out))


def read_sheet(text: Text, columns: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """The table of `text` that has all of `columns`: only them, and those of `optional` that it has."""
    header = find_header(text, columns)
    return read_rows(header, text, (*columns, *(name for name in optional if name in header.cells)))


def _parse(
    header: Header,
    body: memoryview,
    columns: list[str],
    left_out: frozenset[int],
    *,
    is_quote_open: bool,
) -> tuple[list[pa.ChunkedArray], list[int]]:
    """The columns, and the numbers of skipped rows that had a different number of cells."""
    if is_quote_open:
        # the parser would read everything up to the end of the file as one cell
        raise BadFileError(header.file, expected="every quoted cell to end", found="an open quote")
    table, refused = _read_csv(header, body, columns)
    bad = [row for row in refused if row[0] not in left_out]
    if bad:
        raise BadRowError(header.file, rows=bad, column=None, expected=f"{len(header.cells)} cells")
    return table.columns, [number for number, _ in refused]


def _read_csv(header: Header, body: memoryview, columns: list[str]) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The rows with as many cells as the header, and the numbers of the others with how many they have."""
    names = [name or f"unnamed {index}" for index, name in enumerate(header.cells)]
    refused: list[tuple[int, str]] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        refused.append((header.row + row.number, str(row.actual_columns)))
        return "skip"

    # one block, so that no block boundary can fall inside a quoted cell
    reading = arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(body) + 1)
    parsing = arrow_csv.ParseOptions(
        delimiter=header.separator,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=refuse,
    )
    source = pa.BufferReader(pa.py_buffer(body))
    try:
        table = arrow_csv.read_csv(source, reading, parsing, _as_text(names, columns))
    except pa.ArrowInvalid as error:
        raise BadFileError(header.file, expected="a table of quoted cells", found=str(error)) from None
    return table, refused


def _as_text(names: list[str], columns: list[str]) -> arrow_csv.ConvertOptions:
    """Every cell as plain text; it is parsed later, and strictly."""
    return arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), include_columns=columns, strings_can_be_null=False
    )


def _trimmed(cells: list[pa.ChunkedArray], columns: Sequence[str]) -> pa.Table:
    """The columns without space around their cells; each of `cells` is freed as soon as it is copied."""
    cells.reverse()
    return pa.table([pc.utf8_trim_whitespace(cells.pop()) for _ in columns], names=list(columns))


def _without_last_breaks(content: bytes, begin: int) -> memoryview:
    """The content from `begin` on without the line breaks at its end; nothing is copied."""
    view, end = memoryview(content), len(content)
    while end > begin:
        start = max(begin, end - _PIECE)
        kept = bytes(view[start:end]).rstrip(b"\r\n")
        end = start + len(kept)
        if kept:
            break
    return view[begin:end]


def _refuse_blank_row(header: Header, index: int | None) -> None:
    """Every platform ends a table with a blank row; anything below it is something else."""
    if index is not None:
        row = header.row + 1 + index
        raise BadFileError(header.file, row=row, expected=f"{len(header.cells)} cells", found="a blank row")


def _refuse_many_cells(header: Header, text: Text) -> None:
    count = text.content.count(header.separator.encode(), header.begin)
    if count > MOST_CELLS:
        raise BadFileError(
            header.file,
            expected=f"at most {MOST_CELLS:,} cells",
            found=f"{count:,}",
            hint="export the report with fewer columns or for a shorter time and rerun",
        )


def _empty(columns: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in columns})
