"""Prints what a new issue of cards would change, as a table and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from disk import write_atomically
from pipeline.preview import Impact
from reports.spreadsheet import inert
from scoring.canonical import plain_number
from scoring.restatement import FieldChange, Moved, Restatement
from scoring.text import numbered
from terminal.ahead import ahead_lines
from terminal.numbers import NOTHING, rounded
from terminal.out import console_for, print_lines
from terminal.revisions import causes_told, source_told
from terminal.tables import add_columns, add_rows, titled


def why(impact: Impact) -> str:
    """All causes, and which other parts of the card differ."""
    if impact.restatement is None:
        return "first issue"
    found = [*_causes(impact.restatement), *_other_parts(impact.restatement)]
    return "; ".join(found or _parts(impact.restatement.others))


def _causes(found: Restatement) -> Iterator[str]:
    if found.causes:
        late = dict.fromkeys(source for change in found.kpis for source in change.sources)
        yield causes_told(found.causes, tuple(late))


def _other_parts(found: Restatement) -> Iterator[str]:
    """Differences outside the card's lines: the trends, the rates, and anything that does not follow from a
    line.
    """
    if found.past:
        yield "trends"
    if found.rates:
        yield "rates"
    yield from _parts([other for other in found.others if not _RESULT.fullmatch(other.field)])


_RESULT = re.compile(r"band|areas/.+/(points|score|band)")


def _parts(others: Iterable[FieldChange]) -> list[str]:
    return [*dict.fromkeys(other.field.split("/")[0] for other in others)]


def print_impacts(impacts: Sequence[Impact], console: Console | None = None) -> None:
    """Print a row for each card that would be revised, then how many would be issued for the first time."""
    out = console_for(console)
    revised = [impact for impact in impacts if impact.restatement is not None]
    if revised:
        out.print(_table(revised))
    print_lines(out, _told(impacts, revised))


def _told(impacts: Sequence[Impact], revised: Sequence[Impact]) -> Iterator[str]:
    first = Counter(impact.card.period for impact in impacts if impact.restatement is None)
    for period, count in first.items():
        yield f"{period}: {count} to be issued for the first time"
    for card in (impact.card for impact in impacts):
        yield from (f"{card.period} {card.team_id}: {line}" for line in ahead_lines(card))
    yield _counted(revised)


def _counted(revised: Sequence[Impact]) -> str:
    closed = sum(impact.is_closed for impact in revised)
    grades = sum(impact.grade.has_moved for impact in revised)
    pays = sum(impact.pay.has_moved for impact in revised)
    return (
        f"{numbered(len(revised), 'issued card')} would get a revision, {closed} of them of a closed period; "
        f"{grades} would have another grade, {pays} another pay coefficient. Nothing was changed."
    )


def _table(revised: Sequence[Impact]) -> Table:
    table = titled("Revisions", show_lines=True)
    table.add_column("card", overflow="fold")
    add_columns(table, "total", "grade", "pay")
    table.add_column("why, and the scores that move", overflow="fold")
    add_rows(table, map(_row, revised))
    return table


def _row(impact: Impact) -> tuple[str, ...]:
    card, state = impact.card, "closed" if impact.is_closed else "open"
    return (
        f"{card.period} {card.team_id}\nr{card.revision - 1} → r{card.revision}, {state}",
        _scores(impact.total),
        _arrow(_grade(impact.grade.old), _grade(impact.grade.new)),
        _arrow(_coefficient(impact.pay.old), _coefficient(impact.pay.new)),
        escape("\n".join([why(impact), *_moves(impact)])),
    )


def _moves(impact: Impact) -> Iterator[str]:
    for change in impact.changes:
        if change.score.has_moved:
            yield f"{change.kpi_id} {_scores(change.score)}"


def _scores(moved: Moved) -> str:
    return _arrow(rounded(moved.old), rounded(moved.new))


def _grade(grade: str | None) -> str:
    return escape(grade or NOTHING)


def _coefficient(pay: Decimal | None) -> str:
    return NOTHING if pay is None else plain_number(pay)


def _arrow(old: str, new: str) -> str:
    return new if old == new else f"{old} → {new}"


_HEADER = [
    *("period", "team", "closed", "old_revision", "new_revision"),
    *(f"{age}_{name}" for name in ("total", "grade", "pay") for age in ("old", "new")),
    "kpi",
    *(f"{age}_{name}" for name in ("actual", "score") for age in ("old", "new")),
    *("because_of", "late_sources"),
]


def impacts_as_json(impacts: Sequence[Impact]) -> list[dict[str, object]]:
    """An object for each line that would change, and one for a card without a changed line."""
    return [
        dict(zip(_HEADER, (*_of_card(impact), *line), strict=True))
        for impact in impacts
        for line in _lines(impact)
    ]


def write_csv(impacts: Sequence[Impact], path: Path) -> None:
    """Write a row for each line that would change, and one for a card without a changed line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for impact in impacts:
        card = list(map(_cell, _of_card(impact)))
        writer.writerows([*card, *map(_cell, line)] for line in _lines(impact))
    write_atomically(path, text.getvalue().encode())


def _of_card(impact: Impact) -> Iterator[object]:
    card = impact.card
    yield from (card.period, card.team_id, "yes" if impact.is_closed else "no")
    yield from (card.revision - 1 or None, card.revision)
    for moved in (impact.total, impact.grade, impact.pay):
        yield from (moved.old, moved.new)


def _lines(impact: Impact) -> Iterator[Sequence[object]]:
    for change in impact.changes:
        moved = (change.actual.old, change.actual.new, change.score.old, change.score.new)
        late = ", ".join(map(source_told, change.sources))
        yield (change.kpi_id, *moved, ", ".join(change.causes), late)
    if not impact.changes:
        yield (*[None] * 5, why(impact), None)


def _cell(value: object) -> str:
    """Plain numbers, and text that no spreadsheet runs as a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(value)
    return inert(str(value))
