"""Checks objectives against teams, KPIs and measures, and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.okrs import ObjectiveFile
from book.lint.key_results import lint_key_result
from book.lint.known import is_unknown
from scoring.arithmetic import HUNDRED
from scoring.period import Period


def lint_okrs(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in the objectives."""
    for entry in draft.okrs.objectives.values():
        yield from _team(draft, entry)
        yield from _weights(entry)
        for key_id, key_result in entry.shape.key_results.items():
            yield from lint_key_result(draft, entry, key_id, key_result)
        yield from list(_parent(draft, entry)) or _circle(draft, entry)


def _team(draft: Draft, entry: ObjectiveFile) -> Iterator[Fault]:
    if is_unknown(entry.shape.team, draft.team_ids):
        yield entry.file.fault(
            ("team",), f"team: expected one of teams.yaml, found {entry.shape.team!r}; correct it"
        )


def _weights(entry: ObjectiveFile) -> Iterator[Fault]:
    total = sum((item.weight for item in entry.shape.key_results.values()), Decimal(0))
    if total != HUNDRED:
        yield entry.file.fault(
            ("key_results",), f"key_results: expected weights that sum to 100, found {total}; correct them"
        )


def _parent(draft: Draft, entry: ObjectiveFile) -> Iterator[Fault]:
    """Its parent exists, in a period that shares days with its own."""
    parent = entry.shape.parent
    if parent is None:
        return
    objective_id, _, key_id = parent.partition("/")
    served = draft.okrs.objectives.get(objective_id)
    if objective_id not in draft.okrs.ids or not key_id:
        yield _wrong_parent(entry, "<objective>/<key result> of okrs/", repr(parent))
    elif served is not None:
        yield from _unknown_key(entry, parent, [f"{objective_id}/{key}" for key in served.shape.key_results])
        yield from _other_days(entry, parent, served.shape.period)


def _unknown_key(entry: ObjectiveFile, parent: str, known: Sequence[str]) -> Iterator[Fault]:
    if parent not in known:
        yield _wrong_parent(entry, f"one of {', '.join(known)}", repr(parent))


def _other_days(entry: ObjectiveFile, parent: str, theirs: Period) -> Iterator[Fault]:
    ours = entry.shape.period
    if not (theirs.start < ours.end and ours.start < theirs.end):
        yield _wrong_parent(
            entry, f"a key result whose period shares days with {ours}", f"{parent} of {theirs}"
        )


def _wrong_parent(entry: ObjectiveFile, expected: str, found: str) -> Fault:
    return entry.file.fault(("parent",), f"parent: expected {expected}, found {found}; correct it")


def _circle(draft: Draft, entry: ObjectiveFile) -> Iterator[Fault]:
    """Reported at the objective of the circle whose name comes first."""
    path = [entry.file.name.removeprefix("okrs/").removesuffix(".yaml")]
    above = _above(draft, path[0])
    while above is not None and above not in path:
        path.append(above)
        above = _above(draft, above)
    if above == path[0] == min(path):
        circle = " -> ".join((*path, path[0]))
        yield _wrong_parent(entry, "an objective that does not serve itself through its parents", circle)


def _above(draft: Draft, objective_id: str) -> str | None:
    """The objective that another one serves, if it does and could be read."""
    entry = draft.okrs.objectives.get(objective_id)
    parent = None if entry is None else entry.shape.parent
    return None if parent is None else parent.partition("/")[0]
