"""Progress and score of a key result: how far it has come, and what that is worth.

Progress is exact and has no limits: it may be below 0 or beyond 1. The score is between 0 and 1,
rounded half-up to two digits, here and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from scoring.arithmetic import EXACT, ONE, round_half_up
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

    A milestone needs no value: it is worth 0 until it is done, and then 1, even if it is late.
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
    done = Operand("done_on", known.done_on.isoformat())
    return Working("milestone", (*operands, done), ("late",) if known.done_on > due else (), ONE)


def _by_progress(key_result: KeyResult, current: Decimal) -> Working:
    """Progress, limited to the range of a score."""
    progress = progress_of(key_result, current)
    held = min(max(progress, Decimal(0)), ONE)
    applied = () if held == progress else ("cap",) if progress > 1 else ("floor",)
    return Working("progress", _operands(key_result, current), applied, held)


def _on_line(key_result: KeyResult, current: Decimal) -> Working:
    """Between two anchors the score is proportional; outside of them it is the first's or the last's."""
    line = line_of(key_result.start, key_result.target, key_result.scores)
    sign = 1 if key_result.target > key_result.start else -1
    applied: tuple[str, ...] = ("floor",)
    before, after, score = line[0], line[1], line[0].score
    if sign * (current - line[-1].at) > 0:
        before, after, applied, score = line[-2], line[-1], ("cap",), line[-1].score
    elif sign * (current - line[0].at) >= 0:
        before, after = next(
            (lower, upper) for lower, upper in pairwise(line) if sign * (current - upper.at) <= 0
        )
        rise = EXACT.multiply(EXACT.subtract(current, before.at), after.score - before.score)
        applied, score = (), EXACT.add(before.score, EXACT.divide(rise, after.at - before.at))
    operands = (
        *_operands(key_result, current),
        Operand("anchor_from", before.at),
        Operand("anchor_from_score", before.score),
        Operand("anchor_until", after.at),
        Operand("anchor_until_score", after.score),
    )
    return Working("anchors", operands, applied, score)


def _operands(key_result: KeyResult, current: Decimal) -> tuple[Operand, ...]:
    return (
        Operand("current", current),
        Operand("start", key_result.start),
        Operand("target", key_result.target),
        Operand("progress", progress_of(key_result, current)),
    )
