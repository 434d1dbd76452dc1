"""The reporting period as a type: a half-open range of business days with a name.

There is no clock here: a caller that wants the last complete month passes the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scoring.errors import UsageError

FIRST_YEAR, LAST_YEAR = 1900, 9998


class Cadence(StrEnum):
    """How long a period lasts. A week is the ISO week: it begins on Monday and may cross a month."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_NAMES = {
    Cadence.MONTH: re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    Cadence.WEEK: re.compile(r"([0-9]{4})-W(0[1-9]|[1-4][0-9]|5[0-3])"),
    Cadence.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
    Cadence.YEAR: re.compile(r"([0-9]{4})()"),
}
_SPELLINGS = {
    Cadence.MONTH: "{:04d}-{:02d}",
    Cadence.WEEK: "{:04d}-W{:02d}",
    Cadence.QUARTER: "{:04d}-Q{}",
    Cadence.YEAR: "{:04d}",
}
_A_YEAR = {Cadence.MONTH: 12, Cadence.QUARTER: 4, Cadence.YEAR: 1}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A week, month, quarter or year: all days d with `start <= d < end`.

    `number` is the ISO week, month or quarter within `year` (for a week the ISO year); 1 for a year.
    """

    year: int
    number: int
    cadence: Cadence = Cadence.MONTH

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-10`, `2026-W41`, `2026-Q4` or `2026`; raises `UsageError` for anything else."""
        for period in cls._spelled(text):
            # a year has a week 53 only where it begins or ends on a Thursday
            if cls.containing(period.start, period.cadence) == period:
                return period
            raise UsageError(f"period: expected a week of {period.year}, which has 52, found {text!r}.")
        raise UsageError(
            f"period: expected a month such as 2026-10, a week such as 2026-W41, a quarter such as 2026-Q4 "
            f"or a year such as 2026, found {text!r}; give YYYY-MM, YYYY-Www, YYYY-Qn or YYYY."
        )

    @classmethod
    def _spelled(cls, text: str) -> Iterator[Period]:
        """The period of that spelling, if it is one, in a year that has dates."""
        for cadence, name in _NAMES.items():
            match = name.fullmatch(text)
            if match is not None and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
                yield cls(int(match[1]), int(match[2] or 1), cadence)

    @classmethod
    def containing(cls, day: date, cadence: Cadence = Cadence.MONTH) -> Period:
        """The period of that cadence that `day` lies in."""
        match cadence:
            case Cadence.WEEK:
                year, week, _ = day.isocalendar()
                return cls(year, week, cadence)
            case Cadence.YEAR:
                return cls(day.year, 1, cadence)
            case _:
                return cls(day.year, (day.month - 1) * _A_YEAR[cadence] // 12 + 1, cadence)

    @property
    def start(self) -> date:
        """First day of the period."""
        if self.cadence is Cadence.WEEK:
            # the week of 4 January is the first one, by definition of ISO 8601
            fourth = date(self.year, 1, 4)
            return fourth + timedelta(weeks=self.number - 1, days=-fourth.weekday())
        return date(self.year, (self.number - 1) * 12 // _A_YEAR[self.cadence] + 1, 1)

    @property
    def end(self) -> date:
        """The day after the last day of the period."""
        return self.shift(1).start

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    def shift(self, count: int) -> Period:
        """The period `count` later (earlier where negative)."""
        if self.cadence is Cadence.WEEK:
            return Period.containing(self.start + timedelta(weeks=count), Cadence.WEEK)
        a_year = _A_YEAR[self.cadence]
        index = self.year * a_year + (self.number - 1) + count
        return Period(index // a_year, index % a_year + 1, self.cadence)

    def a_year_before(self) -> Period:
        """The same period of the year before; for a week 53 the last week of that year."""
        before = Period(self.year - 1, self.number, self.cadence)
        is_missing = Period.containing(before.start, self.cadence) != before
        return Period(self.year - 1, 52, self.cadence) if is_missing else before

    def window(self, count: int) -> tuple[Period, ...]:
        """The last `count` periods that end with this one, oldest first."""
        return tuple(self.shift(offset) for offset in range(1 - count, 1))

    def through(self, last: Period) -> tuple[Period, ...]:
        """This period and every one after it up to `last`; none where `last` is earlier."""
        following = [self]
        while following[-1] < last:
            following.append(following[-1].shift(1))
        return tuple(following) if self <= last else ()

    def parts(self, cadence: Cadence) -> tuple[Period, ...]:
        """The periods of a shorter cadence that share days with this one, in order."""
        return Period.containing(self.start, cadence).through(Period.containing(self.last_day, cadence))

    def days(self) -> Iterator[date]:
        """Every day of the period, in order."""
        return (self.start + timedelta(days=n) for n in range((self.end - self.start).days))

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return _SPELLINGS[self.cadence].format(self.year, self.number)


def runs_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """The first and the last of each run of days that follow one another; `days` are in order."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
