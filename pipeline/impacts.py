"""What issuing cards anew would move, as values, as a table and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from etl.landing import write_atomically
from pipeline.numbers import NOTHING, number
from scoring.canonical import plain_number
from scoring.scorecard import KpiResult, Scorecard

Moved = tuple[Decimal | None, Decimal | None]
"""A number as it was issued and as it would be."""


@dataclass(frozen=True, slots=True)
class KpiMove:
    """A line that would say something else; `why` names what of it differs."""

    kpi_id: str
    actual: Moved
    score: Moved
    why: str


@dataclass(frozen=True, slots=True)
class Impact:
    """A card that would be issued, beside the one that is; `old_revision` is None where none is."""

    period: str
    team_id: str
    old_revision: int | None
    new_revision: int
    total: Moved
    grade: tuple[str | None, str | None]
    pay: Moved
    moves: tuple[KpiMove, ...]
    why: str

    @property
    def is_revision(self) -> bool:
        """Whether it takes the place of an issued card."""
        return self.old_revision is not None


def impact_of(old: Scorecard | None, new: Scorecard) -> Impact:
    """What `new` would change; of a first issue there is nothing to compare."""
    moves = () if old is None else tuple(_moves(old, new))
    return Impact(
        period=new.period,
        team_id=new.team_id,
        old_revision=None if old is None else old.revision,
        new_revision=new.revision,
        total=(None if old is None else old.total, new.total),
        grade=(None if old is None else old.grade, new.grade),
        pay=(_pay(old), _pay(new)),
        moves=moves,
        why="first issue" if old is None else _why(old, new, moves),
    )


def _pay(card: Scorecard | None) -> Decimal | None:
    return None if card is None or card.pay is None else card.pay.result


_LATE = "late data"
# what a reader wants to know first comes first
_LINE_PARTS = (
    ("target", ("target", "target_low", "target_high", "target_workings", "baseline")),
    ("weight", ("weight", "weight_working")),
    ("rule", ("attainment_method", "formula", "unit", "direction")),
    ("wording", ("name", "description", "why", "owner", "decimals")),
    ("earlier periods", ("history",)),
)


def _moves(old: Scorecard, new: Scorecard) -> Iterator[KpiMove]:
    before = {result.kpi_id: result for result in old.results}
    after = {result.kpi_id: result for result in new.results}
    for kpi_id in dict.fromkeys((*before, *after)):
        was, now = before.get(kpi_id), after.get(kpi_id)
        if was != now:
            yield KpiMove(
                kpi_id,
                (was.actual if was else None, now.actual if now else None),
                (was.score if was else None, now.score if now else None),
                _why_line(was, now),
            )


def _why_line(old: KpiResult | None, new: KpiResult | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "dropped"
    found = [_LATE] if (old.actual, old.measures) != (new.actual, new.measures) else []
    found += [word for word, names in _LINE_PARTS if any(getattr(old, n) != getattr(new, n) for n in names)]
    if not found:
        # the same actual and target, and yet another score
        found = ["rule" if (old.attainment, old.score) != (new.attainment, new.score) else "other lines"]
    return ", ".join(found)


_CARD_PARTS = (
    ("data certificate", ("certificate",)),
    ("exchange rates", ("rates",)),
    ("objectives", ("objectives",)),
    ("appraisal", ("appraisal", "entries", "appraiser_name", "reviewer_name")),
    ("names", ("organisation", "team_name", "manager_name", "language")),
    ("grading", ("cutoffs", "not_available", "mix")),
    ("earlier totals", ("total_history",)),
)


def _why(old: Scorecard, new: Scorecard, moves: Sequence[KpiMove]) -> str:
    found = [part for move in moves for part in move.why.split(", ")]
    found += [word for word, names in _CARD_PARTS if any(getattr(old, n) != getattr(new, n) for n in names)]
    return ", ".join(dict.fromkeys(found)) or "other words"


def print_impacts(impacts: Sequence[Impact], console: Console | None = None) -> None:
    """Print a row for each card that would be revised, then how many would be issued for the first time."""
    out = console or Console()
    revised = [impact for impact in impacts if impact.is_revision]
    if revised:
        out.print(_table(revised))
    for line in _told(impacts, revised):
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _told(impacts: Sequence[Impact], revised: Sequence[Impact]) -> Iterator[str]:
    first = Counter(impact.period for impact in impacts if not impact.is_revision)
    for period, count in first.items():
        yield f"{period}: {count} to be issued for the first time"
    grades = sum(impact.grade[0] != impact.grade[1] for impact in revised)
    pays = sum(impact.pay[0] != impact.pay[1] for impact in revised)
    yield (
        f"{len(revised)} issued cards would get a revision; {grades} would have another grade, {pays} "
        "another pay coefficient. Nothing was changed."
    )


def _table(impacts: Sequence[Impact]) -> Table:
    table = Table(title="Revisions", title_justify="left", header_style="bold", show_lines=True)
    table.add_column("card", overflow="fold")
    for name in ("total", "grade", "pay"):
        table.add_column(name)
    table.add_column("why, and the scores that move", overflow="fold")
    for impact in impacts:
        moves = [move for move in impact.moves if move.score[0] != move.score[1]]
        table.add_row(
            f"{impact.period} {impact.team_id}\nr{impact.old_revision} → r{impact.new_revision}",
            _arrow(*(number(value, 1) for value in impact.total)),
            _arrow(*(escape(grade or NOTHING) for grade in impact.grade)),
            _arrow(*(NOTHING if value is None else plain_number(value) for value in impact.pay)),
            "\n".join([impact.why, *map(_line, moves)]),
        )
    return table


def _line(move: KpiMove) -> str:
    return f"{escape(move.kpi_id)} {_arrow(*(number(value, 1) for value in move.score))}"


def _arrow(old: str, new: str) -> str:
    return new if old == new else f"{old} → {new}"


_HEADER = [
    *("period", "team", "old_revision", "new_revision"),
    *(f"{age}_{name}" for name in ("total", "grade", "pay") for age in ("old", "new")),
    "kpi",
    *(f"{age}_{name}" for name in ("actual", "score") for age in ("old", "new")),
    "because_of",
]


def write_csv(impacts: Sequence[Impact], path: Path) -> None:
    """Write a row for each line that would change, and one for a card of which no line does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for impact in impacts:
        pairs = (impact.total, impact.grade, impact.pay)
        card = [impact.period, impact.team_id, impact.old_revision, impact.new_revision]
        cells = [*map(_cell, card), *(_cell(value) for pair in pairs for value in pair)]
        for move in impact.moves:
            moved = [_cell(value) for pair in (move.actual, move.score) for value in pair]
            writer.writerow([*cells, move.kpi_id, *moved, move.why])
        if not impact.moves:
            writer.writerow([*cells, "", "", "", "", "", impact.why])
    write_atomically(path, text.getvalue().encode())


def _cell(value: object) -> str:
    """Plain; a text that a spreadsheet would take for a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(value)
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
