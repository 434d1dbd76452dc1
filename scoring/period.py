"""The reporting period as a type: a half-open range of business days with a name.

There is no clock here: a caller that wants the last complete month passes the day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scoring.errors import UsageError
from scoring.fiscal import CODE, FiscalCalendar

FIRST_YEAR, LAST_YEAR = 1900, 9996
LONGEST_SPAN = 3660
"""Days that a free span may have: ten years."""


class Cadence(StrEnum):
    """How long a period lasts. A week is the ISO week: it begins on Monday and may cross a month.

    Fiscal ones are parts of a year that does not begin on 1 January; a span is from any day to any day.
    """

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FISCAL_MONTH = "fiscal_month"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_YEAR = "fiscal_year"
    SPAN = "span"

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        return self.replace("_", " ")


_NAMES = {
    Cadence.MONTH: re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    Cadence.WEEK: re.compile(r"([0-9]{4})-W(0[1-9]|[1-4][0-9]|5[0-3])"),
    Cadence.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
    Cadence.YEAR: re.compile(r"([0-9]{4})()"),
    Cadence.FISCAL_MONTH: re.compile(rf"FY([0-9]{{4}})-({CODE})-P(0[1-9]|1[0-2])"),
    Cadence.FISCAL_QUARTER: re.compile(rf"FY([0-9]{{4}})-({CODE})-Q([1-4])"),
    Cadence.FISCAL_YEAR: re.compile(rf"FY([0-9]{{4}})-({CODE})()"),
}
_SPAN = re.compile(r"([0-9]{4}-[0-9]{2})(-[0-9]{2})?\.\.([0-9]{4}-[0-9]{2})(-[0-9]{2})?")
_SPELLINGS = {
    Cadence.MONTH: "{0.year:04d}-{0.number:02d}",
    Cadence.WEEK: "{0.year:04d}-W{0.number:02d}",
    Cadence.QUARTER: "{0.year:04d}-Q{0.number}",
    Cadence.YEAR: "{0.year:04d}",
    Cadence.FISCAL_MONTH: "FY{0.year:04d}-{0.fiscal}-P{0.number:02d}",
    Cadence.FISCAL_QUARTER: "FY{0.year:04d}-{0.fiscal}-Q{0.number}",
    Cadence.FISCAL_YEAR: "FY{0.year:04d}-{0.fiscal}",
    Cadence.SPAN: "{0.start}..{0.last_day}",
}
_A_YEAR = {
    Cadence.MONTH: 12,
    Cadence.QUARTER: 4,
    Cadence.YEAR: 1,
    Cadence.FISCAL_MONTH: 12,
    Cadence.FISCAL_QUARTER: 4,
    Cadence.FISCAL_YEAR: 1,
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A week, month, quarter or year, or a free span of days: all days d with `start <= d < end`.

    `number` is the ISO week, month or quarter within `year` (for a week the ISO year); 1 for a year. A
    fiscal one counts within the year of its calendar `fiscal`. A span begins on the `number`-th day of
    `year` and ends before the day `until`.
    """

    year: int
    number: int
    cadence: Cadence = Cadence.MONTH
    fiscal: FiscalCalendar | None = None
    until: date | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-10`, `2026-W41`, `2026-Q4`, `2026`, `FY2026-04-Q3` or a span such as
        `2017-06-01..2018-05-31`; raises `UsageError` for anything else.
        """
        for period in cls._spelled(text):
            return period._that_exists(text)
        span = _SPAN.fullmatch(text)
        if span is not None:
            return cls._span(text, *span.groups())
        raise UsageError(
            f"period: expected a month such as 2026-10, a week such as 2026-W41, a quarter such as 2026-Q4 "
            f"or a year such as 2026, found {text!r}; give YYYY-MM, YYYY-Www, YYYY-Qn or YYYY, days as "
            "YYYY-MM-DD..YYYY-MM-DD, or a fiscal one such as FY2026-04-Q3."
        )

    @staticmethod
    def is_span(text: str) -> bool:
        """Whether a text has the form of a free span of days or months."""
        return _SPAN.fullmatch(text) is not None

    @classmethod
    def _spelled(cls, text: str) -> Iterator[Period]:
        """The period of that spelling, if it is one, in a year that has dates."""
        for cadence, name in _NAMES.items():
            match = name.fullmatch(text)
            if match is not None and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
                year, *code, number = match.groups()
                fiscal = FiscalCalendar(code[0]) if code else None
                yield cls(int(year), int(number or 1), cadence, fiscal)

    def _that_exists(self, text: str) -> Period:
        """It, unless there is no such week or fiscal month."""
        if self.cadence is Cadence.FISCAL_MONTH and self.fiscal and not self.fiscal.has_weeks:
            raise UsageError(
                f"period: expected a fiscal month made of weeks, found {text!r}, which is the month "
                f"{Period.containing(self.start)}; give that."
            )
        # a year has a week 53 only where it begins or ends on a Thursday
        if Period.containing(self.start, self.cadence, self.fiscal) != self:
            raise UsageError(
                f"period: expected a week of {self.year}, which has 52, found {text!r}; its last one is "
                f"{self.year}-W52, and the one after it {self.year + 1}-W01."
            )
        return self

    @classmethod
    def _span(cls, text: str, first: str, day: str | None, last: str, last_day: str | None) -> Period:
        """From the first day of a month, or a day, to the last day of a month, or a day."""
        if bool(day) is not bool(last_day):
            raise UsageError(
                f"period: expected two days or two months, found {text!r}; give both ends as YYYY-MM-DD, or "
                "both as YYYY-MM."
            )
        try:
            return cls.of_days(date.fromisoformat(first + (day or "-01")), _last_of(last, last_day))
        except ValueError:
            raise UsageError(
                f"period: expected days of the calendar, found {text!r}; give a span such as "
                "2017-06-01..2018-05-31."
            ) from None

    @classmethod
    def of_days(cls, first: date, last: date) -> Period:
        """The span from `first` to `last`, both included; raises `UsageError` for no days or too many."""
        if not first <= last or (last - first).days >= LONGEST_SPAN or not _has_dates(first, last):
            raise UsageError(
                f"period: expected a span that ends after it begins, of at most {LONGEST_SPAN} days, found "
                f"{first}..{last}; give a span such as 2017-06-01..2018-05-31."
            )
        return cls(first.year, first.timetuple().tm_yday, Cadence.SPAN, until=last + timedelta(days=1))

    @classmethod
    def containing(
        cls, day: date, cadence: Cadence = Cadence.MONTH, fiscal: FiscalCalendar | None = None
    ) -> Period:
        """The period of that cadence that `day` lies in; a fiscal one is of the calendar `fiscal`."""
        if cadence is Cadence.WEEK:
            year, week, _ = day.isocalendar()
            return cls(year, week, cadence)
        year, month = (day.year, day.month) if fiscal is None else (fiscal.year_of(day), fiscal.month_of(day))
        return cls(year, (month - 1) * _A_YEAR[cadence] // 12 + 1, cadence, fiscal)

    @property
    def start(self) -> date:
        """First day of the period."""
        if self.fiscal is not None:
            return self.fiscal.starts(self.year)[(self.number - 1) * 12 // _A_YEAR[self.cadence]]
        if self.cadence is Cadence.WEEK:
            # the week of 4 January is the first one, by definition of ISO 8601
            fourth = date(self.year, 1, 4)
            return fourth + timedelta(weeks=self.number - 1, days=-fourth.weekday())
        if self.until is not None:
            return date(self.year, 1, 1) + timedelta(days=self.number - 1)
        return date(self.year, (self.number - 1) * 12 // _A_YEAR[self.cadence] + 1, 1)

    @property
    def end(self) -> date:
        """The day after the last day of the period."""
        if self.fiscal is not None:
            return self.fiscal.starts(self.year)[self.number * 12 // _A_YEAR[self.cadence]]
        return self.until or self.shift(1).start

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    @property
    def months(self) -> int | None:
        """How many whole months a span has; None where it has others, or is none."""
        if self.until is None or self.start.day > 1 or self.until.day > 1:
            return None
        return (self.until.year - self.year) * 12 + self.until.month - self.start.month

    def shift(self, count: int) -> Period:
        """The period `count` later (earlier where negative); of a span one of as many months, or days."""
        if self.cadence is Cadence.WEEK:
            return Period.containing(self.start + timedelta(weeks=count), Cadence.WEEK)
        if self.until is not None:
            return self._shifted(count, self.until)
        a_year = _A_YEAR[self.cadence]
        index = self.year * a_year + (self.number - 1) + count
        return Period(index // a_year, index % a_year + 1, self.cadence, self.fiscal)

    def _shifted(self, count: int, until: date) -> Period:
        if self.months is None:
            days = (until - self.start) * count
            return Period.of_days(self.start + days, self.last_day + days)
        ends = (Period.containing(day).shift(self.months * count) for day in (self.start, self.last_day))
        first, last = ends
        return Period.of_days(first.start, last.last_day)

    def a_year_before(self) -> Period:
        """The same period of the year before; for a week 53 the last week of that year."""
        if self.until is not None:
            return Period.of_days(_a_year_before(self.start), _a_year_before(self.until) - timedelta(days=1))
        before = Period(self.year - 1, self.number, self.cadence, self.fiscal)
        is_missing = Period.containing(before.start, self.cadence, self.fiscal) != before
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
        fiscal = self.fiscal if cadence.startswith("fiscal") else None
        first, last = (Period.containing(day, cadence, fiscal) for day in (self.start, self.last_day))
        return first.through(last)

    def days(self) -> Iterator[date]:
        """Every day of the period, in order."""
        return (self.start + timedelta(days=n) for n in range((self.end - self.start).days))

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return _SPELLINGS[self.cadence].format(self)


def _last_of(month: str, day: str | None) -> date:
    first = date.fromisoformat(f"{month}-01")
    whole = f"-{monthrange(first.year, first.month)[1]:02d}"
    return date.fromisoformat(month + (day or whole))


def _has_dates(first: date, last: date) -> bool:
    return first.year >= FIRST_YEAR and last.year <= LAST_YEAR


def _a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def runs_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """The first and the last of each run of days that follow one another; `days` are in order."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
