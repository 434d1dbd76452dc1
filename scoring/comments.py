"""What people say about a result: its cause, what is to be done, by whom and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import attrgetter

from scoring.kpi import Kpi
from scoring.period import Period
from scoring.text import LocalText


@dataclass(frozen=True, slots=True)
class Comment:
    """A row of the book about one line of one card; what it leaves out is as earlier rows said.

    It counts from the day `on`: `by` said then what caused the result, or which step comes next, whose it is
    and until when, or on which day it was done.
    """

    period: Period
    team_id: str
    kpi_id: str
    by: str
    on: date
    cause: str = ""
    next_step: str = ""
    owner: str = ""
    due: date | None = None
    done: date | None = None

    @property
    def is_note(self) -> bool:
        """Whether it names a cause or a step, and not only what becomes of one."""
        return bool(self.cause or self.next_step)

    def after(self, earlier: Comment) -> Comment:
        """The row with what an earlier one said; of another step it takes nothing.

        `by` and `on` are those of the cause; where there is none, of the step.
        """
        about_it = self.next_step in ("", earlier.next_step)
        told = self if self.cause or (self.next_step and not earlier.cause) else earlier
        kept = {name: getattr(self, name) or getattr(earlier, name) for name in _OF_THE_STEP if about_it}
        cause = self.cause or earlier.cause
        return replace(self, by=told.by, on=told.on, cause=cause, **kept)


_OF_THE_STEP = ("next_step", "owner", "due", "done")


@dataclass(frozen=True, slots=True)
class CommentNote:
    """A comment as the line of a card has it; days are ISO dates."""

    by: str
    on: str
    cause: str = ""
    next_step: str = ""
    owner: str = ""
    due: str | None = None


class ActionState(StrEnum):
    """How a step stands on the last day of a card's period."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Action:
    """A step that an earlier card named, and how it stands; days are ISO dates."""

    period: str
    kpi_id: str
    name: LocalText
    next_step: str
    state: ActionState
    owner: str = ""
    due: str | None = None
    done: str | None = None


Comments = Mapping[tuple[Period, str], Comment]
"""What was said of the lines of a team's cards, by period and KPI."""


def notes_in(rows: Iterable[Comment]) -> Iterator[Comment]:
    """The rows that the card itself has: what only becomes of a step makes no new revision of it."""
    return (row for row in rows if row.is_note)


def comments_by_line(rows: Iterable[Comment], period: Period) -> Comments:
    """A team's comments as a card of `period` knows them: what was said until the end of the next one.

    So that what is said later, such as that a step was put off again, makes no new revision of the card.
    """
    last = period.shift(1).last_day
    found: dict[tuple[Period, str], list[Comment]] = {}
    for row in sorted((row for row in rows if row.on <= last), key=attrgetter("on")):
        found.setdefault((row.period, row.kpi_id), []).append(row)
    return {line: reduce(_followed, said) for line, said in found.items()}


def _followed(earlier: Comment, later: Comment) -> Comment:
    return later.after(earlier)


def note_of(comment: Comment | None) -> CommentNote | None:
    """The comment as its own card has it; what became of the step is told by later cards."""
    if comment is None:
        return None
    return CommentNote(
        by=comment.by,
        on=comment.on.isoformat(),
        cause=comment.cause,
        next_step=comment.next_step,
        owner=comment.owner,
        due=_spelled(comment.due),
    )


def actions_of(comments: Comments, period: Period, kpis: Mapping[str, Kpi]) -> tuple[Action, ...]:
    """The steps of the card before that of `period`, and older ones that were still open then.

    In the order of their periods; `kpis` are those of the book.
    """
    told = sorted(_to_be_told(comments, period), key=lambda comment: comment.period.start)
    return tuple(_action(comment, kpis[comment.kpi_id].name, period.last_day) for comment in told)


def _to_be_told(comments: Comments, period: Period) -> Iterator[Comment]:
    for comment in comments.values():
        own = comment.period
        is_earlier = own.cadence is period.cadence and own.start < period.start
        if comment.next_step and is_earlier and _was_open(comment, period):
            yield comment


def _was_open(comment: Comment, period: Period) -> bool:
    """Whether there was something to do when the period began, or when the card before was made."""
    return comment.period == period.shift(-1) or comment.done is None or comment.done >= period.start


def _action(comment: Comment, name: LocalText, day: date) -> Action:
    state = _state(comment, day)
    return Action(
        period=str(comment.period),
        kpi_id=comment.kpi_id,
        name=name,
        next_step=comment.next_step,
        state=state,
        owner=comment.owner,
        due=_spelled(comment.due),
        done=_spelled(comment.done) if state is ActionState.DONE else None,
    )


def _state(comment: Comment, day: date) -> ActionState:
    """How the step stands at the end of a day; one that is done later was open on it."""
    if comment.done is not None and comment.done <= day:
        return ActionState.DONE
    return ActionState.OVERDUE if comment.due is not None and comment.due <= day else ActionState.OPEN


def _spelled(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
