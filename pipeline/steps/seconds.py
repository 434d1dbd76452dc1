"""How long a step took, for its line in the log."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


class Seconds:
    """The time since it was made, as `2.1 s`, at the moment it is logged.

    `clock` only ever goes forward, in seconds: the time of day may be set while a step works.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock, self._began = clock, clock()

    def __str__(self) -> str:
        return f"{self._clock() - self._began:,.1f} s"
