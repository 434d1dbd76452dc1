"""The position of a value in a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.svg import Point

SPAN = 0.25
"""The least span of a scale that does not begin at 0, as a part of what is largest on it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area, with room for `months` from left to right and `low` to `high` upwards."""

    left: float
    right: float
    top: float
    bottom: float
    months: int
    low: float
    high: float

    def at(self, index: int, value: float) -> Point:
        """The place of `value` in the month `index`."""
        share = (value - self.low) / (self.high - self.low)
        return self.x(index), self.bottom - share * (self.bottom - self.top)

    def newest(self, values: Sequence[float | None]) -> Point | None:
        """The place of the newest month's value; None where it has none."""
        value = values[-1] if values else None
        return None if value is None else self.at(len(values) - 1, value)

    def x(self, index: float) -> float:
        """The middle of a month; a single month is at the right end, where the newest always is."""
        if self.months < 2:
            return self.right
        return self.left + (self.right - self.left) * index / (self.months - 1)


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """From 0, or the lowest value below it, to the highest (or 0): what is twice as much is twice as high.

    A scale cut to its values would draw 98 of 100 as far below the target as 70 of 100.
    """
    low, high = min((0.0, *values)), max((0.0, *values))
    return (low, high) if high > low else (0.0, 1.0)


def near_range(values: Sequence[float]) -> tuple[float, float]:
    """For drawings the size of a word: cut to the values, but never finer than a quarter of the largest.

    From 0 on, they would be flat; with this least span a miss of 2 % is still told from one of 30 %.
    """
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    missing = (SPAN * max(abs(low), abs(high)) or 1.0) - (high - low)
    return low - max(missing, 0.0) / 2, high + max(missing, 0.0) / 2


def runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The unbroken stretches of `values`, each value with its index: a hole is never bridged."""
    stretches: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append((index, value))
    return [stretch for stretch in stretches if stretch]
