"""Compares the book's KPIs with what was issued under their ids."""

from __future__ import annotations

from collections.abc import Iterator

from book import Book
from ledger import Ledger, LedgerSchemaError, open_ledger
from scoring.canonical import head_of
from scoring.definition import Definition
from scoring.errors import BookError


def refuse_redefined(book: Book, ledger: Ledger) -> None:
    """Raise `BookError` if a KPI's id has another meaning than on the last card that printed it.

    Two cards that name the same KPI must mean the same thing, or trends and targets are meaningless.
    """
    problems = list(redefinitions(book, ledger))
    if problems:
        raise BookError(" ".join(problems))


def check_issued(book: Book, ledger_url: str) -> list[str]:
    """The same as sentences; none if nothing was issued yet."""
    try:
        ledger = open_ledger(ledger_url)
    except LedgerSchemaError:
        return []
    return list(redefinitions(book, ledger))


def redefinitions(book: Book, ledger: Ledger) -> Iterator[str]:
    """A sentence for each KPI whose formula, unit or direction differs from the one last issued."""
    for kpi_id, (card_name, issued) in _issued(ledger).items():
        if kpi_id not in book.kpis:
            continue
        change = issued.change_to(Definition.of(book.kpis[kpi_id]))
        if change is not None:
            part, before, after = change
            yield (
                f"kpis/{kpi_id}.yaml: {part}: expected {before!r}, as issued with {card_name}, "
                f"found {after!r}; an id is never redefined: put it back and add a KPI with another id."
            )


def _issued(ledger: Ledger) -> dict[str, tuple[str, Definition]]:
    """The definition that each KPI was last issued with, and its card."""
    issues = ledger.last_issue_of_each_team()
    found = {line.kpi_id: (issue.name, line) for issue in issues for line in head_of(issue.card_json).lines}
    return {kpi_id: (name, Definition.of(line)) for kpi_id, (name, line) in found.items()}
