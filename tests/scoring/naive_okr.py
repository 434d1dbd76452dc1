"""Progress and score of key results again, from the words, in fractions and without the product's code."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

F = Fraction


def progress(start: F, target: F, current: F) -> F:
    """The part of the way that is done."""
    return (current - start) / (target - start)


def hundredths(value: F) -> F:
    """Half-up to two digits; scores are never negative."""
    return F(math.floor(value * 100 + F(1, 2)), 100)


def score(start: F, target: F, current: F, anchors: Sequence[tuple[F, F]] = ()) -> F:
    """分数: progress held to 0 and 1, or the polygon from (start, 0) through the anchors."""
    if not anchors:
        return hundredths(min(F(1), max(F(0), progress(start, target, current))))
    # all places as shares of the way, so that a falling key result rises like any other
    points = [(F(0), F(0)), *((progress(start, target, at), worth) for at, worth in anchors)]
    here = progress(start, target, current)
    worth = F(0)
    for (left, low), (right, high) in itertools.pairwise(points):
        if here >= right:
            worth = high
        elif here > left:
            worth = low * (right - here) / (right - left) + high * (here - left) / (right - left)
    return hundredths(worth)


def milestone(done: Sequence[tuple[date, bool]], as_of: date) -> F:
    """1 where the newest word on it by then is that it is done."""
    said = [is_done for on, is_done in sorted(done) if on <= as_of]
    return F(int(bool(said) and said[-1]))


def lateness(steps: Sequence[tuple[int, F]], days_late: int) -> F:
    """What a milestone that is done is worth, by the last step that it has reached."""
    worth = F(1)
    for days, score_then in steps:
        if days_late >= days:
            worth = score_then
    return worth


def objective(weighted: Sequence[tuple[F, F | None]]) -> F | None:
    """The mean by weight of the scores that there are."""
    there = [(weight, worth) for weight, worth in weighted if worth is not None]
    if not there:
        return None
    return hundredths(sum(weight * worth for weight, worth in there) / sum(weight for weight, _ in there))
