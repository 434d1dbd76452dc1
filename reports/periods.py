"""Periods and days as a reader of one language names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton

from scoring.period import Cadence, Period
from scoring.text import Language


@dataclass(frozen=True, slots=True)
class PeriodNames:
    """Names of periods, given as a card spells them: `2026-10`, `2026-W41`, `2026-Q4`, `2026`."""

    language: Language

    @property
    def _is_english(self) -> bool:
        return self.language == "en"

    def long(self, text: str) -> str:
        """`October 2026`, `Week 41, 2026`, `Q4 2026`; `2026年10月`, `2026年第41周`, `2026年第4季度`."""
        period = Period.parse(text)
        match period.cadence:
            case Cadence.MONTH:
                return format_skeleton("yMMMM", period.start, locale=Locale.parse(self.language))
            case Cadence.WEEK if self._is_english:
                return f"Week {period.number}, {period.year}"
            case Cadence.QUARTER if self._is_english:
                return f"Q{period.number} {period.year}"
            case _ if self._is_english:
                return str(period.year)
            case _:
                return f"{period.year}年{self.alone(text) if period.cadence is not Cadence.YEAR else ''}"

    def short(self, text: str) -> str:
        """For axes: `Oct 26`, `W41 26`, `Q4 26`; `26年10月`, `26年41周`, `26年4季度`."""
        period = Period.parse(text)
        year = f"{period.year % 100:02d}"
        match period.cadence:
            case Cadence.YEAR:
                return str(period.year)
            case Cadence.MONTH:
                pattern = "MMM yy" if self._is_english else "yy年M月"
                return format_date(period.start, pattern, locale=Locale.parse(self.language))
            case cadence if self._is_english:
                return f"{'W' if cadence is Cadence.WEEK else 'Q'}{period.number} {year}"
            case cadence:
                return f"{year}年{period.number}{'周' if cadence is Cadence.WEEK else '季度'}"

    def alone(self, text: str) -> str:
        """Without its year: `September`, `week 41`, `Q3`; `9月`, `第41周`, `第3季度`."""
        period = Period.parse(text)
        match period.cadence:
            case Cadence.MONTH:
                return self._month(period, "LLLL")
            case Cadence.YEAR:
                return str(period.year)
            case Cadence.WEEK:
                return f"week {period.number}" if self._is_english else f"第{period.number}周"
            case Cadence.QUARTER:
                return f"Q{period.number}" if self._is_english else f"第{period.number}季度"

    def tick(self, text: str) -> str:
        """As short as it gets: `Sep`, `41`, `Q3`, `2026`."""
        period = Period.parse(text)
        match period.cadence:
            case Cadence.MONTH:
                return self._month(period, "LLL")
            case Cadence.QUARTER:
                return f"Q{period.number}"
            case Cadence.WEEK:
                return str(period.number)
            case Cadence.YEAR:
                return str(period.year)

    def day(self, day: date) -> str:
        """`3 October`, `10月3日`."""
        pattern = "d MMMM" if self._is_english else "M月d日"
        return format_date(day, pattern, locale=Locale.parse(self.language))

    def full_date(self, day: date) -> str:
        """`3 October 2026`, `2026年10月3日`."""
        pattern = "d MMMM y" if self._is_english else "y年M月d日"
        return format_date(day, pattern, locale=Locale.parse(self.language))

    def day_range(self, first: date, last: date) -> str:
        """Days of one month: `3–5 October`, `10月3–5日`; a single day as `day`."""
        if first == last:
            return self.day(first)
        if self._is_english:
            return f"{first.day}–{self.day(last)}"
        return f"{first.month}月{first.day}–{last.day}日"

    def _month(self, period: Period, pattern: str) -> str:
        pattern = pattern if self._is_english else "M月"
        return format_date(period.start, pattern, locale=Locale.parse(self.language))
