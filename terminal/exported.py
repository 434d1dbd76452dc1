"""Writes the issued scores to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from disk import write_atomically
from disk.nearest import did_you_mean
from ledger import Ledger
from pipeline.steps.tabulate import issued_card
from reports.tables import COLUMNS, ENDINGS, PAY, Row, as_file, further_columns, rows_of
from scoring.errors import UsageError
from scoring.text import numbered
from terminal.asked import Asked, refuse_unknown
from terminal.counted import counted
from terminal.out import say


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written where; without `kpis` all lines of the cards."""

    file: Path
    asked: Asked
    kpis: Sequence[str] = ()
    all_revisions: bool = False
    with_pay: bool = False


def write_export(ledger: Ledger, export: Export) -> None:
    """Write the file, and say what is in it.

    Raises `UsageError` for an unknown ending, for names that no card has, and where no card is left.
    """
    ending = _ending(export.file)
    export.asked.or_raise(ledger)
    issues = ledger.issues_of(export.asked.periods, export.asked.teams, all_revisions=export.all_revisions)
    newest = ledger.newest_ids()
    cards = counted((issued_card(issue, newest) for issue in issues), len(issues))
    kept = _of_kpis(export.kpis, [*chain.from_iterable(map(rows_of, cards))])
    if not kept:
        raise UsageError("export: expected issued cards, found none; `scorewright cards` lists them all.")
    columns = {**COLUMNS, **further_columns(kept), **(PAY if export.with_pay else {})}
    write_atomically(export.file, as_file(columns, kept, ending))
    say(f"{export.file}: {numbered(len(kept), 'row')} of {numbered(len(issues), 'card')}")


def _of_kpis(kpis: Sequence[str], rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of these KPIs, of all where none is named; raises `UsageError` for one that no card has."""
    refuse_unknown("kpi", kpis, {str(row["kpi_id"]) for row in rows})
    return [row for row in rows if row["kpi_id"] in kpis] if kpis else rows


def _ending(file: Path) -> str:
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            f"{file}: expected a file that ends in {', '.join(ENDINGS)}, found {ending!r}"
            f"{did_you_mean(ending, ENDINGS)}; name another."
        )
    return ending
