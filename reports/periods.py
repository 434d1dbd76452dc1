"""Periods and days as a reader of one language names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date

from scoring.fiscal import Naming, name_of_year
from scoring.period import Cadence, Period
from scoring.text import Language


@cache
def locale_of(language: str) -> Locale:
    """The formats of a language; looked up once, not for each number of a card."""
    return Locale.parse(language)


Patterns = Mapping[Cadence, tuple[str, str]]
"""How periods are named in English and in Chinese; a month's are patterns of babel."""

_LONG: Patterns = {
    Cadence.MONTH: ("MMMM y", "y年M月"),
    Cadence.YEAR: ("{year}", "{year}年"),
    Cadence.WEEK: ("Week {number}, {year}", "{year}年第{number}周"),
    Cadence.QUARTER: ("Q{number} {year}", "{year}年第{number}季度"),
    Cadence.FISCAL_MONTH: ("P{number} FY{year}", "{year}财年第{number}期"),
    Cadence.FISCAL_QUARTER: ("Q{number} FY{year}", "{year}财年第{number}季度"),
    Cadence.FISCAL_YEAR: ("FY{year}", "{year}财年"),
}
_SHORT: Patterns = {
    Cadence.MONTH: ("MMM yy", "yy年M月"),
    Cadence.YEAR: ("{year}", "{year}"),
    Cadence.WEEK: ("W{number} {yy}", "{yy}年{number}周"),
    Cadence.QUARTER: ("Q{number} {yy}", "{yy}年{number}季度"),
    Cadence.FISCAL_MONTH: ("P{number} FY{yy}", "{yy}财年{number}期"),
    Cadence.FISCAL_QUARTER: ("Q{number} FY{yy}", "{yy}财年{number}季度"),
    Cadence.FISCAL_YEAR: ("FY{yy}", "{yy}财年"),
}
_ALONE: Patterns = {
    Cadence.MONTH: ("LLLL", "M月"),
    Cadence.YEAR: ("{year}", "{year}"),
    Cadence.WEEK: ("week {number}", "第{number}周"),
    Cadence.QUARTER: ("Q{number}", "第{number}季度"),
    Cadence.FISCAL_MONTH: ("P{number}", "第{number}期"),
    Cadence.FISCAL_QUARTER: ("Q{number}", "第{number}季度"),
    Cadence.FISCAL_YEAR: ("FY{year}", "{year}财年"),
}
_TICK: Patterns = {
    Cadence.MONTH: ("LLL", "M月"),
    Cadence.YEAR: ("{year}", "{year}"),
    Cadence.WEEK: ("{number}", "{number}"),
    Cadence.QUARTER: ("Q{number}", "Q{number}"),
    Cadence.FISCAL_MONTH: ("P{number}", "{number}期"),
    Cadence.FISCAL_QUARTER: ("Q{number}", "Q{number}"),
    Cadence.FISCAL_YEAR: ("FY{yy}", "{yy}财年"),
}


@dataclass(frozen=True, slots=True)
class PeriodNames:
    """Names of periods, given as a card spells them: `2026-10`, `2026-W41`, `2026-Q4`, `2026`,
    `FY2026-04-Q3`. Fiscal years are `named` as the book says.
    """

    language: Language
    named: Naming = Naming.BOTH

    def long(self, text: str) -> str:
        """`October 2026`, `Week 41, 2026`, `Q4 2026`; `2026年10月`, `2026年第41周`, `2026年第4季度`."""
        return self._named(text, _LONG)

    def short(self, text: str) -> str:
        """For axes: `Oct 26`, `W41 26`, `Q4 26`; `26年10月`, `26年41周`, `26年4季度`."""
        return self._named(text, _SHORT)

    def alone(self, text: str) -> str:
        """Without its year: `September`, `week 41`, `Q3`; `9月`, `第41周`, `第3季度`."""
        return self._named(text, _ALONE)

    def tick(self, text: str) -> str:
        """As short as it gets: `Sep`, `41`, `Q3`, `2026`."""
        return self._named(text, _TICK)

    def year(self, text: str) -> str:
        """Of any period its year: `2026`; `FY26/27`, `26/27财年`."""
        period = Period.parse(text)
        whole = Period.containing(period.start, Cadence.FISCAL_YEAR, period.fiscal)
        return str(period.year) if period.fiscal is None else self.tick(str(whole))

    def days_of(self, period: Period) -> str:
        """Both ends: `June 2017 – May 2018` of whole months, `3 June 2017 – 5 May 2018` of others."""
        patterns = ("d MMMM y", "y年M月d日") if period.months is None else ("MMMM y", "y年M月")
        ends = [self._date(day, *patterns) for day in (period.start, period.last_day)]
        return self._either(" – ", "—").join(dict.fromkeys(ends))

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

    def _named(self, text: str, patterns: Patterns) -> str:
        period = Period.parse(text)
        if period.cadence is Cadence.SPAN:
            return self.days_of(period)
        english, chinese = patterns[period.cadence]
        if period.cadence is Cadence.MONTH:
            return self._date(period.start, english, chinese)
        year = name_of_year(period.fiscal, period.year, self.named)[2:] if period.fiscal else str(period.year)
        return self._either(english, chinese).format(year=year, yy=year[2:], number=period.number)

    def _date(self, day: date, english: str, chinese: str) -> str:
        """A day in one of two patterns of babel."""
        return _formatted(day, self._either(english, chinese), self.language)

    def _either(self, english: str, chinese: str) -> str:
        return english if self.language == "en" else chinese


@lru_cache(maxsize=1000)
def _formatted(day: date, pattern: str, language: Language) -> str:
    """A card names a few days over a hundred times, and all cards of a run the same."""
    return format_date(day, pattern, locale=locale_of(language))
