"""An organisation's own years: the periods that people name by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from scoring.errors import UsageError
from scoring.fiscal import FiscalCalendar, Naming, name_of_year
from scoring.period import Cadence, Period

# FY2026-27 is a name, FY2026-04 a year that begins in April: up to 12 it is a month
_SAID = re.compile(r"(FY[0-9]{4}(?:/[0-9]{2}|-(?:1[3-9]|[2-9][0-9]))?)(?:-([QP])([0-9]{1,2}))?")
_PARTS = {None: (Cadence.FISCAL_YEAR, 1), "Q": (Cadence.FISCAL_QUARTER, 4), "P": (Cadence.FISCAL_MONTH, 12)}


@dataclass(frozen=True, slots=True)
class FiscalYears:
    """The calendar, and how its years are named; no calendar where those of everybody are good enough."""

    calendar: FiscalCalendar | None = None
    naming: Naming = Naming.BOTH

    def period(self, text: str) -> Period:
        """Read `FY2026/27`, `FY2026/27-Q3` or `FY2026/27-P10`, or a year by the organisation's own naming.

        Everything else is read as `Period.parse` does. Raises `UsageError` for what is no period.
        """
        said = _SAID.fullmatch(text)
        if said is None:
            return Period.parse(text)
        return self._said(text, said[1].replace("-", "/"), said[2], int(said[3] or 1))

    def own_period(self, text: str) -> Period:
        """The same to make cards of; raises `UsageError` also for one of another fiscal calendar."""
        period = self.period(text)
        if period.fiscal not in (None, self.calendar):
            raise UsageError(
                f"period: expected a fiscal year of calendar.yaml, {self._such_as(period.year)}, found "
                f"{text!r} of another calendar; give one of those, or correct fiscal_year there."
            )
        return period

    def _said(self, text: str, name: str, part: str | None, number: int) -> Period:
        cadence, most = _PARTS[part]
        if self.calendar is None:
            raise UsageError(
                f"period: expected a book with a fiscal year, found {text!r} and none; say with fiscal_year "
                "in calendar.yaml when it begins."
            )
        if not 1 <= number <= most:
            raise UsageError(
                f"period: expected a number from 1 to {most} after {part}, found {text!r}; correct it."
            )
        return Period.parse(str(Period(self._year(self.calendar, name), number, cadence, self.calendar)))

    def _year(self, calendar: FiscalCalendar, name: str) -> int:
        """The year of that name: by the book's naming, or by both years, which nobody can mistake."""
        said = int(name[2:6])
        for year, naming in product((said, said - 1), (self.naming, Naming.BOTH)):
            if name_of_year(calendar, year, naming) == name:
                return year
        raise UsageError(
            f"period: expected a fiscal year named as the book names it, {self._such_as(said)}, found "
            f"{name!r}; correct it."
        )

    def _such_as(self, year: int) -> str:
        """An example; there is none without a calendar."""
        if self.calendar is None:
            return "which has none"
        return f"such as {name_of_year(self.calendar, year, self.naming)}"
