"""A KPI's target in a period, worked out from the agreed rows, and what counts as reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import chain

from scoring.aims import ABSOLUTE, Basis, Cumulative, Growth, Milestone, Range
from scoring.arithmetic import EXACT, HUNDRED, ONE
from scoring.fiscal import MONTHS, FiscalCalendar
from scoring.formula import Formula
from scoring.known import Known
from scoring.kpi import Direction, Kpi, Target
from scoring.period import Period
from scoring.spans import (
    AnySpan,
    FiscalToDate,
    Since,
    Span,
    days_of,
    is_to_date,
    shifted,
    spans_in,
    split_name,
)
from scoring.targets.prorating import mean_by_days, prorate_working
from scoring.targets.terms import Covered, Part, Terms
from scoring.working import Operand, Reason, Working

SPANS: Mapping[Basis, Span] = {
    Basis.PREVIOUS_PERIOD: Span.PREVIOUS,
    Basis.SAME_PERIOD_LAST_YEAR: Span.LAST_YEAR,
}


@dataclass(frozen=True, slots=True)
class EffectiveTarget:
    """What is on target: anything from `low` to `high`, which are the same but for a range.

    `workings` say how it came about, in order; there is none where it is what was agreed.
    """

    low: Decimal
    high: Decimal
    workings: tuple[Working, ...] = ()

    @classmethod
    def of(cls, value: Decimal, *workings: Working) -> EffectiveTarget:
        """A single number."""
        return cls(value, value, workings)

    @property
    def number(self) -> Decimal | None:
        """The number to reach; None for a range."""
        return self.low if self.low == self.high else None

    def nearest(self, actual: Decimal) -> Decimal:
        """What on target is nearest to `actual`; that itself where it is on target within a range."""
        return min(max(actual, self.low), self.high)


def effective_target(terms: Terms, kpi: Kpi, known: Known) -> EffectiveTarget | Reason:
    """What is on target; `no_target` where growth has nothing to grow from, `part_period` if only a part."""
    if terms.covered is None:
        return _of_whole(terms, kpi, known)
    with localcontext(EXACT):
        target = _of_whole(terms, kpi, known)
        return target if isinstance(target, Reason) else _in_part(target, terms, terms.covered, kpi)


def in_part(kpi: Kpi, terms: Terms) -> Kpi:
    """The KPI with the part of its baseline that goes with the part of its target."""
    how, covered = kpi.attainment, terms.covered
    if how.baseline is None or covered is None or not kpi.adds_up:
        return kpi
    with localcontext(EXACT):
        return replace(kpi, attainment=replace(how, baseline=covered.part_of(how.baseline)))


def _in_part(target: EffectiveTarget, terms: Terms, covered: Covered, kpi: Kpi) -> EffectiveTarget | Reason:
    """The part of what adds up by days that the team's own days are; what does not add up stays as it is.

    Where none of them counts, such as on a weekend, there is nothing to reach.
    """
    if isinstance(terms.row.aim, Milestone | Cumulative):
        return target
    named = (Operand("since", covered.first.isoformat()), Operand("until", covered.until.isoformat()))
    if not kpi.adds_up or not covered.of_days:
        return replace(target, workings=(*target.workings, Working("part_period", named, (), target.low)))
    return _cut(target, covered, named) if covered.days else Reason.NOT_DUE


def _cut(target: EffectiveTarget, covered: Covered, named: tuple[Operand, ...]) -> EffectiveTarget:
    """The part of both ends, which are the same but for a range."""
    counted = (Operand("days", Decimal(covered.days)), Operand("of_days", Decimal(covered.of_days)))
    low, high = (
        Working("part_period", (*named, Operand("target", end), *counted), (), covered.part_of(end))
        for end in (target.low, target.high)
    )
    workings = (low,) if target.number is not None else (low, high)
    return EffectiveTarget(low.result, high.result, (*target.workings, *workings))


def _of_whole(terms: Terms, kpi: Kpi, known: Known) -> EffectiveTarget | Reason:
    """The target of the whole period."""
    if terms.row.aim is ABSOLUTE and len(terms.parts) == 1:
        # by far the most rows: nothing to be worked out
        return EffectiveTarget.of(_number(terms.row))
    with localcontext(EXACT):
        found = []
        for part in terms.parts:
            of_row = _of_row(part.target, terms, kpi, known)
            if isinstance(of_row, Reason):
                return of_row
            found.append(of_row)
        return found[0] if len(found) == 1 else _averaged(terms.parts, found)


def measures_for(terms: Terms, known: Known) -> Mapping[str, Decimal]:
    """The measures that the KPI's formula is worked out over: of the period, of the team's own days in it, or
    of the year to date.
    """
    if isinstance(terms.row.aim, Cumulative):
        return shifted(known.measures, to_date(terms.row, terms.row.aim, terms.period))
    return known.measures if terms.covered is None else of_own_days(known.measures, terms.covered.span)


def of_own_days(measures: Mapping[str, Decimal], span: AnySpan) -> dict[str, Decimal]:
    """The measures by which a team is scored that has targets for only these days of the period."""
    return _to_its_end(measures) | shifted(measures, span)


def compares_parts(names: Iterable[str], terms: Terms) -> bool:
    """Whether any of the measures is of an earlier period that this one cannot be held against."""
    return bool(terms.incomparable) and not terms.incomparable.isdisjoint(spans_in(names))


def _to_its_end(measures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Those of the year to date: a part of a period is held against no whole one before."""
    return {name: value for name, value in measures.items() if is_to_date(split_name(name)[1])}


def to_date(row: Target, aim: Cumulative, period: Period | None = None) -> AnySpan:
    """The days that a target of the year to date counts, and its actual with it: none after the row's own."""
    if period is not None and row.valid_until < period.end:
        return Since(_first_day(row, aim), row.valid_until)
    if aim.fiscal is not None:
        return FiscalToDate(aim.fiscal, aim.since)
    return Span.YEAR_TO_DATE if aim.since is None else Since(aim.since)


def _first_day(row: Target, aim: Cumulative) -> date:
    return aim.since or aim.years.year_start(row.valid_from)


def days_taken(row: Target, done_on: date) -> Decimal:
    """How many days something took from the row's first day, which is day 1, on; early is day 1, too."""
    return Decimal(max(1, (done_on - row.valid_from).days + 1))


def _of_row(row: Target, terms: Terms, kpi: Kpi, known: Known) -> EffectiveTarget | Reason:
    period = terms.period
    match row.aim:
        case Range(low=low, high=high):
            return EffectiveTarget(low, high)
        case Milestone(due=due):
            return _planned(row, due)
        case Growth(basis=basis):
            return _grown(row, (basis, SPANS[basis] in terms.parted), kpi, known)
        case Cumulative() as aim if aim.phases:
            return _phased(row, period, aim, kpi)
        case Cumulative() as aim:
            return _paced(row, period, to_date(row, aim, period))
        case _:
            return EffectiveTarget.of(_number(row))


def _number(row: Target) -> Decimal:
    """The row's number; the lint has seen to it that there is one where the rule needs one."""
    return Decimal(0) if row.target is None else row.target


def _planned(row: Target, due: date) -> EffectiveTarget:
    days = days_taken(row, due)
    operands = (Operand("from", row.valid_from.isoformat()), Operand("due", due.isoformat()))
    return EffectiveTarget.of(days, Working("milestone", operands, (), days))


def _grown(row: Target, counted_from: tuple[Basis, bool], kpi: Kpi, known: Known) -> EffectiveTarget | Reason:
    """What growth asks for; there is nothing where it counts from a period of which there is only a part."""
    basis, is_part = counted_from
    if is_part:
        return Reason.PART_PERIOD
    before = Formula.parse(kpi.formula).evaluate(shifted(known.measures, SPANS[basis]))
    if isinstance(before, Reason) or before <= 0:
        return Reason.NO_TARGET
    growth = _number(row)
    value = before * (ONE + growth)
    operands = (Operand("basis", basis.value), Operand("before", before), Operand("growth", growth))
    return EffectiveTarget.of(value, Working("growth", operands, (), value))


def _paced(row: Target, period: Period, span: AnySpan) -> EffectiveTarget:
    """The part of the row's number that is due at the period's end, day by day; no more than all of it."""
    first, end = days_of(period, span)
    elapsed = Decimal((end - first).days)
    days = Decimal((row.valid_until - first).days)
    value = _number(row) * elapsed / days
    operands = (
        Operand("target", _number(row)),
        Operand("elapsed", elapsed),
        Operand("days", days),
        Operand("until", (row.valid_until - timedelta(days=1)).isoformat()),
        *_said_of(span, period),
    )
    return EffectiveTarget.of(value, Working("cumulative", operands, (), value))


def _said_of(span: AnySpan, period: Period) -> Sequence[Operand]:
    """The first day that counts where it is not 1 January, and the one that no longer does.

    Of a fiscal year its calendar as well, and as `begins` its first day where all of it counts.
    """
    match span:
        case Since(first=first, until=until):
            ended = [] if until is None else [Operand("ended", until.isoformat())]
            return [Operand("since", first.isoformat()), *ended]
        case FiscalToDate():
            return _said_of_fiscal(span, period)
    return ()


def _said_of_fiscal(span: FiscalToDate, period: Period) -> Sequence[Operand]:
    first = "begins" if span.since is None else "since"
    return Operand(first, span.days(period)[0].isoformat()), Operand("fiscal", str(span.fiscal))


def _phased(row: Target, period: Period, aim: Cumulative, kpi: Kpi) -> EffectiveTarget | Reason:
    """The phases that have ended with the period, and of the one within it the part of its days that have.

    While nothing is planned, nothing is due, and only of what is to be low there is none to have.
    """
    phases = aim.phases
    end = min(period.end, row.valid_until)
    last = end - timedelta(days=1)
    bounds = aim.years.starts(aim.years.year_of(last))[:: MONTHS // len(phases)]
    done = bisect_right(bounds, last) - 1
    elapsed, days = ((day - bounds[done]).days for day in (end, bounds[done + 1]))
    planned = sum(phases[:done], Decimal(0)) + phases[done] * elapsed / days
    if not planned and kpi.direction is not Direction.LOWER:
        return Reason.NOT_DUE
    value = _number(row) * planned / HUNDRED
    said = Operand("phases", "/".join(map(str, phases)))
    days_said = _said_of(to_date(row, aim, period), period)
    operands = (Operand("target", _number(row)), said, Operand("planned", planned), *days_said)
    return EffectiveTarget.of(value, Working("cumulative", operands, (), value))


def _averaged(parts: Sequence[Part], found: Sequence[EffectiveTarget]) -> EffectiveTarget:
    days = [part.days for part in parts]
    lows = tuple(zip((of_row.low for of_row in found), days, strict=True))
    highs = tuple(zip((of_row.high for of_row in found), days, strict=True))
    low, high = mean_by_days(lows), mean_by_days(highs)
    each = chain.from_iterable(of_row.workings for of_row in found)
    if low == high:
        return EffectiveTarget(low, high, (*each, prorate_working("target", lows, sum(days), low)))
    of_low = prorate_working("target_low", lows, sum(days), low)
    of_high = prorate_working("target_high", highs, sum(days), high)
    return EffectiveTarget(low, high, (*each, of_low, of_high))


def span_of(row: Target, period: Period | None = None) -> AnySpan | None:
    """Which other days than the period's own the row needs the KPI's measures of."""
    match row.aim:
        case Growth(basis=basis):
            return SPANS[basis]
        case Cumulative() as aim:
            return to_date(row, aim, period)
        case _:
            return None


def span_worked_out(workings: Sequence[Working]) -> AnySpan | None:
    """The days that a printed target, and the figures held against it, are of; None for the whole period."""
    for working in workings:
        if working.rule in ("cumulative", "part_period"):
            return _named_in(working)
    return None


def _named_in(working: Working) -> AnySpan:
    first = _day_in(working, "since")
    fiscal = working.operand("fiscal")
    if fiscal is not None:
        return FiscalToDate(FiscalCalendar(str(fiscal)), first)
    if first is None:
        return Span.YEAR_TO_DATE
    # a year to date goes up to the period's end, its `until` is the row's
    return Since(first, _day_in(working, "until" if working.rule == "part_period" else "ended"))


def _day_in(working: Working, name: str) -> date | None:
    named = working.operand(name)
    return None if named is None else date.fromisoformat(str(named))
