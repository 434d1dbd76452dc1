"""From text to records: where the rows of a table begin and end, and their cells as Arrow columns.

Rows are counted as a spreadsheet shows them: a line break inside quotes ends no row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import filterfalse
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from scoring.errors import BadFileError

SEPARATORS = (",", ";", "\t", "|")
POSSIBLY_CUT_OFF = "the file is possibly cut off; export it again and rerun"
MOST_COLUMNS = 4096
MOST_CELLS = 30_000_000
MOST_LINES = 1_000_000
MOST_HEAD_BYTES = 131_072
SEARCHED_ROWS = 60
_PART = 2**20
_CELL = rb'(?>"[^"]*+(?:""[^"]*+)*+"[^\t\n]*+|(?!")[^\t\n]*+)'
_ROW_OF_TABS = re.compile(rb"(?:%b\t)*+%b(?:\n|\Z)" % (_CELL, _CELL))
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_BREAK, _RETURN, _QUOTE = ord("\n"), ord("\r"), ord('"')


@dataclass(frozen=True, slots=True)
class Record:
    """A row's cells without surrounding space; `end` is the byte after it."""

    cells: tuple[str, ...]
    row: int
    end: int

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(self.cells)

    @property
    def line(self) -> str:
        """Its cells as a line of text."""
        return ",".join(self.cells).rstrip(",")

    @property
    def is_remark(self) -> bool:
        """Whether it is a line that describes what is above or below it."""
        return next(iter(self.cells), "").startswith("#")

    def cell(self, place: int, missing: str | None = "") -> str | None:
        """The cell at a position; what is `missing` of a row that has none there."""
        return self.cells[place] if place < len(self.cells) else missing


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a header: `columns` by their position in it, `rows` their numbers.

    `plain` says for a column which of its cells are numbers or days to the program that wrote the file, and
    not texts. `ragged` are the rows with fewer or more cells than the header, `below` is what follows a blank
    row. `stump` is the row of a last line that ends without a line break and before its last cell. In
    `valueless` are cells by row and position that only look empty: errors, and formulas never worked out.
    """

    columns: dict[int, pa.Array]
    rows: pa.Array
    ragged: tuple[Record, ...] = ()
    below: tuple[Record, ...] = ()
    plain: dict[int, pa.Array] = field(default_factory=dict)
    is_ended: bool = True
    stump: int | None = None
    valueless: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def valueless_at(self, position: int) -> dict[int, str]:
        """Such cells of one column, by their rows."""
        return {row: text for (row, place), text in self.valueless.items() if place == position}


def unended(file: str) -> BadFileError:
    """The error that a file breaks off within its last line."""
    return BadFileError(
        file,
        expected="a last line that ends with a line break, as the platform writes it",
        found="one that breaks off",
        hint=POSSIBLY_CUT_OFF,
    )


def spelled(value: object) -> str:
    """A value that a program keeps with its type, as it would stand in a CSV file."""
    return next(spell(value) for kind, spell in _SPELLED if isinstance(value, kind))


_SPELLED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (bool, lambda value: str(value).lower()),
    (float, lambda value: format(value, ".15g").upper()),
    (Decimal, lambda value: f"{value:f}"),
    (datetime, lambda value: value.isoformat(" ").removesuffix(" 00:00:00")),
    (object, str),
)


@dataclass(frozen=True)
class TextTable:
    """A text cut into cells by one separator."""

    file: str
    content: bytes
    separator: str

    @property
    def said(self) -> str:
        """How the cells are parted."""
        names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
        return names[self.separator]

    def head(self) -> tuple[Record, ...]:
        """The first rows, up to one that cannot be cut, and further ones that may begin another table."""
        return self._head

    @cached_property
    def _head(self) -> tuple[Record, ...]:
        return tuple(_beginnings(self._searched, self.separator))

    @cached_property
    def _searched(self) -> bytes:
        """Whole lines from the beginning: of one that goes on beyond them nobody knows where it ends."""
        searched = self.content[:MOST_HEAD_BYTES]
        is_all = len(searched) == len(self.content)
        return searched if is_all else searched[: searched.rfind(b"\n") + 1]

    def body(self, header: Record, positions: Sequence[int]) -> Body:
        """The rows below `header`, only the columns at `positions`; raises `BadFileError`."""
        _refuse_too_much(self, header)
        table = memoryview(self.content)[header.end :]
        lines = _lines(table, self.separator)
        self._refuse_open_quote(header, lines)
        _refuse_bare_return(self, header, table[: lines.end])
        cells, ragged = _cut(self, header, table[: lines.end], positions)
        kept = np.arange(lines.count) + header.row + 1
        if ragged:
            kept = np.setdiff1d(kept, [record.row for record in ragged])
        self._refuse_quotes_within(cells, len(kept))
        if _are_only_longer(ragged, header) and not len(kept):
            cells, kept, ragged = _columns_of(ragged, positions), np.array([each.row for each in ragged]), []
        below = self._below(table, lines, header.row + lines.count)
        is_ended = self.content.endswith((b"\n", b"\r"))
        return Body(
            dict(zip(positions, cells, strict=True)),
            pa.array(kept, pa.int64()),
            tuple(ragged),
            below,
            is_ended=is_ended,
            stump=None if is_ended or below else self._stump(header, table, lines, ragged),
        )

    def _refuse_open_quote(self, header: Record, lines: _Lines) -> None:
        if lines.is_quote_open or self._is_swallowed(header):
            found, hint = "an open quote", POSSIBLY_CUT_OFF
            raise BadFileError(self.file, expected="every quoted cell to end", found=found, hint=hint)

    def _refuse_quotes_within(self, cells: Iterable[pa.Array], rows: int) -> None:
        """A quote in the middle of a cell ends a line for one that cuts cells and not for another."""
        if {*map(len, cells)} - {rows}:
            found = "quotes in the middle of cells"
            raise BadFileError(self.file, expected="cells that are quoted whole", found=found)

    def _is_swallowed(self, header: Record) -> bool:
        """Whether a quote opens in the header, and all rows that were searched seem to be in its cell."""
        if header.end < len(self._searched):
            return False
        lines = io.StringIO(self._searched.decode(errors="ignore"), newline="")
        try:
            deque(csv.reader(lines, delimiter=self.separator, strict=True), maxlen=0)
        except csv.Error:
            return True
        return False

    def _stump(
        self, header: Record, table: memoryview, lines: _Lines, ragged: Sequence[Record]
    ) -> int | None:
        """The row of a last line with fewer cells than the header; it may have nothing but separators."""
        last = header.row + lines.count
        if any(record.row == last and len(record.cells) < len(header.cells) for record in ragged[-1:]):
            return last
        return self._stump_of_blanks(header, bytes(table[lines.end :]), last)

    def _stump_of_blanks(self, header: Record, rest: bytes, last: int) -> int | None:
        blank = rest.decode(errors="ignore").split("\n")
        is_cut = blank[-1].strip() and len(_split(blank[-1], self.separator)) < len(header.cells)
        return last + len(blank) if is_cut else None

    def _below(self, table: memoryview, lines: _Lines, row: int) -> tuple[Record, ...]:
        rest = bytes(table[lines.end :])
        if not rest.strip(b"\r\n ,;\t|"):
            return ()
        found = filterfalse(attrgetter("is_blank"), _records(rest, self.separator))
        return tuple(Record(record.cells, record.row + row, record.end) for record in found)


def _beginnings(content: bytes, separator: str) -> Iterator[Record]:
    """The first rows, and of the ragged those directly below a blank row or a remark."""
    ends = _ends(content)
    is_below = False
    for row, (cells, line) in enumerate(_rows(content, separator), start=1):
        # a record of each row would cost more than all else that is done to find the header
        if row <= SEARCHED_ROWS or is_below:
            yield _record(cells, row, ends(line))
        is_below = not any(map(str.strip, cells)) or cells[0].lstrip().startswith("#")


def _records(content: bytes, separator: str) -> Iterator[Record]:
    ends = _ends(content)
    for row, (cells, line) in enumerate(_rows(content, separator), start=1):
        yield _record(cells, row, ends(line))


def _record(cells: Iterable[str], row: int, end: int) -> Record:
    return Record(tuple(map(str.strip, cells)), row, end)


def _rows(content: bytes, separator: str) -> Iterator[tuple[list[str], int]]:
    """The cells of each row, and the line on which it ends."""
    # in a cell, programs of the Mac break lines by a carriage return alone: it ends no row
    text = _BARE_RETURN.sub(b" ", content).decode(errors="ignore")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield cells, reader.line_num
    except csv.Error:
        return  # the header is above, or this is no table


def _ends(content: bytes) -> Any:
    places = np.flatnonzero(np.frombuffer(content, np.uint8) == _BREAK) + 1

    def end(line: int) -> int:
        return int(places[line - 1]) if line <= len(places) else len(content)

    return end


@dataclass(frozen=True, slots=True)
class _Lines:
    """How many rows come before the first blank one, and the byte at which they end."""

    count: int
    end: int
    is_quote_open: bool


def _lines(table: memoryview, separator: str) -> _Lines:
    if not len(table):
        return _Lines(0, 0, is_quote_open=False)
    characters = np.frombuffer(table, np.uint8)
    breaks, quotes = _row_breaks(table, characters, separator)
    if quotes % 2:
        return _Lines(0, 0, is_quote_open=True)
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(table)]))
    first = _first_blank(table, characters, starts, ends)
    if first is None:
        return _Lines(len(starts), len(table), is_quote_open=False)
    return _Lines(first, int(starts[first]), is_quote_open=False)


def _first_blank(table: memoryview, characters: npt.NDArray[np.uint8], starts: Any, ends: Any) -> int | None:
    # few lines begin like a blank one; only those are looked at
    first = characters[np.minimum(starts, len(table) - 1)]
    begins = (starts == ends) | np.isin(first, np.frombuffer(b"\r\n ,;\t|", np.uint8))
    for index in np.flatnonzero(begins):
        if not bytes(table[starts[index] : ends[index]]).strip(b"\r ,;\t|"):
            return int(index)
    return None


def _row_breaks(
    table: memoryview, characters: npt.NDArray[np.uint8], separator: str
) -> tuple[npt.NDArray[np.int64], int]:
    """Where rows end, and how many quotes there are."""
    breaks, quotes = _breaks(characters)
    # who parts cells by tabs often quotes none, and a quote may be a letter of any
    return _breaks_by_cells(table) if quotes and separator == "\t" else (breaks, quotes)


def _breaks(characters: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], int]:
    """The same where quotes are around cells; a part at a time, to save memory."""
    found, quotes_before = [np.empty(0, np.int64)], 0
    for begin in range(0, len(characters), _PART):
        part = characters[begin : begin + _PART]
        breaks, quotes = (np.flatnonzero(part == character) for character in (_BREAK, _QUOTE))
        outside = (np.searchsorted(quotes, breaks) + quotes_before) % 2 == 0
        found.append(breaks[outside] + begin)
        quotes_before += len(quotes)
    return np.concatenate(found), quotes_before


def _breaks_by_cells(table: memoryview) -> tuple[npt.NDArray[np.int64], int]:
    """The same of a table cut by tabs, in which a quote opens only at the beginning of a cell."""
    ends, at = list[int](), 0
    while at < len(table):
        row = _ROW_OF_TABS.match(table, at)
        if row is None:
            return np.array(ends, np.int64), 1
        at = row.end()
        ends += [at - 1] if table[at - 1] == _BREAK else []
    return np.array(ends, np.int64), 0


def _cut(
    table: TextTable, header: Record, body: memoryview, positions: Sequence[int]
) -> tuple[list[pa.Array], list[Record]]:
    """The columns at `positions`, and the rows that have another number of cells than the header."""
    if not len(bytes(body[:4096]).strip(b"\r\n")):
        return [pa.array([], pa.string()) for _ in positions], []
    names = [*map(str, range(len(header.cells)))]
    refused: list[Record] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        refused.append(Record(_split(row.text, table.separator), header.row + row.number, 0))
        return "skip"

    # one block, so that no block boundary can fall inside a quoted cell
    reading = arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(body) + 1)
    parsing = arrow_csv.ParseOptions(
        delimiter=table.separator,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=refuse,
    )
    wanted = [*map(str, positions)]
    converting = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
    )
    try:
        found = arrow_csv.read_csv(pa.BufferReader(pa.py_buffer(body)), reading, parsing, converting)
    except pa.ArrowInvalid as error:
        raise BadFileError(table.file, expected="a table of quoted cells", found=str(error)[:200]) from None
    return [found.column(name).combine_chunks() for name in wanted], refused


def _are_only_longer(records: Sequence[Record], header: Record) -> bool:
    """Whether all rows end with the same number of empty cells beyond the header's, as some programs write.

    In one row alone the cells could as well be shifted by a separator too many.
    """
    lengths, usual = {len(record.cells) for record in records}, len(header.cells)
    is_alike = len(records) > 1 and len(lengths) == 1 and min(lengths) > usual
    return is_alike and not any(any(record.cells[usual:]) for record in records)


def _columns_of(records: Sequence[Record], positions: Sequence[int]) -> list[pa.Array]:
    return [pa.array([record.cells[place] for record in records], pa.string()) for place in positions]


def _split(text: str, separator: str) -> tuple[str, ...]:
    try:
        return tuple(map(str.strip, next(csv.reader([text], delimiter=separator), [])))
    except csv.Error:
        return (text,)


def _refuse_bare_return(table: TextTable, header: Record, body: memoryview) -> None:
    """A carriage return alone ends a line for some and not for ragged; in quotes it is part of a cell."""
    characters = np.frombuffer(body, np.uint8)
    returns = np.flatnonzero(characters[:-1] == _RETURN)
    bare = returns[characters[returns + 1] != _BREAK]
    if not len(bare):
        return
    quotes = np.flatnonzero(characters == _QUOTE)
    outside = bare[np.searchsorted(quotes, bare) % 2 == 0]
    if len(outside):
        before, _ = _breaks(characters[: outside[0]])
        raise BadFileError(
            table.file,
            row=header.row + len(before) + 1,
            expected="lines that end with a line feed",
            found="a carriage return alone",
            hint="export the report again as CSV (UTF-8) and rerun",
        )


def _refuse_too_much(table: TextTable, header: Record) -> None:
    """Raise `BadFileError` for more columns, lines or cells than can be read in little memory."""
    lines = table.content.count(b"\n", header.end)
    cells = lines * len(header.cells)
    refuse_more(
        table.file,
        (MOST_COLUMNS, len(header.cells), "columns", "export the report with fewer columns and rerun"),
        (MOST_LINES, lines, "lines", "export fewer rows at once, a campaign or a day for a row, and rerun"),
        (MOST_CELLS, cells, "cells", "export fewer columns or a shorter time and rerun"),
    )


def refuse_more(file: str, *limits: tuple[int, int, str, str]) -> None:
    """Raise `BadFileError` beyond a limit: the most there may be, how many there are, of what, what helps."""
    for most, found, what, hint in limits:
        if found > most:
            raise BadFileError(file, expected=f"at most {most:,} {what}", found=f"{found:,}", hint=hint)
