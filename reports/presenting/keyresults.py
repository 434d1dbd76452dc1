"""The working of a key result, printed so that it can be redone by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.formulas import formula_in_numbers, formula_in_words, is_one_measure
from reports.presenting.operands import PERCENT_DIGITS, percent
from reports.presenting.reader import Reader
from reports.presenting.sums import equals, equals_in_unit, precise
from reports.presenting.workings import REASONS
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.anchors import Anchor, score_between
from scoring.okr.result import KeyResultResult
from scoring.working import Working

KEY_SCORE_DIGITS = 2
EXACT_DIGITS = 4

BY_PROGRESS = {
    (): msgid("the progress %(progress)s, rounded: %(score)s"),
    ("cap",): msgid("the progress %(progress)s is beyond the target, which counts as %(score)s"),
    ("floor",): msgid("the progress %(progress)s is behind the start, which counts as %(score)s"),
}
MILESTONES = {
    "done": msgid("done on %(done)s, due on %(due)s: %(score)s"),
    "late": msgid("done on %(done)s, late (due on %(due)s): %(score)s"),
    "late_by": msgid("done on %(done)s, late (due on %(due)s, days late: %(days)s): %(score)s"),
    "open": msgid("not done, due on %(due)s: %(score)s until it is"),
    "overdue": msgid("not done, overdue since %(due)s: %(score)s until it is"),
}


def plain_score(score: Decimal | None, reader: Reader) -> str:
    """A score between 0 and 1 with both its digits."""
    return NOTHING if score is None else reader.figures.number(score, KEY_SCORE_DIGITS)


def key_steps(item: KeyResultResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """The current value, the progress and the score, each with its own sum; or why there is none."""
    steps = [*_current(item, reader), *_progress(item, reader)]
    if item.working is not None:
        steps.append(WorkingStep(reader.words.say("Score"), _score(item, item.working, reader)))
    return tuple(steps)


def _current(item: KeyResultResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """Where the current value comes from."""
    say = reader.words.say
    if item.checked_on is not None:
        text = say(
            "reported for %(day)s by %(name)s: %(comment)s",
            day=_day(item.checked_on, reader),
            name=item.checked_by,
            comment=item.comment,
        )
        return (WorkingStep(say("Current"), text),)
    steps = [WorkingStep(say("Current"), _measured(item, reader))] if item.formula else []
    if item.reason is not None:
        steps.append(WorkingStep(say("Not available"), say(REASONS[item.reason])))
    return tuple(steps)


def _measured(item: KeyResultResult, reader: Reader) -> str:
    text = f"{formula_in_words(item.formula, reader.figures)} = {formula_in_numbers(item, reader.figures)}"
    if item.current is None or is_one_measure(item):
        return text
    return f"{text} {equals_in_unit(item, item.current)} {precise(item, item.current, reader)}"


def _progress(item: KeyResultResult, reader: Reader) -> tuple[WorkingStep, ...]:
    if item.current is None or item.progress is None:
        return ()
    current, start, target = (
        precise(item, value, reader) for value in (item.current, item.start, item.target)
    )
    words = reader.words.say("(current − start) ÷ (target − start)")
    sign = equals(item.progress, PERCENT_DIGITS + 2)
    sums = f"({current} − {start}) ÷ ({target} − {start}) {sign} {percent(item.progress, reader)}"
    return (WorkingStep(reader.words.say("Progress"), f"{words} = {sums}"),)


def _score(item: KeyResultResult, working: Working, reader: Reader) -> str:
    if working.rule == "milestone":
        return _milestone(working, reader)
    if working.rule == "anchors":
        return _anchors(item, working, working.numbers, reader)
    return reader.words.say(
        BY_PROGRESS[working.applied],
        progress=percent(working.numbers["progress"], reader),
        score=plain_score(working.result, reader),
    )


def _milestone(working: Working, reader: Reader) -> str:
    days = {name: str(value) for name, value in working.values.items()}
    return reader.words.say(
        MILESTONES[_state(working)],
        days=days.get("days_late", ""),
        due=_day(days["due"], reader),
        done=_day(days.get("done_on", days["due"]), reader),
        score=plain_score(working.result, reader),
    )


def _state(working: Working) -> str:
    if "days_late" in working.values:
        return "late_by"
    done_or_open = "done" if "done_on" in working.values else "open"
    return next(iter(working.applied), done_or_open)


def _anchors(item: KeyResultResult, working: Working, numbers: Mapping[str, Decimal], reader: Reader) -> str:
    """Between two anchors with the whole sum; outside of them what the limit is worth."""
    say = reader.words.say
    low, high = numbers["anchor_from"], numbers["anchor_until"]
    low_score, high_score = numbers["anchor_from_score"], numbers["anchor_until_score"]
    score = plain_score(working.result, reader)
    if "floor" in working.applied:
        return say("before %(edge)s it is worth %(score)s", edge=precise(item, low, reader), score=score)
    if "cap" in working.applied:
        return say("beyond %(edge)s it is worth %(score)s", edge=precise(item, high, reader), score=score)
    return _between(item, Anchor(low, low_score), Anchor(high, high_score), numbers["current"], score, reader)


def _between(
    item: KeyResultResult, low: Anchor, high: Anchor, current: Decimal, score: str, reader: Reader
) -> str:
    exact = score_between(low, high, current)
    at, start, end = (precise(item, value, reader) for value in (current, low.at, high.at))
    first, last = (reader.figures.exact(anchor.score, EXACT_DIGITS) for anchor in (low, high))
    sums = f"{first} + ({last} − {first}) × ({at} − {start}) ÷ ({end} − {start})"
    return reader.words.say(
        "worth %(first)s at %(start)s and %(last)s at %(end)s: %(sums)s; rounded: %(score)s",
        first=first,
        start=start,
        last=last,
        end=end,
        sums=f"{sums} {equals(exact, EXACT_DIGITS)} {reader.figures.shown(exact, EXACT_DIGITS)}",
        score=score,
    )


def _day(text: str, reader: Reader) -> str:
    return reader.figures.periods.day(date.fromisoformat(text))
