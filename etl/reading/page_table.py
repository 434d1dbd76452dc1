"""The tables of a web page that is named like a workbook: some platforms export one and call it `.xls`.

Only the texts of cells are taken. Nothing of the page is run, and nothing that it names is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from etl.reading.decoding import decodings
from etl.reading.workbook_table import MOST_CELLS, ROOM, Grid, SheetTable
from processes.guarded import guarded
from unpacking.package import BadWorkbookError, refusing

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
    with refusing(file, "a web page with a table that can be read"):
        return tuple(SheetTable(file, grid) for grid in guarded(read_page, content, seconds=ROOM.seconds))


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

    def put(self, text: str, columns: int, rows: int) -> None:
        """Put in a cell as often as it spans columns, and keep it for the rows that it spans."""
        row = self._filled()
        if rows > 1:
            self.covered |= dict.fromkeys(range(len(row), len(row) + columns), (rows, text))
        row += [text] * columns
        self.is_own = True

    def end_row(self) -> None:
        """Keep the row under way, if there is one: one of cells from above alone is none of its own."""
        if self.row is not None:
            row = self._filled()
            self.rows += [row] if self.is_own else []
            self.covered = {at: (left - 1, text) for at, (left, text) in self.covered.items() if left > 1}
            self.row = None

    def _filled(self) -> list[str]:
        """The row with the cells that reach down from rows above, up to the next free column."""
        self.row = row = [] if self.row is None else self.row
        while len(row) in self.covered:
            row.append(self.covered[len(row)][1])
        return row


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
            self.end_row()
            self._open[-1].row, self._open[-1].is_own = [], False
        elif tag in ("td", "th"):
            self.end_cell()
            self._spans = _span(said.get("colspan")), _span(said.get("rowspan"))
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif self._open and tag in _ENDS:
            _ENDS[tag](self)

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        if self._open:
            raise BadWorkbookError("a page whose tables end", "one that breaks off")

    def end_cell(self) -> None:
        if self._text is not None:
            text, self._text = " ".join("".join(self._text).split()), None
            self._open[-1].put(text, *self._spans)
            self._count(self._spans[0])

    def end_row(self) -> None:
        self.end_cell()
        self._open[-1].end_row()

    def end_table(self) -> None:
        self.end_row()
        self.tables.append(self._open.pop().rows)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells", "more")


_ENDS: Mapping[str, Callable[[_Reader], None]] = {
    "td": _Reader.end_cell,
    "th": _Reader.end_cell,
    "tr": _Reader.end_row,
    "table": _Reader.end_table,
}


def _span(said: str | None) -> int:
    return min(max(int(said), 1), _MOST_SPANNED) if said is not None and said.isdecimal() else 1
