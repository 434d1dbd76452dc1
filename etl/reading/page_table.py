"""The tables of a web page that is named like a workbook: some platforms export one and call it `.xls`.

Only the texts of cells are taken. Nothing of the page is run, and nothing that it names is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from etl.reading.decoding import decodings
from etl.reading.guarded import BrokenError, BudgetError, guarded
from etl.reading.package import BadWorkbookError
from etl.reading.workbook_table import MOST_CELLS, ROOM, Grid, SheetTable
from scoring.errors import BadFileError

_STARTS = (b"<!doctype html", b"<html", b"<meta", b"<head", b"<table", b"<style")
_UNSEEN = ("script", "style", "title")
_MOST_SPANNED = 500
_TABLE, _LOOKED_AT = b"<table", 1_000_000


def is_page(content: bytes) -> bool:
    """Whether the bytes are a web page."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return start.startswith(_STARTS)


def page_tables(file: str, content: bytes) -> tuple[SheetTable, ...]:
    """The tables of a page with at least a header and a row; none for what is no page, or one without any.

    Raises `BadFileError` for one that takes too long, or has more cells than can be read.
    """
    if not is_page(content) or _TABLE not in content[:_LOOKED_AT].lower():
        return ()
    try:
        grids = guarded(read_page, content, seconds=ROOM.seconds)
    except BadWorkbookError as error:
        raise BadFileError(file, expected=error.expected, found=error.found) from None
    except (BudgetError, BrokenError) as error:
        expected = "a web page with a table that can be read"
        raise BadFileError(file, expected=expected, found=error.found) from None
    return tuple(SheetTable(file, grid) for grid in grids)


def read_page(content: bytes) -> tuple[Grid, ...]:
    """The tables of a page; raises `BadWorkbookError` where they have more cells than can be read."""
    text = next((each.content for each in decodings(content, ("utf-8", "gb18030"))), b"").decode()
    if 'type="password"' in text.lower():
        return ()  # a page to sign in at, laid out by a table
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(_grid(rows) for rows in reader.tables if len(rows) > 1)


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    width = max(map(len, rows))
    texts = tuple((*row, *("",) * (width - len(row))) for row in rows)
    return Grid("", texts, tuple((False,) * width for _ in texts))


@dataclass(slots=True)
class _Table:
    """A table under way; `covered` are the cells that reach down into rows to come, by their column."""

    rows: list[list[str]] = field(default_factory=list)
    row: list[str] | None = None
    is_own: bool = False
    covered: dict[int, tuple[int, str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Takes the cells of tables, each as often as it spans columns and rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[_Table] = []
        self._text: list[str] | None = None
        self._spans = (1, 1)
        self._unseen = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._open.append(_Table())
            self._text = None
        elif tag == "br":
            self.handle_data(" ")
        elif self._open:
            self._begin(tag, dict(attrs))

    def _begin(self, tag: str, said: Mapping[str, str | None]) -> None:
        if tag == "tr":
            self._end_row()
            self._open[-1].row, self._open[-1].is_own = [], False
        elif tag in ("td", "th"):
            self._end_cell()
            self._spans = _span(said.get("colspan")), _span(said.get("rowspan"))
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr" and self._open:
            self._end_row()
        elif tag == "table" and self._open:
            self._end_row()
            self.tables.append(self._open.pop().rows)

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        if self._open:
            raise BadWorkbookError("a page whose tables end", "one that breaks off")

    def _end_cell(self) -> None:
        if self._text is None or not self._open:
            return
        table, text = self._open[-1], " ".join("".join(self._text).split())
        self._text = None
        if table.row is None:
            table.row = []
        _fill(table)
        columns, rows = self._spans
        for _ in range(columns):
            if rows > 1:
                table.covered[len(table.row)] = (rows, text)
            table.row.append(text)
        table.is_own = True
        self._count(columns)

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.row is None:
            return
        _fill(table)
        if table.is_own:  # a row in which only cells from above reach down is none of its own
            table.rows.append(table.row)
        table.covered = {at: (left - 1, text) for at, (left, text) in table.covered.items() if left > 1}
        table.row = None

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells", "more")


def _fill(table: _Table) -> None:
    """Put in the cells that reach down from rows above, up to the next free column."""
    row = table.row if table.row is not None else []
    while len(row) in table.covered:
        row.append(table.covered[len(row)][1])


def _span(said: str | None) -> int:
    return min(max(int(said), 1), _MOST_SPANNED) if said is not None and said.isdecimal() else 1
