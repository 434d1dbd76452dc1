"""The position of a value in a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.svg import Point


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
    """The lowest and highest value; if they are equal, with some air on both sides."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low > 1e-9 * max(abs(low), abs(high)):
        return low, high
    air = abs(high) * 0.1 or 1.0
    return low - air, high + air


def runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The unbroken stretches of `values`, each value with its index: a hole is never bridged."""
    stretches: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append((index, value))
    return [stretch for stretch in stretches if stretch]
