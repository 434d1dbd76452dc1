"""An export as a person sees it: lines above, a header, rows, totals, and how all of it is written down."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.fuzz.numbers import written

Cell = str | Decimal
"""A Decimal is a number that is still to be written; a text stays as it is."""


@dataclass(slots=True)
class Row:
    """Cells in the order of the columns; `is_touched` once a change has made something else of them."""

    cells: list[Cell]
    is_touched: bool = False


@dataclass(slots=True)
class Table:
    """A table that changes are made to. `fields` says what each column is, None for those that nobody reads."""

    above: list[str]
    header: list[str]
    fields: list[str | None]
    rows: list[Row]
    totals: list[Row] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    separator: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    ending: str = "\n"
    encoding: str = "utf-8"
    mark: bytes = b""
    style: str = "english"
    styles: dict[str, str] = field(default_factory=dict)
    """The styles of single fields, where they differ from that of the others."""
    is_grouped: bool = False
    is_added_up: bool = True
    """Whether the totals are those of the rows as they are in the end."""

    def style_of(self, name: str | None) -> str:
        """How the numbers of a field are written."""
        return self.styles.get(name or "", self.style)

    def text(self) -> str:
        """The whole export."""
        out = io.StringIO()
        out.writelines(line + self.ending for line in self.above)
        escape = None if self.quoting != csv.QUOTE_NONE else "\\"
        writer = csv.writer(
            out,
            delimiter=self.separator,
            quoting=self.quoting,
            lineterminator=self.ending,
            escapechar=escape,
        )
        for cells in [self.header, *self.written()]:
            try:
                writer.writerow(cells)
            except csv.Error:  # nothing, and no quotes to say so
                out.write(self.ending)
        out.writelines(line + self.ending for line in self.below)
        return out.getvalue()

    def content(self) -> bytes:
        """Its bytes."""
        return self.mark + self.text().encode(self.encoding, "replace")

    def written(self) -> Iterator[list[str]]:
        """The rows and the totals as texts."""
        for row in [*self.rows, *self.added_up()]:
            yield [self.shown(cell, at) for at, cell in enumerate(row.cells)]

    def shown(self, cell: Cell, at: int) -> str:
        """A cell as it is written in a column."""
        if isinstance(cell, str):
            return cell
        style = self.style_of(self.fields[at] if at < len(self.fields) else None)
        return written(cell, style, is_grouped=self.is_grouped)

    def added_up(self) -> Sequence[Row]:
        """The totals, each number in them that of its column where `is_added_up`."""
        if not self.is_added_up:
            return self.totals
        return [
            Row([self._sum(at) if isinstance(cell, Decimal) else cell for at, cell in enumerate(row.cells)])
            for row in self.totals
        ]

    def _sum(self, at: int) -> Decimal:
        cells = (row.cells[at] for row in self.rows if at < len(row.cells))
        return sum((cell for cell in cells if isinstance(cell, Decimal)), Decimal(0))

    def untouched(self) -> frozenset[tuple[str, ...]]:
        """The rows of data that no change has made something else of, as they are written."""
        return frozenset(
            tuple(self.shown(cell, at).strip() for at, cell in enumerate(row.cells))
            for row in self.rows
            if not row.is_touched
        )
