"""What issuing cards anew would move, as values, as a table and as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from etl.landing import write_atomically
from pipeline.numbers import NOTHING, number
from pipeline.restated import causes_told, source_told
from scoring.canonical import plain_number
from scoring.restatement import FieldChange, KpiChange, Moved, MovedText, Restatement
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Impact:
    """A card that would be issued, and what the ledger would say of it as a revision.

    `restatement` is None where no card of the team and period is issued yet; `is_closed` is whether the
    period is closed now, so that the revision restates it.
    """

    card: Scorecard
    is_closed: bool
    restatement: Restatement | None = None

    @property
    def total(self) -> Moved:
        """The total as it was issued and as it would be."""
        return Moved(None, self.card.total) if self.restatement is None else self.restatement.total

    @property
    def grade(self) -> MovedText:
        """The grade as it was issued and as it would be."""
        return MovedText(None, self.card.grade) if self.restatement is None else self.restatement.grade

    @property
    def pay(self) -> Moved:
        """The pay coefficient as it was issued and as it would be."""
        if self.restatement is not None:
            return self.restatement.pay
        return Moved(None, None if self.card.pay is None else self.card.pay.result)

    @property
    def changes(self) -> tuple[KpiChange, ...]:
        """The lines that would say something else; of a first issue there is nothing to compare."""
        return () if self.restatement is None else self.restatement.kpis

    @property
    def why(self) -> str:
        """All causes, and which other parts of the card say something else."""
        if self.restatement is None:
            return "first issue"
        found = [*_causes(self.restatement), *_other_parts(self.restatement)]
        return "; ".join(found or _parts(self.restatement.others))


def _causes(found: Restatement) -> Iterator[str]:
    if found.causes:
        late = dict.fromkeys(source for change in found.kpis for source in change.sources)
        yield causes_told(found.causes, tuple(late))


def _other_parts(found: Restatement) -> Iterator[str]:
    """What is no line of the card: the trends, the rates, and the rest that does not follow from a line."""
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
    out = console or Console()
    revised = [impact for impact in impacts if impact.restatement is not None]
    if revised:
        out.print(_table(revised))
    for line in _told(impacts, revised):
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _told(impacts: Sequence[Impact], revised: Sequence[Impact]) -> Iterator[str]:
    first = Counter(impact.card.period for impact in impacts if impact.restatement is None)
    for period, count in first.items():
        yield f"{period}: {count} to be issued for the first time"
    closed = sum(impact.is_closed for impact in revised)
    grades = sum(impact.grade.has_moved for impact in revised)
    pays = sum(impact.pay.has_moved for impact in revised)
    yield (
        f"{len(revised)} issued cards would get a revision, {closed} of them of a closed period; {grades} "
        f"would have another grade, {pays} another pay coefficient. Nothing was changed."
    )


def _table(revised: Sequence[Impact]) -> Table:
    table = Table(title="Revisions", title_justify="left", header_style="bold", show_lines=True)
    table.add_column("card", overflow="fold")
    for name in ("total", "grade", "pay"):
        table.add_column(name)
    table.add_column("why, and the scores that move", overflow="fold")
    for impact in revised:
        card, state = impact.card, "closed" if impact.is_closed else "open"
        table.add_row(
            f"{card.period} {card.team_id}\nr{card.revision - 1} → r{card.revision}, {state}",
            _scores(impact.total),
            _arrow(*(escape(grade or NOTHING) for grade in (impact.grade.old, impact.grade.new))),
            _arrow(*(_coefficient(pay) for pay in (impact.pay.old, impact.pay.new))),
            escape("\n".join([impact.why, *_moves(impact)])),
        )
    return table


def _moves(impact: Impact) -> Iterator[str]:
    for change in impact.changes:
        if change.score.has_moved:
            yield f"{change.kpi_id} {_scores(change.score)}"


def _scores(moved: Moved) -> str:
    return _arrow(number(moved.old, 1), number(moved.new, 1))


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


def write_csv(impacts: Sequence[Impact], path: Path) -> None:
    """Write a row for each line that would change, and one for a card of which no line does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for impact in impacts:
        card = [_cell(value) for value in _of_card(impact)]
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
        yield (*[None] * 5, impact.why, None)


def _cell(value: object) -> str:
    """Plain; a text that a spreadsheet would take for a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(value)
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
