"""What people say about a result, and what became of the steps that earlier cards named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reports.presenting.reader import Reader
from reports.views import ActionRow, WorkingStep
from reports.wording import msgid
from scoring.comments import Action, ActionState, CommentNote
from scoring.scorecard import KpiResult, Scorecard


def comment_steps(card: Scorecard, reader: Reader) -> Mapping[str, tuple[WorkingStep, ...]]:
    """What is said about the lines, by KPI; of one that is to be commented on also that nothing is."""
    missing = WorkingStep(reader.words.say("Comment"), reader.words.say("asked for, not given yet"))
    return {
        **dict.fromkeys(card.uncommented, (missing,)),
        **{result.kpi_id: tuple(_said(result, reader)) for result in card.results if result.comment},
    }


def _said(result: KpiResult, reader: Reader) -> Iterator[WorkingStep]:
    note = result.comment
    if note is None:
        return
    if note.cause:
        yield WorkingStep(reader.words.say("Cause"), _by(note.cause, note, reader))
    if note.next_step:
        step = next_step(note, reader)
        yield WorkingStep(reader.words.say("Next step"), step if note.cause else _by(step, note, reader))


def next_step(note: CommentNote, reader: Reader) -> str:
    """What is to be done, by whom and until when; nothing where nobody has named a step."""
    parts = (note.next_step, note.owner, _until(note.due, reader))
    return " · ".join(filter(None, parts)) if note.next_step else ""


def _by(text: str, note: CommentNote, reader: Reader) -> str:
    """The text and who said it when."""
    return reader.words.say(
        "%(text)s (%(name)s, %(day)s)", text=text, name=note.by, day=_day(note.on, reader)
    )


def _until(due: str | None, reader: Reader) -> str:
    return "" if due is None else reader.words.say("by %(day)s", day=_day(due, reader))


def _day(day: str, reader: Reader) -> str:
    return reader.figures.periods.full_date(date.fromisoformat(day))


STATES = {
    ActionState.DONE: msgid("done on %(day)s"),
    ActionState.OPEN: msgid("in progress"),
    ActionState.OVERDUE: msgid("overdue"),
}


def action_rows(card: Scorecard, reader: Reader) -> tuple[ActionRow, ...]:
    """The steps that earlier cards named, with how each stood on the last day of the period."""
    return tuple(_action(action, reader) for action in card.actions)


def _action(action: Action, reader: Reader) -> ActionRow:
    day = "" if action.done is None else _day(action.done, reader)
    return ActionRow(
        name=action.name.to(reader.words.language),
        period=reader.figures.periods.short(action.period),
        step=action.next_step,
        owner=action.owner,
        due="" if action.due is None else _day(action.due, reader),
        state=reader.words.say(STATES[action.state], day=day),
        is_late=action.state is ActionState.OVERDUE,
    )
