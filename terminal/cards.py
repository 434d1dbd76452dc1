"""Prints what was issued, a line for each revision of each card."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ledger import IssueLine, Ledger
from scoring.text import numbered
from scoring.working import Band
from terminal.asked import Asked
from terminal.numbers import NOTHING, rounded
from terminal.out import console_for, print_lines
from terminal.tables import add_columns, add_rows, titled

_REPLACED = "dim"


def issued_lines(ledger: Ledger, asked: Asked) -> Sequence[IssueLine]:
    """The cards asked for, in order of their names; raises what `Asked.or_raise` raises."""
    asked.or_raise(ledger)
    found = ledger.listed(asked.periods, asked.teams)
    return sorted(found, key=lambda line: (line.period, line.team_id, line.revision))


def print_cards(lines: Sequence[IssueLine], console: Console | None = None) -> None:
    """Print them as a table, replaced revisions dim, and how many they are."""
    # without lines between the columns it fits a terminal of 80; there a long id is folded first
    table = titled("Issued scorecards", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("card", overflow="fold")
    table.add_column("total", justify="right", no_wrap=True)
    add_columns(table, "grade", "status", "data", "issued", no_wrap=True)
    table.add_column("sent", justify="right", no_wrap=True)
    _fill(table, lines)
    out = console_for(console)
    out.print(table)
    current = sum(line.is_current for line in lines)
    print_lines(out, [f"{numbered(current, 'card')}, {numbered(len(lines), 'revision')}"])


def _fill(table: Table, lines: Sequence[IssueLine]) -> None:
    add_rows(table, map(_row, lines))
    for row, line in zip(table.rows, lines, strict=True):
        row.style = None if line.is_current else _REPLACED


def _row(line: IssueLine) -> tuple[str, ...]:
    return (
        escape(f"{line.period}/{line.team_id}/r{line.revision}"),
        rounded(line.total),
        escape(line.grade or NOTHING),
        NOTHING if line.band == Band.NOT_AVAILABLE else line.band,
        line.certificate,
        f"{line.issued_at:%Y-%m-%d}",
        str(line.sent_to),
    )
