"""Two things timed in turn, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What was compared with what: the best of several turns each, in seconds unless `unit` says else."""

    what: str
    yardstick: str
    ours: float
    theirs: float
    unit: str = "s"


def side_by_side(
    what: str,
    yardstick: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    turns: int = 5,
    before: Callable[[], object] = lambda: None,
) -> Result:
    """Time both in turn, after one turn each to warm up, and keep the best of each.

    `before` makes things as they were before each, and is not timed.
    """
    for work in (ours, theirs):
        before()
        work()
    best = [float("inf"), float("inf")]
    for _ in range(turns):
        for index, work in enumerate((ours, theirs)):
            before()
            begin = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - begin)
    return Result(what, yardstick, best[0], best[1])
