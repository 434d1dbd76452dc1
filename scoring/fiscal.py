"""Years that do not begin on 1 January: of whole months from any one on, or of whole weeks (4-4-5).

A calendar is known by a code that says all of it, such as `04` or `445lastsat01`. So whatever names it, on a
card or in the ledger, still means the same days after the organisation has changed its calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate

MONTHS = 12
_EARLIEST, _LATEST = date(2, 1, 1), date(9997, 12, 31)
"""Days about which the years before and after have dates, too."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PATTERNS = ("445", "454", "544")
_MONTH = "(?:0[1-9]|1[0-2])"
CODE = rf"0[2-9]|1[0-2]|(?:{'|'.join(PATTERNS)})(?:last|near)(?:{'|'.join(WEEKDAYS)}){_MONTH}(?:w{_MONTH})?"
"""How codes are spelled, as a regular expression; years from January on have none."""

_WEEKS = re.compile(r"(\d{3})(last|near)([a-z]{3})(\d\d)(?:w(\d\d))?")


class Ending(StrEnum):
    """Which of a weekday's days a year of weeks ends on, about the end of a month: the last one within the
    month, or the one nearest to the month's last day.
    """

    LAST = "last"
    NEAREST = "near"


@dataclass(frozen=True, slots=True, order=True)
class FiscalCalendar:
    """Years of twelve parts, by their code.

    The year `2026` is the one whose first day is, or would be if it were made of whole months, in 2026.
    """

    code: str

    @classmethod
    def of_months(cls, month: int) -> FiscalCalendar:
        """Years from the first day of `month` on, 1 to 12."""
        return cls(f"{month:02d}")

    @classmethod
    def of_weeks(
        cls, pattern: str, ending: Ending, weekday: str, month: int, week_53: int = MONTHS
    ) -> FiscalCalendar:
        """Years that end on a weekday (`sat`) about the end of `month`.

        The three months of each quarter have as many weeks as `pattern` says, such as `445`; a 53rd week of a
        year goes to its month `week_53`, counted from 1.
        """
        longest = "" if week_53 == MONTHS else f"w{week_53:02d}"
        return cls(f"{pattern}{ending}{weekday}{month:02d}{longest}")

    @property
    def has_weeks(self) -> bool:
        """Whether its months are made of weeks; otherwise they are those of everybody."""
        return len(self.code) > 2

    @property
    def begins_in(self) -> int:
        """The month, 1 to 12, that a year begins with, give or take some days where it is made of weeks."""
        found = _WEEKS.fullmatch(self.code)
        return int(found[4]) % MONTHS + 1 if found else int(self.code)

    def starts(self, year: int) -> tuple[date, ...]:
        """The first days of a year's twelve months, in order, and the day after the last one."""
        return _starts(self.code, year)

    def year_of(self, day: date) -> int:
        """The year that `day` lies in."""
        day = min(max(day, _EARLIEST), _LATEST)
        year = day.year
        while day < self.starts(year)[0]:
            year -= 1
        while day >= self.starts(year)[-1]:
            year += 1
        return year

    def month_of(self, day: date) -> int:
        """Which month of its year, 1 to 12, `day` lies in."""
        return sum(start <= day for start in self.starts(self.year_of(day))[:MONTHS])

    def year_start(self, day: date) -> date:
        """The first day of the year that `day` lies in."""
        return self.starts(self.year_of(day))[0]

    def weeks_in(self, year: int) -> int | None:
        """How many weeks a year has, 52 or 53; None where it is not made of weeks."""
        first, *_, end = self.starts(year)
        return (end - first).days // 7 if self.has_weeks else None

    def __str__(self) -> str:
        return self.code


CALENDAR_YEAR = FiscalCalendar("01")
"""That of everybody."""


class Naming(StrEnum):
    """By which calendar years a fiscal year is named: all it has days in, or the first one, or the last."""

    BOTH = "both"
    FIRST = "first"
    LAST = "last"


def name_of_year(calendar: FiscalCalendar, year: int, naming: Naming = Naming.BOTH) -> str:
    """`FY2026/27`, or `FY2026` or `FY2027`, of the year that begins in 2026."""
    last = year + (calendar.begins_in > 1)
    both = f"FY{year}/{last % 100:02d}" if last > year else f"FY{year}"
    return {Naming.BOTH: both, Naming.FIRST: f"FY{year}", Naming.LAST: f"FY{last}"}[naming]


@cache
def _starts(code: str, year: int) -> tuple[date, ...]:
    found = _WEEKS.fullmatch(code)
    return _starts_of_months(int(code), year) if found is None else _starts_of_weeks(found, year)


def _starts_of_months(first: int, year: int) -> tuple[date, ...]:
    months = range(first - 1, first + MONTHS)
    return tuple(date(year + month // MONTHS, month % MONTHS + 1, 1) for month in months)


def _starts_of_weeks(code: re.Match[str], year: int) -> tuple[date, ...]:
    pattern, ending, weekday, month, week_53 = code.groups()
    # a year that ends about the end of December is said to lie in one year, any other one to end in the next
    last = year + (month != "12")
    first, end = (_end_of_weeks(Ending(ending), weekday, int(month), each) for each in (last - 1, last))
    weeks = [*map(int, pattern * 4)]
    weeks[int(week_53 or MONTHS) - 1] += (end - first).days // 7 - sum(weeks)
    return tuple(first + timedelta(weeks=count) for count in accumulate(weeks, initial=0))


def _end_of_weeks(ending: Ending, weekday: str, month: int, year: int) -> date:
    """The day after the last one of the year of weeks that ends about the end of that month."""
    last = date(year, month, monthrange(year, month)[1])
    latest = last + timedelta(days=3 if ending is Ending.NEAREST else 0)
    return latest - timedelta(days=(latest.weekday() - WEEKDAYS.index(weekday)) % 7 - 1)
