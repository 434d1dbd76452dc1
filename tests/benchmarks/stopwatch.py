"""Two things timed in turn, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What was compared with what: the best of several turns each, in seconds."""

    what: str
    yardstick: str
    ours: float
    theirs: float


def side_by_side(
    what: str, yardstick: str, ours: Callable[[], object], theirs: Callable[[], object], turns: int = 5
) -> Result:
    """Time both in turn, after one turn each to warm up, and keep the best of each."""
    ours()
    theirs()
    best = [float("inf"), float("inf")]
    for _ in range(turns):
        for index, work in enumerate((ours, theirs)):
            begin = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - begin)
    return Result(what, yardstick, *best)
