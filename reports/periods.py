"""Periods and days as a reader of one language names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton

from scoring.period import Cadence, Period
from scoring.text import Language


@cache
def locale_of(language: str) -> Locale:
    """The formats of a language; looked up once, not for each number of a card."""
    return Locale.parse(language)


@dataclass(frozen=True, slots=True)
class PeriodNames:
    """Names of periods, given as a card spells them: `2026-10`, `2026-W41`, `2026-Q4`, `2026`."""

    language: Language

    def long(self, text: str) -> str:
        """`October 2026`, `Week 41, 2026`, `Q4 2026`; `2026年10月`, `2026年第41周`, `2026年第4季度`."""
        period = Period.parse(text)
        year, number = period.year, period.number
        match period.cadence:
            case Cadence.MONTH:
                return format_skeleton("yMMMM", period.start, locale=locale_of(self.language))
            case Cadence.YEAR:
                return self._either(str(year), f"{year}年")
            case Cadence.WEEK:
                return self._either(f"Week {number}, {year}", f"{year}年第{number}周")
            case Cadence.QUARTER:
                return self._either(f"Q{number} {year}", f"{year}年第{number}季度")

    def short(self, text: str) -> str:
        """For axes: `Oct 26`, `W41 26`, `Q4 26`; `26年10月`, `26年41周`, `26年4季度`."""
        period = Period.parse(text)
        year, number = f"{period.year % 100:02d}", period.number
        match period.cadence:
            case Cadence.MONTH:
                return self._date(period.start, "MMM yy", "yy年M月")
            case Cadence.YEAR:
                return str(period.year)
            case Cadence.WEEK:
                return self._either(f"W{number} {year}", f"{year}年{number}周")
            case Cadence.QUARTER:
                return self._either(f"Q{number} {year}", f"{year}年{number}季度")

    def alone(self, text: str) -> str:
        """Without its year: `September`, `week 41`, `Q3`; `9月`, `第41周`, `第3季度`."""
        period = Period.parse(text)
        match period.cadence:
            case Cadence.MONTH:
                return self._date(period.start, "LLLL", "M月")
            case Cadence.YEAR:
                return str(period.year)
            case Cadence.WEEK:
                return self._either(f"week {period.number}", f"第{period.number}周")
            case Cadence.QUARTER:
                return self._either(f"Q{period.number}", f"第{period.number}季度")

    def tick(self, text: str) -> str:
        """As short as it gets: `Sep`, `41`, `Q3`, `2026`."""
        period = Period.parse(text)
        match period.cadence:
            case Cadence.MONTH:
                return self._date(period.start, "LLL", "M月")
            case Cadence.QUARTER:
                return f"Q{period.number}"
            case Cadence.WEEK:
                return str(period.number)
            case Cadence.YEAR:
                return str(period.year)

    def day(self, day: date) -> str:
        """`3 October`, `10月3日`."""
        return self._date(day, "d MMMM", "M月d日")

    def full_date(self, day: date) -> str:
        """`3 October 2026`, `2026年10月3日`."""
        return self._date(day, "d MMMM y", "y年M月d日")

    def day_range(self, first: date, last: date) -> str:
        """Days of one month: `3–5 October`, `10月3–5日`; a single day as `day`."""
        if first == last:
            return self.day(first)
        return self._either(f"{first.day}–{self.day(last)}", f"{first.month}月{first.day}–{last.day}日")

    def _date(self, day: date, english: str, chinese: str) -> str:
        """A day in one of two patterns of babel."""
        return format_date(day, self._either(english, chinese), locale=locale_of(self.language))

    def _either(self, english: str, chinese: str) -> str:
        return english if self.language == "en" else chinese
