"""How busy a day is, compared with an average day of the first year: season, week, events, growth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST_DAY = date(2024, 11, 1)
LAST_DAY = date(2026, 10, 31)
DAYS = tuple(FIRST_DAY + timedelta(days=index) for index in range((LAST_DAY - FIRST_DAY).days + 1))
MONTHS = tuple(sorted({day.replace(day=1) for day in DAYS}))


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of days, both ends included, on which everything is `factor` times as busy."""

    first: date
    last: date
    factor: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """January to December, Monday to Sunday, growth a year, and what falls out of the pattern."""

    months: tuple[float, ...]
    week: tuple[float, ...]
    growth: float = 0.0
    events: tuple[Event, ...] = field(default=())


def level(rhythm: Rhythm, day: date) -> float:
    """How busy `day` is; 1.0 is an average day of the first year."""
    value = rhythm.months[day.month - 1] * rhythm.week[day.weekday()]
    value *= 1 + rhythm.growth * (day - FIRST_DAY).days / 365
    for event in rhythm.events:
        if event.first <= day <= event.last:
            value *= event.factor
    return value


# Bicycle lamps are bought when the evenings get dark.
DARK_SEASON = (0.94, 0.88, 0.92, 0.93, 0.91, 0.87, 0.84, 0.90, 1.04, 1.14, 1.33, 1.26)
ALL_YEAR = (0.97, 0.98, 1.02, 1.01, 1.00, 0.98, 0.94, 0.93, 1.02, 1.05, 1.08, 0.98)
CHINA = (0.97, 0.94, 1.02, 1.00, 1.02, 1.08, 0.96, 0.97, 1.01, 1.03, 1.12, 0.98)

EVERY_DAY = (1.00, 0.98, 0.97, 0.98, 1.00, 1.03, 1.04)
OFFICE_DAYS = (1.22, 1.25, 1.24, 1.20, 1.10, 0.50, 0.45)

EU_EVENTS = (
    Event(date(2024, 11, 25), date(2024, 12, 2), 1.40),
    Event(date(2024, 12, 24), date(2024, 12, 26), 0.45),
    Event(date(2025, 11, 24), date(2025, 12, 1), 1.40),
    Event(date(2025, 12, 24), date(2025, 12, 26), 0.45),
)
CN_EVENTS = (
    Event(date(2024, 11, 1), date(2024, 11, 10), 1.25),
    Event(date(2024, 11, 11), date(2024, 11, 11), 3.10),
    Event(date(2025, 1, 27), date(2025, 2, 4), 0.35),
    Event(date(2025, 6, 1), date(2025, 6, 17), 1.15),
    Event(date(2025, 6, 18), date(2025, 6, 18), 2.30),
    Event(date(2025, 11, 1), date(2025, 11, 10), 1.25),
    Event(date(2025, 11, 11), date(2025, 11, 11), 3.20),
    Event(date(2026, 2, 15), date(2026, 2, 23), 0.35),
    Event(date(2026, 6, 1), date(2026, 6, 17), 1.15),
    Event(date(2026, 6, 18), date(2026, 6, 18), 2.30),
    Event(date(2026, 10, 1), date(2026, 10, 7), 0.85),
)

EU_SHOPPERS = Rhythm(DARK_SEASON, EVERY_DAY, 0.09, EU_EVENTS)
EU_TRADE = Rhythm(ALL_YEAR, OFFICE_DAYS, 0.06, EU_EVENTS)
CN_SHOPPERS = Rhythm(CHINA, EVERY_DAY, 0.16, CN_EVENTS)
CN_TRADE = Rhythm(CHINA, OFFICE_DAYS, 0.12, CN_EVENTS)
STEADY = Rhythm((1.0,) * 12, EVERY_DAY, 0.05)
