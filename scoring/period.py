"""The reporting period as a type: a half-open range of business days with a name.

"Now" is never asked here: whoever wants the last complete month passes the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.errors import UsageError

FIRST_YEAR, LAST_YEAR = 1900, 9998
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar month, written `YYYY-MM`: all days d with `start <= d < end`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-10`; raises `UsageError` for anything else."""
        match = _MONTH.fullmatch(text)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise UsageError(f"period: expected a month such as 2026-10, found {text!r}; give YYYY-MM.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date) -> Period:
        """The month that `day` lies in."""
        return cls(day.year, day.month)

    @property
    def start(self) -> date:
        """First day of the period."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The day after the last day of the period."""
        return self.shift(1).start

    def shift(self, months: int) -> Period:
        """The month `months` later (earlier where negative)."""
        index = self.year * 12 + (self.month - 1) + months
        return Period(index // 12, index % 12 + 1)

    def window(self, months: int) -> tuple[Period, ...]:
        """The last `months` months that end with this one, oldest first."""
        return tuple(self.shift(offset) for offset in range(1 - months, 1))

    def days(self) -> Iterator[date]:
        """Every day of the period, in order."""
        day = self.start
        while day < self.end:
            yield day
            day += timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
