"""A KPI's value from the first day of the year to the last one of its period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.fiscal import FiscalCalendar
from scoring.formula import Formula
from scoring.period import Period
from scoring.spans import AnySpan, FiscalToDate, Span, days_of, shifted, spans_in
from scoring.working import MeasureValue, Reason


@dataclass(frozen=True, slots=True)
class YearToDate:
    """The value over all days from `first` (an ISO date) on, worked out from the sums of the `measures`.

    `actual` is in the KPI's unit, None where `reason` says why. `lacking` are the months in which something
    of its sources is missing, so that the value is not that of the whole year to date.
    """

    first: str
    actual: Decimal | None
    measures: tuple[MeasureValue, ...]
    reason: Reason | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToDate:
    """The days that count for a card which shows the year to date, and what is `lacking`, by KPI."""

    span: AnySpan
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def year_span(period: Period, fiscal: FiscalCalendar | None) -> AnySpan | None:
    """The year to date of a period, by the organisation's years; None where it has no days before it."""
    span = Span.YEAR_TO_DATE if fiscal is None else FiscalToDate(fiscal)
    return span if days_of(period, span)[0] < period.start else None


def year_to_date(
    formula: str, period: Period, known: Mapping[str, Decimal], units: Mapping[str, str], asked: ToDate
) -> YearToDate:
    """The formula over the sums of the days, so that a ratio is that of the sums."""
    parsed, measures = Formula.parse(formula), shifted(known, asked.span)
    value = parsed.evaluate(measures)
    actual, reason = (None, value) if isinstance(value, Reason) else (value, None)
    return YearToDate(
        first=days_of(period, asked.span)[0].isoformat(),
        actual=actual,
        measures=tuple(
            MeasureValue(name, measures.get(name), units.get(name, "count")) for name in parsed.names
        ),
        reason=reason,
    )


def can_be_summed(formula: str) -> bool:
    """Whether there is a value over other days: not of what people judge, nor of what compares periods."""
    return bool(formula) and not spans_in(Formula.parse(formula).names)
