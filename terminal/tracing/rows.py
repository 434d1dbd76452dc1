"""The source rows as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scoring.text import numbered
from terminal.numbers import exact
from terminal.tables import WholeTable
from terminal.tracing.row_csv import lines_told, named
from terminal.tracing.telling import tell_rest, whole_amount
from tracing.landed import Place
from tracing.locating import Located
from tracing.rows import TracedRows
from warehouse import SourceRow

ROWS_SHOWN = 50


def print_rows(out: Console, traced: Iterable[TracedRows], places: Located) -> None:
    """Each measure's rows, only the first if there are many, and whether they sum to the card."""
    for one in traced:
        out.print(f"\n[bold]{one.measure.name}[/bold]: {numbered(len(one.rows), 'row')}", highlight=False)
        if one.rows:
            out.print(_table(one, places))
        tell_rest(out, len(one.rows) - ROWS_SHOWN)
        out.print(_verdict(one), highlight=False)
    for note in places.notes:
        out.print(f"\n{escape(note)}", highlight=False, soft_wrap=True)


def _verdict(traced: TracedRows) -> str:
    """Whether the rows still sum to what the card says, in a line."""
    value, found = traced.measure.value, traced.sum
    on_card = "no data" if value is None else exact(value)
    if traced.is_as_on_card:
        return f"sum {exact(found)} = card" if traced.rows else f"no rows, card: {on_card}"
    moved = _signed(found - (value or Decimal(0)))
    return f"sum differs: the current rows sum to {exact(found)}, card: {on_card} ({moved})"


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{exact(value)}"


def _table(traced: TracedRows, places: Located) -> Table:
    """File by file, so that its name and account are not repeated in every row."""
    table = WholeTable(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    table.add_column("day", no_wrap=True)
    table.add_column("row", overflow="fold")
    table.add_column("brings in", justify="right", overflow="fold")
    table.add_column("line", justify="right", overflow="fold")
    above: tuple[str, ...] = ()
    for row in traced.rows[:ROWS_SHOWN]:
        where = places.of(traced.measure, row)
        if above != (above := (f"{row.source}/{row.entity}", *map(_file, where[:1]))):
            for name in above:
                table.add_row("", f"[bold]{escape(name)}[/bold]", "", "")
        table.add_row(row.day.isoformat(), escape(named(row)), _sum(row), escape(_lines(where)))
    return table


def _file(place: Place) -> str:
    return place.file if place.sheet is None else f"{place.file}, sheet {place.sheet}"


def _lines(places: Sequence[Place]) -> str:
    """The lines in the file named above, and those in another one beside it."""
    told = [lines_told(place) for place in places[:1]]
    return ", ".join([*told, *(f"{_file(place)} {lines_told(place)}" for place in places[1:])])


def _sum(row: SourceRow) -> str:
    """`20 USD × 0.9 × share 0.4 = 7.2`, without what changes nothing."""
    factors = [whole_amount(row)]
    if row.rate not in (None, 1):
        factors.append(exact(row.rate))
    if row.share != 1:
        factors.append(f"share {exact(row.share)}")
    product = " × ".join(factors)
    return f"{product} = {exact(row.part)}" if len(factors) > 1 else product
