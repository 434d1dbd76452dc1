"""Checks comments.csv against the teams, the KPIs and their targets, and each row against those before it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from book.advice import with_advice
from book.fault import Fault
from book.files.comments import CommentRow
from book.files.draft import Draft
from book.lint.known import is_unknown, kpi_todo
from scoring.errors import UsageError


def lint_comments(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in comments.csv."""
    said: dict[tuple[str, str, str], list[CommentRow]] = {}
    for row in draft.comments:
        yield from _about(draft, row)
        yield from _in_its_period(draft, row)
        yield from _done_by_then(row)
        said.setdefault((row.period, row.team, row.kpi), []).append(row)
    for rows in said.values():
        yield from _of_a_line(sorted(rows, key=attrgetter("on")))


def _about(draft: Draft, row: CommentRow) -> Iterator[Fault]:
    if is_unknown(row.team, draft.team_ids):
        yield row.fault(f"team: expected a team of teams.yaml, found {row.team!r}; correct it")
    elif is_unknown(row.kpi, draft.kpi_ids):
        yield row.fault(f"kpi: expected a KPI of the book, found {row.kpi!r}; {kpi_todo(row.kpi)}")
    elif draft.targets.complete and not _has_target(draft, row):
        yield row.fault(
            f"kpi: expected a KPI that {row.team} has targets for, found {row.kpi!r}; correct kpi or team"
        )


def _has_target(draft: Draft, row: CommentRow) -> bool:
    return any((each.team_id, each.kpi_id) == (row.team, row.kpi) for each in draft.targets.targets)


def _in_its_period(draft: Draft, row: CommentRow) -> Iterator[Fault]:
    if draft.calendar is None:
        return
    try:
        period = row.value(draft.calendar.fiscal_years).period
    except UsageError as error:
        yield row.fault(with_advice(error, "correct it"))
        return
    if row.on < period.start:
        yield row.fault(
            f"on: expected a day from {period.start} on, the first of {row.period}, found {row.on}; give the "
            "day on which it was said"
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
