"""Measures over days other than the period's own, under a name that says which.

`sales_revenue__last_year` is the sales of the same period a year before. So a formula may compare periods
(`sales_revenue / sales_revenue__last_year - 1`) and stays arithmetic over names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from scoring.fiscal import CODE, FiscalCalendar
from scoring.period import Period

SEPARATOR = "__"

Days = tuple[date, date]
"""Half-open: the first day, and the day after the last."""


class Span(StrEnum):
    """The period before; the same period a year before; from 1 January to the period's end."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"
    YEAR_TO_DATE = "year_to_date"


_SINCE = re.compile(r"since_([0-9]{8})(?:_until_([0-9]{8}))?")
_FISCAL = re.compile(rf"{Span.YEAR_TO_DATE}_({CODE})(?:_since_([0-9]{{8}}))?")
_TO_DATE = re.compile(rf"{SEPARATOR}{Span.YEAR_TO_DATE}\b")


@dataclass(frozen=True, slots=True)
class Since:
    """From a day on, to the period's end or up to, not including, `until`."""

    first: date
    until: date | None = None

    def __str__(self) -> str:
        until = "" if self.until is None else f"_until_{self.until:%Y%m%d}"
        return f"since_{self.first:%Y%m%d}{until}"


@dataclass(frozen=True, slots=True)
class FiscalToDate:
    """From the first day of the fiscal year to the period's end, or `since` a later day of that year."""

    fiscal: FiscalCalendar
    since: date | None = None

    def __str__(self) -> str:
        since = "" if self.since is None else f"_since_{self.since:%Y%m%d}"
        return f"{Span.YEAR_TO_DATE}_{self.fiscal}{since}"

    @property
    def first(self) -> date:
        """The day it is said to begin on; one long ago where that is the year's first."""
        return self.since or date.min

    def days(self, period: Period) -> Days:
        """Those of the fiscal year that the period ends in; none where it is not in that of `since`."""
        start = self.fiscal.year_start(period.last_day)
        first = self.since or start
        return (first, period.end) if start <= first < period.end else (period.start, period.start)


AnySpan = Span | Since | FiscalToDate


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, AnySpan | None]:
    """`ad_spend__year_to_date` as its measure and its span; any other name is a measure itself."""
    base, separator, said = name.rpartition(SEPARATOR)
    span = _span(said) if separator else None
    return (name, None) if span is None else (base, span)


def _span(said: str) -> AnySpan | None:
    if said in set(Span):
        return Span(said)
    match = _SINCE.fullmatch(said)
    if match is not None:
        return Since(*map(date.fromisoformat, filter(None, match.groups())))
    found = _FISCAL.fullmatch(said)
    return found and FiscalToDate(
        FiscalCalendar(found[1]), date.fromisoformat(found[2]) if found[2] else None
    )


def by_fiscal_year(formula: str, fiscal: FiscalCalendar | None) -> str:
    """The formula with its years to date counted from the fiscal year's first day, where there is one."""
    return formula if fiscal is None else _TO_DATE.sub(f"{SEPARATOR}{FiscalToDate(fiscal)}", formula)


def is_to_date(span: AnySpan | None) -> bool:
    """Whether it is the whole year up to the period's end."""
    return span is Span.YEAR_TO_DATE or isinstance(span, FiscalToDate)


def name_in(measure: str, span: AnySpan | None) -> str:
    """The inverse of `split_name`."""
    return measure if span is None else f"{measure}{SEPARATOR}{span}"


def spans_in(names: Iterable[str]) -> frozenset[AnySpan]:
    """The spans that the names speak of."""
    return frozenset(span for _, span in map(split_name, names) if span is not None)


def days_of(period: Period, span: AnySpan | None = None) -> Days:
    """The days that a span of a period sums; none where it begins after the period."""
    if isinstance(span, Since):
        return _days_since(period, span)
    if isinstance(span, FiscalToDate):
        return span.days(period)
    if span is Span.YEAR_TO_DATE:
        # of a week across New Year the year that it ends in, whatever ISO counts it to
        return date(period.last_day.year, 1, 1), period.end
    other = _EARLIER[span](period) if span else period
    return other.start, other.end


_EARLIER: Mapping[Span, Callable[[Period], Period]] = {
    Span.PREVIOUS: lambda period: period.shift(-1),
    Span.LAST_YEAR: Period.a_year_before,
}


EARLIER = frozenset(_EARLIER)
"""The spans that are a period of their own, before this one."""


def _days_since(period: Period, span: Since) -> Days:
    end = min(span.until or period.end, period.end)
    is_none = span.first >= end or _is_over(span, period)
    return (period.start, period.start) if is_none else (span.first, end)


def _is_over(span: Since, period: Period) -> bool:
    """Whether it is a year to date, and of a year before."""
    return span.until is None and span.first.year < period.last_day.year


def shifted(measures: Mapping[str, Decimal], span: AnySpan) -> dict[str, Decimal]:
    """The measures of the span under their plain names: the same formula then says what it was there."""
    named = ((split_name(name), value) for name, value in measures.items())
    return {base: value for (base, of), value in named if of == span}


def months_in(days: Days) -> tuple[Period, ...]:
    """The months that share days with a span, in order."""
    months = [Period.containing(days[0])]
    while months[-1].end < days[1]:
        months.append(months[-1].shift(1))
    return tuple(months)
