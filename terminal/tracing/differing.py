"""The source rows that differ between two revisions, as tables for the terminal and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from disk import write_atomically
from pipeline.site import Site
from reports.spreadsheet import inert
from scoring.canonical import plain_number
from scoring.scorecard import Scorecard
from scoring.text import numbered
from terminal.numbers import NOTHING
from terminal.out import console
from terminal.tables import WholeTable
from terminal.tracing.row_csv import placed
from terminal.tracing.telling import tell_rest
from tracing.differing import RowChange, SliceChange, slice_changes
from tracing.landed import LandedRow

CHANGES_SHOWN = 50
COLUMNS_SHOWN = 6
_COLUMNS = (
    *("source", "account", "month", "fact", "row", "change", "column", "before", "now"),
    *("file_before", "sheet_before", "lines_before", "file_now", "sheet_now", "lines_now"),
)


def tell_changes(site: Site, old: Scorecard, new: Scorecard, *, rows: bool, to_csv: Path | None) -> None:
    """Compare the loads behind two revisions, print what differs with `rows`, and write it to a file."""
    out, changes = console(), [*slice_changes(site, old, new)]
    if rows:
        print_changes(out, changes)
    if to_csv is not None:
        _write(out, changes, to_csv)


def _write(out: Console, changes: Sequence[SliceChange], path: Path) -> None:
    write_atomically(path.resolve(), changes_as_csv(changes))
    count = sum(len(one.changes) for one in changes)
    out.print(f"\n{numbered(count, 'row')} written to {escape(str(path))}", soft_wrap=True)


def print_changes(out: Console, changes: Sequence[SliceChange]) -> None:
    """Each slice with how many rows came, went or changed, and the first of them."""
    for one in changes:
        _print_slice(out, one)
    if not changes:
        out.print("\nboth revisions have the same files of every account")


def _print_slice(out: Console, one: SliceChange) -> None:
    told = one.unknown or _counted(one.changes)
    out.print(f"\n[bold]{escape(str(one.slice))}[/bold]: {escape(told)}", highlight=False, soft_wrap=True)
    if one.changes:
        out.print(_table(one.changes[:CHANGES_SHOWN]))
    tell_rest(out, len(one.changes) - CHANGES_SHOWN)


def changes_as_csv(changes: Iterable[SliceChange]) -> bytes:
    """Every change, a line for each column that differs; text that a spreadsheet would run is made inert."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in changes:
        for change in one.changes:
            writer.writerows(map(inert, cells) for cells in _cells(one, change))
    # with the mark by which spreadsheets know the encoding
    return text.getvalue().encode("utf-8-sig")


def shown(value: object) -> str:
    """A value of a row as plain text; a dash if it has none."""
    if value is None:
        return NOTHING
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def _cells(one: SliceChange, change: RowChange) -> Iterator[tuple[str, ...]]:
    which, row = one.slice, change.row
    begin = (which.source, which.entity, str(which.month), row.fact, row.name, _kind(change))
    end = (*_place(change.old), *_place(change.new))
    for column, (before, now) in change.values.items():
        yield (*begin, column, shown(before), shown(now), *end)


def _place(row: LandedRow | None) -> tuple[str, str, str]:
    file, sheet, lines, _ = placed(() if row is None else row.places)
    return file, sheet, lines


def _kind(change: RowChange) -> str:
    if change.old is None:
        return "added"
    return "gone" if change.new is None else "changed"


def _counted(changes: Iterable[RowChange]) -> str:
    kinds = Counter(map(_kind, changes))
    counts = (f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    return ", ".join(counts) or "other files, and no row of the team differs"


def _table(changes: Iterable[RowChange]) -> Table:
    """File by file, as they are called now."""
    table = WholeTable(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    table.add_column("row", overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column("before → now", overflow="fold")
    table.add_column("line before", justify="right", overflow="fold")
    table.add_column("line now", justify="right", overflow="fold")
    above = ""
    for change in changes:
        file, sheet, _ = _place(change.row)
        if above != (above := f"{file}, sheet {sheet}" if sheet else file):
            table.add_row(f"[bold]{escape(above)}[/bold]", "", "", "", "")
        lines = [_place(row)[2] for row in (change.old, change.new)]
        table.add_row(escape(change.row.name), _kind(change), escape(_told(change)), *map(escape, lines))
    return table


def _told(change: RowChange) -> str:
    """`spend 9.18 → 10`; of a row that came or went the last columns, which are its figures."""
    told = [f"{name} {shown(old)} → {shown(new)}" for name, (old, new) in change.values.items()]
    return ", ".join(told[-COLUMNS_SHOWN:])
