"""Checks comments.csv against the teams, the KPIs and their targets, and each row against those before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from operator import attrgetter

from book.fault import Fault
from book.files.comments import CommentRow
from book.files.draft import Draft
from book.lint.dated import unknown_team, valued
from book.lint.known import is_unknown, kpi_todo


def lint_comments(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in comments.csv."""
    said: dict[tuple[str, str, str], list[CommentRow]] = {}
    held = {(each.team_id, each.kpi_id) for each in draft.targets.targets}
    for row in draft.comments:
        yield from _about(draft, row, held)
        yield from _in_its_period(draft, row)
        yield from _done_by_then(row)
        said.setdefault((row.period, row.team, row.kpi), []).append(row)
    for rows in said.values():
        yield from _of_a_line(sorted(rows, key=attrgetter("on")))


def _about(draft: Draft, row: CommentRow, held: Collection[tuple[str, str]]) -> Iterator[Fault]:
    """`held` are the KPIs that teams have targets for."""
    if is_unknown(row.team, draft.team_ids):
        yield unknown_team(row)
    elif is_unknown(row.kpi, draft.kpi_ids):
        yield row.fault(f"kpi: expected a KPI of the book, found {row.kpi!r}; {kpi_todo(row.kpi)}")
    elif draft.targets.complete and (row.team, row.kpi) not in held:
        yield row.fault(
            f"kpi: expected a KPI that {row.team} has targets for, found {row.kpi!r}; correct kpi or team"
        )


def _in_its_period(draft: Draft, row: CommentRow) -> Iterator[Fault]:
    found = valued(draft, row)
    if isinstance(found, Fault):
        yield found
    elif found is not None and row.on < found.period.start:
        yield row.fault(
            f"on: expected a day from {found.period.start} on, the first of {row.period}, found {row.on}; "
            "give the day on which it was said"
        )


def _done_by_then(row: CommentRow) -> Iterator[Fault]:
    if row.done is not None and row.done > row.on:
        yield row.fault(
            f"done: expected a day up to {row.on}, on which it was said, found {row.done}; give the day on "
            "which the step was done, or add the row then"
        )


def _of_a_line(rows: list[CommentRow]) -> Iterator[Fault]:
    """What is said of a step that no row names, or nothing at all."""
    steps = [row.next_step for row in rows]
    for number, row in enumerate(rows, start=1):
        if row.about_the_step and not any(steps[:number]):
            yield row.fault(
                "next_step: expected what is to be done, because owner, due or done are about it, found "
                "nothing; fill it in"
            )
        elif row.says_nothing:
            yield row.fault(
                "cause: expected a cause, a next step or what became of it, found nothing; fill one in"
            )
