"""Prints which issued cards count a line of an export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.cards import CardRef
from pipeline.site import Site
from terminal.numbers import exact
from terminal.out import console_for
from terminal.tables import WholeTable, add_columns
from terminal.tracing.differing import shown
from terminal.tracing.row_csv import placed
from terminal.tracing.telling import whole_amount
from tracing.counting import Counted, FoundLine, FoundRow, Superseded, find_line
from warehouse import SourceRow

_STATES = {"loaded": "the loaded version", "replaced": "loaded once, REPLACED since"}


def print_line(site: Site, file: str, line: int, console: Console | None = None) -> None:
    """Print the line of every landed version of the file, and which issued cards count it."""
    out = console_for(console)
    for found in find_line(site, file, line):
        _print_version(out, found, line)


def _print_version(out: Console, found: FoundLine, line: int) -> None:
    _say(out, f"\n[bold]{escape(found.file)}, line {line}[/bold]")
    _say(out, escape(_load(found)))
    for text in _without_rows(found):
        _say(out, f"  {escape(text)}")
    for row in found.rows:
        _print_row(out, row)


def _load(found: FoundLine) -> str:
    pull, state = found.pull, _STATES.get(found.state, found.state)
    return f"{pull.source}/{pull.entity} {pull.month}, landed {_at(pull.landed_at)}: {state}"


def _print_row(out: Console, found: FoundRow) -> None:
    row = found.row
    values = ", ".join(f"{name} {shown(value)}" for name, value in row.values.items())
    _say(out, f"  {escape(f'{row.fact}: {values}')}")
    _say(out, f"  of {', '.join(found.teams) or 'no team alone'}")
    out.print(_table(found) if found.counted else "  no issued card counts it")
    for other in found.superseded:
        _say(out, f"  not counted by {CardRef.of(other.card)}: {escape(_elsewhere(found, other))}")


def _table(found: FoundRow) -> Table:
    table = WholeTable(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    add_columns(table, "counted by", "KPI", "figure", overflow="fold")
    table.add_column("brings in", justify="right", overflow="fold")
    for one in found.counted:
        table.add_row(str(CardRef.of(one.card)), one.kpi_id, escape(one.measure), escape(_brings_in(one)))
    return table


def _brings_in(counted: Counted) -> str:
    """`9.18 USD × share 0.4`."""
    return "its rate" if counted.row is None else _amount(counted.row)


def _amount(row: SourceRow) -> str:
    whole = whole_amount(row)
    return whole if row.share == 1 else f"{whole} × share {exact(row.share)}"


def _elsewhere(found: FoundRow, other: Superseded) -> str:
    made = f"made of the load landed {_at(other.landed_at)}"
    if other.row is None:
        return f"{made}, which does not have the row"
    is_same = other.row.values == found.row.values
    _, _, lines, _ = placed(other.row.places)
    return f"{made}, where the row is {'the same' if is_same else 'another'}, in line {lines}"


def _without_rows(found: FoundLine) -> Iterator[str]:
    if found.unread is not None:
        yield f"cannot be read again: {found.unread}"
    elif found.apart is not None:
        row = found.apart
        yield f"quarantined: column {row.column!r}: expected {row.expected}, found {row.found}"
    elif not found.rows:
        yield "no row that counts: above or in the header, a total, or set aside"


def _say(out: Console, text: str) -> None:
    out.print(text, highlight=False, soft_wrap=True)


def _at(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S} UTC"
