"""Tables as every command prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import truediv
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Column, Table


class WholeTable(Table):
    """A table of which nothing is cut: where it is too wide its texts go on in further lines.

    They break between words as long as the longest word of every column has room, and what is short stays in
    one line as long as it has.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Its lines, at most as wide as the console."""
        unbound = options.update(max_width=_UNBOUND)
        too_much = Measurement.get(console, unbound, self).maximum - options.max_width
        if too_much > 0:
            _fold(self.columns, [_measured(column, console, unbound) for column in self.columns], too_much)
        return super().__rich_console__(console, options)


_UNBOUND = 10_000
_SHORT = 12
"""How wide a text may be to stay in one line, such as `124.8 %` and `▲ amber`."""
_FEW = 4
"""How wide a column stays where words are broken, for the sake of those that must not wrap."""
Measured = Sequence[Sequence[Measurement]]
"""Of each column's texts how wide their longest word is, and all of them."""


def _measured(column: Column, console: Console, options: ConsoleOptions) -> Sequence[Measurement]:
    texts = chain((column.header, column.footer), column.cells)
    return [Measurement.get(console, options, text) for text in texts]


def _fold(columns: Sequence[Column], measured: Measured, too_much: int) -> None:
    """Give each column the width that it is to have."""
    most = _least(measured, _UNBOUND)
    room = sum(most) - too_much
    widths = shared(_fitting([*_wanted(columns, measured)], room), most, room)
    for column, width in zip(columns, widths, strict=True):
        column.width, column.no_wrap, column.overflow = width, False, "fold"


def _wanted(columns: Sequence[Column], measured: Measured) -> Iterator[list[int]]:
    """How wide the columns are to be at least, of all that is wanted less each time."""
    whole, words = _least(measured, _UNBOUND), _least(measured, 0)
    kept = [column.no_wrap * width for column, width in zip(columns, whole, strict=True)]
    few = [_FEW] * len(words)
    for wanted in (_least(measured, _SHORT), words, map(min, few, words)):
        yield [*map(max, kept, wanted)]


def _fitting(wanted: Sequence[list[int]], room: int) -> list[int]:
    return next((one for one in wanted if sum(one) <= room), wanted[-1])


def _least(measured: Measured, short: int) -> list[int]:
    """How wide each column must be for its words, and for all of a text that is at most `short`."""
    return [max(text.minimum if text.maximum > short else text.maximum for text in one) for one in measured]


def shared(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """The width of each column, in all `room`: its `least`, or less, and more where lines are most."""
    widths = [max(1, width) for width in least]
    while sum(widths) > max(room, len(widths)):
        widths[widths.index(max(widths))] -= 1
    for _ in range(sum(widths), room):
        lines = [*map(truediv, most, widths)]
        widths[lines.index(max(lines))] += 1
    return widths


def titled(title: str, **options: Any) -> Table:
    """A table under its title, which may have markup."""
    return WholeTable(title=title, title_justify="left", header_style="bold", **options)


def add_columns(table: Table, *names: str, **options: Any) -> None:
    """Add a column of each name, all of one kind."""
    for name in names:
        table.add_column(name, **options)


def add_rows(table: Table, rows: Iterable[Sequence[RenderableType]]) -> None:
    """Add the rows, whose texts may have markup."""
    for row in rows:
        table.add_row(*row)
