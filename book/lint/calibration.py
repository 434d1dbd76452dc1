"""Checks calibration.csv and how grades are to be spread against the grades, the teams and their managers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from operator import attrgetter

from book.advice import with_advice
from book.fault import Fault
from book.files.calibration import DecisionRow
from book.files.draft import Draft
from book.files.shapes import GradingShape, TeamShape
from book.lint.dated import unknown_team, valued
from book.lint.known import is_unknown
from book.model import holds_on
from scoring.calibration import Decided
from scoring.errors import BookError


def lint_calibration(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in calibration.csv, and in the distribution of grading.yaml."""
    if draft.grading is not None:
        yield from _distribution(draft, draft.grading)
    for row in draft.decisions:
        yield from _grades(draft, row)
        yield from _team(draft, row)
        yield from _about_a_period(draft, row)
    yield from _doubled(draft)


def _distribution(draft: Draft, grading: GradingShape) -> Iterator[Fault]:
    if grading.distribution is not None:
        try:
            grading.distribution.value(grading.grade_names)
        except BookError as error:
            place = ("distribution", "shares")
            yield draft.files["grading.yaml"].fault(place, with_advice(error, "correct them"))


def _about_a_period(draft: Draft, row: DecisionRow) -> Iterator[Fault]:
    entry = valued(draft, row)
    if isinstance(entry, Fault):
        yield entry
    elif entry is not None:
        yield from _own(draft, row, entry)
        yield from _day(row, entry)


def _grades(draft: Draft, row: DecisionRow) -> Iterator[Fault]:
    known = None if draft.grading is None else draft.grading.grade_names
    for column in ("by_score", "grade"):
        name = getattr(row, column)
        if is_unknown(name, known):
            listed = ", ".join(known or ["grading.yaml, which has none"])
            yield row.fault(f"{column}: expected a grade of {listed}, found {name!r}; correct it")


def _team(draft: Draft, row: DecisionRow) -> Iterator[Fault]:
    if is_unknown(row.team, draft.team_ids):
        yield unknown_team(row)


def _own(draft: Draft, row: DecisionRow, entry: Decided) -> Iterator[Fault]:
    """Nobody decides on the grade of their own card."""
    team = draft.teams.get(row.team)
    if team is not None and _spelled(row.decided_by) in _names(team, entry):
        yield row.fault(
            f"decided_by: expected somebody other than the manager of {row.team} in {row.period}, found "
            f"{row.decided_by!r}; let somebody else decide"
        )


def _names(team: TeamShape, entry: Decided) -> set[tuple[str, ...]]:
    """All names and the address of who is in charge of the team on the last day of the period."""
    changes = sorted(team.changes, key=attrgetter("start"))
    then = [change.manager for change in changes if holds_on(change, entry.period.last_day)]
    *_, manager = filter(None, (team.manager, *then))
    return {*map(_spelled, (manager.name, manager.email, *manager.formerly))}


def _spelled(name: str) -> tuple[str, ...]:
    """A name however it is written: capital letters, spaces and the order of its parts say nothing."""
    return tuple(sorted(unicodedata.normalize("NFKC", name).casefold().replace(",", " ").split()))


def _day(row: DecisionRow, entry: Decided) -> Iterator[Fault]:
    """Before the period is over nobody knows its total."""
    if entry.on in entry.period or entry.on < entry.period.start:
        yield row.fault(
            f"decided_on: expected a day after {entry.period.last_day}, the last of {row.period}, found "
            f"{entry.on}; give the day of the decision"
        )


def _doubled(draft: Draft) -> Iterator[Fault]:
    """Which of two decisions of a day came last could not be told."""
    seen = set()
    for row in draft.decisions:
        slot = row.period, row.team, row.decided_on
        if slot in seen:
            yield row.fault(
                f"{row.team}: expected one decision a day on its card of {row.period}, found another on "
                f"{row.decided_on}; keep the last one of the day"
            )
        seen.add(slot)
