"""Progress and score of a key result: how far it has come, and what that is worth.

Progress is exact and has no limits: it may be below 0 or beyond 1. The score is between 0 and 1,
rounded half-up to two digits, here and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.anchors import anchor_operands, score_between
from scoring.arithmetic import EXACT, ONE, held_between, round_half_up
from scoring.okr.agreed import KeyResult, Way, line_of
from scoring.okr.known import KeyValue
from scoring.working import Operand, Working

SCORE_DIGITS = 2


def progress_of(key_result: KeyResult, current: Decimal) -> Decimal:
    """(current - start) / (target - start): 0 at the start, 1 at the target, whichever way it goes."""
    way = EXACT.subtract(key_result.target, key_result.start)
    return EXACT.divide(EXACT.subtract(current, key_result.start), way)


def score_key_result(key_result: KeyResult, known: KeyValue, as_of: date) -> Working | None:
    """The working with the rounded score; None if there is no value to score.

    A milestone needs no value: it is worth 0 until it is done, then 1, or by its steps less if late.
    """
    if key_result.way is Way.MILESTONE:
        working = _milestone(key_result, known, as_of)
    elif known.value is None:
        return None
    elif key_result.scores:
        working = _on_line(key_result, known.value)
    else:
        working = _by_progress(key_result, known.value)
    return replace(working, result=round_half_up(working.result, SCORE_DIGITS))


def _milestone(key_result: KeyResult, known: KeyValue, as_of: date) -> Working:
    due = key_result.due or as_of
    operands = (Operand("due", due.isoformat()),)
    if known.done_on is None:
        return Working("milestone", operands, ("overdue",) if as_of > due else (), Decimal(0))
    days_late = max(0, (known.done_on - due).days)
    done = (Operand("done_on", known.done_on.isoformat()), *_lateness(key_result, days_late))
    return Working(
        "milestone", (*operands, *done), ("late",) if days_late else (), key_result.worth(days_late)
    )


def _lateness(key_result: KeyResult, days_late: int) -> tuple[Operand, ...]:
    """How many days late it was, where that makes a difference."""
    return (Operand("days_late", Decimal(days_late)),) if days_late and key_result.late else ()


def _by_progress(key_result: KeyResult, current: Decimal) -> Working:
    """Progress, limited to the range of a score."""
    progress = progress_of(key_result, current)
    held, applied = held_between(progress, Decimal(0), ONE)
    return Working("progress", _operands(key_result, current), applied, held)


def _on_line(key_result: KeyResult, current: Decimal) -> Working:
    """Between two anchors the score is proportional; outside of them it is the first's or the last's."""
    line = line_of(key_result.start, key_result.target, key_result.scores)
    sign = 1 if key_result.target > key_result.start else -1
    # a line that falls is walked upwards, too
    upwards = [EXACT.multiply(sign, anchor.at) for anchor in line]
    held, applied = held_between(EXACT.multiply(sign, current), upwards[0], upwards[-1])
    place = max(bisect_left(upwards, held), 1)
    before, after = line[place - 1], line[place]
    score = score_between(before, after, EXACT.multiply(sign, held))
    return Working(
        "anchors", (*_operands(key_result, current), *anchor_operands(before, after)), applied, score
    )


def _operands(key_result: KeyResult, current: Decimal) -> tuple[Operand, ...]:
    return (
        Operand("current", current),
        Operand("start", key_result.start),
        Operand("target", key_result.target),
        Operand("progress", progress_of(key_result, current)),
    )
