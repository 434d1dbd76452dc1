"""The target's row in the book, and the rule with its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from book import Book
from scoring.aims import Absolute
from scoring.kpi import Kpi, Target
from scoring.targets.terms import Terms
from scoring.working import Operand, Working
from terminal.dictionary import spelled, wanted
from terminal.numbers import exact
from tracing.subject import Subject


def agreed_lines(book: Book, subject: Subject) -> Iterator[str]:
    """What the card was scored by, and what today's book says."""
    result, kpi = subject.result, book.kpis.get(subject.result.kpi_id)
    if result.working is not None:
        yield f"rule on the card: {_rule(result.working)}"
    if kpi is None:
        yield "today's book does not (or no longer) have this KPI"
        return
    yield f"rule in the book: {kpi.rule.name}: {spelled(kpi.rule.params) or 'without parameters'}"
    terms = _terms(book, subject)
    if terms is None:
        yield "today's targets have no row for it"
    else:
        yield from _target_lines(kpi, subject, terms)


def _target_lines(kpi: Kpi, subject: Subject, terms: Terms) -> Iterator[str]:
    for part in terms.parts:
        yield f"target in the book: {_row(kpi, part.target)}"
    if _is_other(subject, terms):
        yield f"but the card was scored by {exact(subject.result.target)}: the targets have changed since"


def entry_lines(subject: Subject) -> Iterator[str]:
    """What people entered for the KPI, and the form it came from."""
    for entry in subject.card.entries:
        if entry.kpi_id == subject.result.kpi_id:
            comment = f": {entry.comment}" if entry.comment else ""
            yield f"{entry.kind} {entry.value}, by {entry.said_by} on {entry.said_on}{comment}"
            yield f"  {entry.form_name}"
            yield f"  fingerprint {entry.form_sha256}"


def _rule(working: Working) -> str:
    return f"{working.rule}: {', '.join(map(_operand, working.operands))}"


def _operand(operand: Operand) -> str:
    return f"{operand.name} {operand.value if isinstance(operand.value, str) else exact(operand.value)}"


def _terms(book: Book, subject: Subject) -> Terms | None:
    found = book.agreed(subject.card.team_id, subject.period)
    return next((terms for terms in found if terms.kpi_id == subject.result.kpi_id), None)


def _row(kpi: Kpi, target: Target) -> str:
    days = f"{target.valid_from} to before {target.valid_until}"
    agreed = "" if target.agreed_on is None else f", agreed on {target.agreed_on}"
    is_judged = isinstance(target.aim, Absolute) and target.target is None
    asked = "no number" if is_judged else wanted(kpi, target)
    return (
        f"{target.aim.kind}, {asked}, weight {exact(target.weight)}, per {target.per}, {days}{agreed}, "
        f"approved by {target.approved_by} ({target.reason})"
    )


def _is_other(subject: Subject, terms: Terms) -> bool:
    """Whether the book's number differs from the card's; a computed one only shows in the working."""
    is_plain = len(terms.parts) == 1 and isinstance(terms.row.aim, Absolute)
    return is_plain and subject.result.target is not None and terms.row.target != subject.result.target
