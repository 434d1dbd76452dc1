"""One KPI of one team in one period, scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scoring.aims import Milestone
from scoring.arithmetic import round_half_up
from scoring.formula import Formula
from scoring.known import Known
from scoring.kpi import Kpi, RuleSpec
from scoring.rules import Case, Needs, Rule, rule_of
from scoring.targets.attainment import attain
from scoring.targets.effective import (
    EffectiveTarget,
    compares_parts,
    days_taken,
    effective_target,
    in_part,
    measures_for,
)
from scoring.targets.terms import Terms
from scoring.weights import as_hundred
from scoring.working import Reason, Working


@dataclass(frozen=True, slots=True)
class Line:
    """A KPI against its target: the working with the score, or the reason for having none.

    The working's result is the score rounded to the book's digits; `exact_score` is before that. `set_to` is
    what counts in the sum instead because of a veto of the KPI `overruled_by` or of a closed `gate`, whose
    result is the most that it counts as, and `share` the weight in it where the line takes over a part of the
    weight of others.
    """

    kpi: Kpi
    terms: Terms
    target: EffectiveTarget | None = None
    actual: Decimal | None = None
    attainment: Decimal | None = None
    working: Working | None = None
    exact_score: Decimal | None = None
    reason: Reason | None = None
    set_to: Decimal | None = None
    overruled_by: str | None = None
    share: Decimal | None = None
    gate: Working | None = None

    @property
    def weight(self) -> Decimal:
        """The agreed weight in percent points."""
        return self.terms.weight

    @property
    def counted_weight(self) -> Decimal:
        """The weight in sums, on a scale that is that of all lines of the card."""
        return self.weight if self.share is None else self.share

    @property
    def score(self) -> Decimal | None:
        """The rounded score, 100 = on target."""
        return None if self.working is None else self.working.result

    @property
    def has_counted_score(self) -> bool:
        """Whether it has a score and a weight; without one it only informs."""
        return self.score is not None and bool(self.weight)

    @property
    def counts_by_itself(self) -> bool:
        """Whether it has a score of its own that counts, and neither veto nor gate sets another."""
        return self.has_counted_score and self.set_to is None


def by_area(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    """The lines of each area that has any."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.kpi.area, []).append(line)
    return found


def agreed_weight(lines: Iterable[Line]) -> Decimal:
    """The sum of the agreed weights."""
    return as_hundred(sum((line.weight for line in lines), Decimal(0)))


def summed_weight(lines: Iterable[Line]) -> Decimal:
    """The sum of the weights that count, digit by digit, as what is divided by must be."""
    return sum((line.counted_weight for line in lines), Decimal(0))


def measure_names(formula: str, spec: RuleSpec) -> tuple[str, ...]:
    """The measures behind a KPI, in its formula or in its rule's conditions.

    Raises `BookError` if the formula or the rule cannot be read.
    """
    if formula:
        return Formula.parse(formula).names
    return rule_of(spec).names


def score_line(kpi: Kpi, terms: Terms, known: Known, digits: int) -> Line:
    """Score one KPI; the score is rounded half-up to `digits`, here and nowhere else."""
    rule = rule_of(kpi.rule)
    if rule.needs is not Needs.TARGET:
        return _judged(kpi, terms, known, digits)
    kpi = in_part(kpi, terms)
    target = effective_target(terms, kpi, known)
    if isinstance(target, Reason):
        return Line(kpi, terms, actual=known_actual(kpi, terms, known), reason=target)
    line = _held_against(kpi, terms, target, known)
    if line.attainment is None:
        return line
    nearest = target.low if line.actual is None else target.nearest(line.actual)
    case = Case(kpi.direction, line.actual, nearest, line.attainment, known.measures)
    return _scored(line, rule, case, digits)


def known_actual(kpi: Kpi, terms: Terms, known: Known) -> Decimal | None:
    """The KPI's value by its formula; None where there is none."""
    actual = _measured(kpi, terms, known)
    return None if isinstance(actual, Reason) else actual


def _judged(kpi: Kpi, terms: Terms, known: Known, digits: int) -> Line:
    """The line of a KPI that is scored by what people entered, or by conditions over measures."""
    said, rule = known.judgement(kpi.id), rule_of(kpi.rule)
    line = Line(kpi, terms, _stated(terms), said.counted)
    if compares_parts(rule.names, terms):
        return replace(line, reason=Reason.PART_PERIOD)
    if kpi.adding_up and terms.has_no_days:
        return replace(line, reason=Reason.NOT_DUE)
    return _scored(line, rule, _case(kpi, terms, known), digits)


def _case(kpi: Kpi, terms: Terms, known: Known) -> Case:
    said = known.judgement(kpi.id)
    return Case(
        kpi.direction,
        measures=measures_for(terms, known),
        events=said.events,
        level=said.level,
        days=terms.part,
        adding_up=kpi.adding_up,
    )


def _stated(terms: Terms) -> EffectiveTarget | None:
    """The number of the row, if it has one, of a KPI that is not scored against it."""
    return None if terms.row.target is None else EffectiveTarget.of(terms.row.target)


def _measured(kpi: Kpi, terms: Terms, known: Known) -> Decimal | Reason:
    formula = Formula.parse(kpi.formula)
    if compares_parts(formula.names, terms):
        return Reason.PART_PERIOD
    return formula.evaluate(measures_for(terms, known))


def _held_against(kpi: Kpi, terms: Terms, target: EffectiveTarget, known: Known) -> Line:
    """The line before its score; with the reason where it will have none."""
    aim = terms.row.aim
    if isinstance(aim, Milestone):
        return _done(kpi, terms, target, (aim.due, known.judgement(kpi.id).done_on))
    return _attained(kpi, terms, target, _measured(kpi, terms, known))


def _attained(kpi: Kpi, terms: Terms, target: EffectiveTarget, actual: Decimal | Reason) -> Line:
    if isinstance(actual, Reason):
        return Line(kpi, terms, target, reason=actual)
    attainment = attain(actual, target.nearest(actual), kpi.direction, kpi.attainment)
    if isinstance(attainment, Reason):
        return Line(kpi, terms, target, actual, reason=attainment)
    return Line(kpi, terms, target, actual, attainment)


def _done(kpi: Kpi, terms: Terms, target: EffectiveTarget, days: tuple[date, date | None]) -> Line:
    """A milestone at the period's end: done, not due yet, or missed, which attains nothing."""
    due, done_on = days
    last_day = terms.period.last_day
    if done_on is not None and done_on <= last_day:
        return _attained(kpi, terms, target, days_taken(terms.row, done_on))
    if last_day < due:
        return Line(kpi, terms, target, reason=Reason.NOT_DUE)
    return Line(kpi, terms, target, attainment=Decimal(0))


def _scored(line: Line, rule: Rule, case: Case, digits: int) -> Line:
    working = rule.score(case)
    if isinstance(working, Reason):
        return Line(line.kpi, line.terms, line.target, line.actual, line.attainment, reason=working)
    # not by `replace`, which takes as long as the score itself
    rounded = Working(working.rule, working.operands, working.applied, round_half_up(working.result, digits))
    return Line(line.kpi, line.terms, line.target, line.actual, line.attainment, rounded, working.result)
