"""Prints the result of a verification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from auditing.certifying import Certified
from auditing.everything import Audit, audit
from auditing.verifying import CardState, DrawingState, FileState, Verified, beside, verify
from pipeline.site import Site
from scoring.errors import DataError
from scoring.period import Period
from scoring.text import numbered
from terminal.counted import counted
from terminal.out import console_for, print_lines, say_json
from terminal.tables import titled


def print_verified(
    site: Site, period: Period | None = None, console: Console | None = None, *, as_json: bool = False
) -> None:
    """Print the result for every issue, and the counts; raises `DataError` unless all are ok."""
    found = verify(site, period, counted)
    lost = () if period else beside(site)
    if as_json:
        say_json({"issues": list(map(_as_json, found)), "findings": lost})
    else:
        out = console_for(console)
        out.print(_table(found))
        print_lines(out, (*_counts(found), *(f"{finding}." for finding in lost)))
    _refuse_broken(found)
    if lost:
        raise DataError(
            f"verify: expected every issue in its place, found {len(lost)} signs that one is missing or was "
            "changed; restore the ledger from a backup, or do what the lines above say."
        )


def print_certified(found: Certified, console: Console | None = None) -> None:
    """Print each check with its verdict, and below it what it found."""
    out = console_for(console)
    for check in found.checks:
        print_lines(
            out, (f"{check.verdict:5}  {check.name}", *(f"         {line}" for line in check.findings))
        )


def _as_json(one: Verified) -> dict[str, object]:
    return {
        "issue": one.issue.id,
        "card": one.issue.name,
        "content": one.card,
        "pdf": one.drawing,
        "file_on_disk": one.file,
    }


def print_audit(site: Site, console: Console | None = None, *, as_json: bool = False) -> None:
    """Print each thing that is not as it was written, and the counts; raises `DataError` if there is any."""
    found = audit(site)
    if as_json:
        say_json(found)
    else:
        print_lines(console_for(console), _audited(found))
    if found.findings:
        raise DataError(
            f"verify: expected everything as it was written, found {numbered(len(found.findings), 'fault')}; "
            "each line above says what heals it."
        )


def _audited(found: Audit) -> Iterator[str]:
    yield from (f"{finding}." for finding in found.findings)
    yield f"looked at: {', '.join(f'{kind} {number:,}' for kind, number in found.counts.items())}"
    if not found.findings:
        yield "everything is as it was written"


def _table(found: Sequence[Verified]) -> Table:
    table = titled("Issued scorecards")
    table.add_column("issue", justify="right")
    table.add_column("card", no_wrap=True)
    table.add_column("content")
    # wide enough for its longest word
    table.add_column("PDF", min_width=11)
    table.add_column("file on disk")
    for one in found:
        table.add_row(str(one.issue.id), escape(one.issue.name), one.card, one.drawing, one.file)
    return table


def _counts(found: Sequence[Verified]) -> tuple[str, ...]:
    return (
        f"content: {_counted(one.card for one in found)}",
        f"PDF: {_counted(one.drawing for one in found)}",
        f"file on disk: {_counted(one.file for one in found)}",
    )


def _counted(states: Iterable[StrEnum]) -> str:
    counts = Counter(states)
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


def _refuse_broken(found: Sequence[Verified]) -> None:
    """Raise `DataError`, which names the worst finding, if an issue is not as it was issued."""
    wrong = [one for one in found if not one.holds]
    if wrong:
        start = (
            f"verify: expected all {len(found)} issues as they were issued, found {len(wrong)} that are not"
        )
        raise DataError(f"{start} (issues {_first_names(wrong)}); {_todo(wrong)}.")


def _first_names(wrong: Sequence[Verified]) -> str:
    names = [str(one.issue.id) for one in wrong[:5]]
    return ", ".join([*names, "..."] if len(wrong) > 5 else names)


def _todo(wrong: Sequence[Verified]) -> str:
    """What to do about the worst of it."""
    return next(todo for is_so, todo in _TODO if any(map(is_so, wrong)))


_TODO: tuple[tuple[Callable[[Verified], bool], str], ...] = (
    (
        lambda one: one.card is not CardState.OK,
        "a card in the ledger is not what was issued: restore the ledger from a backup",
    ),
    (
        lambda one: one.file is FileState.CHANGED,
        "a PDF on disk is not what was issued: take it from the mail or from a backup",
    ),
    (
        lambda one: one.drawing is DrawingState.DIFFERENT,
        "draw them with the version of the program that issued them, if the bytes matter",
    ),
    (
        lambda one: not one.holds,
        "the missing PDFs can be taken from the mails or from a backup",
    ),
)
"""What can be wrong with an issue, the worst first, and what to do about it."""
