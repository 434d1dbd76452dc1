"""The input of a trend chart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month. `label` is the actual in words; `tick` the month on the axis, `year` under it (or empty).

    Where a range is the target, `target` is its lower end and `target_high` the upper one. One that
    `is_unlike` the others is hollow.
    """

    actual: float | None
    target: float | None
    label: str
    tick: str
    year: str = ""
    target_high: float | None = None
    is_unlike: bool = False


@dataclass(frozen=True, slots=True)
class TrendSpec:
    """Size, texts and colour of a trend.

    `every_label` labels each month in a row above the drawing; else only the newest is labelled, right of
    the drawing. `target_label` stands right of the target's end, and the ends
    of the scale, `low_label` and `high_label`, left of all.
    """

    width: float
    height: float
    size: float
    colour: str
    title: str
    desc: str
    target_label: str = ""
    every_label: bool = False
    has_years: bool = False
    low_label: str = ""
    high_label: str = ""

    @property
    def axis(self) -> float:
        """Where the line of months runs."""
        return self.tick_baseline - self.size - 3

    @property
    def tick_baseline(self) -> float:
        """Where the months are written; the years are a line below."""
        return self.height - 2 - (self.size * 1.15 if self.has_years else 0)
