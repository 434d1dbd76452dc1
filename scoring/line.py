"""One KPI of one team in one period, scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.arithmetic import round_half_up
from scoring.attainment import attain
from scoring.formula import Formula
from scoring.known import Known
from scoring.kpi import Kpi, RuleSpec, Target
from scoring.period import Period
from scoring.rules import Case, Needs, Rule, rule_of
from scoring.rules.all_or_some import AllOrSome
from scoring.scorecard import Reason, Working


@dataclass(frozen=True, slots=True)
class Line:
    """A KPI against its target: the working with the score, or the reason why there is none.

    The working's result is the score rounded to the book's digits; `exact_score` is before that.
    """

    kpi: Kpi
    target: Target
    actual: Decimal | None = None
    attainment: Decimal | None = None
    working: Working | None = None
    exact_score: Decimal | None = None
    reason: Reason | None = None

    @property
    def weight(self) -> Decimal:
        """The agreed weight in percent points."""
        return self.target.weight

    @property
    def score(self) -> Decimal | None:
        """The rounded score, 100 = on target."""
        return None if self.working is None else self.working.result


def targets_of(targets: Sequence[Target], period: Period) -> tuple[Target, ...]:
    """The targets that score `period`: those valid on its last day."""
    last_day = period.last_day
    return tuple(target for target in targets if target.valid_from <= last_day < target.valid_until)


def measure_names(formula: str, spec: RuleSpec) -> tuple[str, ...]:
    """The measures behind a KPI, whether they stand in its formula or in its rule's conditions.

    Raises `BookError` where the formula or the rule cannot be read.
    """
    if formula:
        return Formula.parse(formula).names
    rule = rule_of(spec)
    return rule.names if isinstance(rule, AllOrSome) else ()


def score_line(kpi: Kpi, target: Target, known: Known, digits: int) -> Line:
    """Score one KPI; the score is rounded half-up to `digits`, here and nowhere else."""
    rule = rule_of(kpi.rule)
    if rule.needs is not Needs.TARGET:
        said = known.judgement(kpi.id)
        case = Case(kpi.direction, measures=known.measures, events=said.events, level=said.level)
        return _scored(Line(kpi, target), rule, case, digits)
    actual = Formula.parse(kpi.formula).evaluate(known.measures)
    if isinstance(actual, Reason):
        return Line(kpi, target, reason=actual)
    attainment = attain(actual, target.target, kpi.direction, kpi.attainment)
    if isinstance(attainment, Reason):
        return Line(kpi, target, actual=actual, reason=attainment)
    case = Case(kpi.direction, actual, target.target, attainment, known.measures)
    return _scored(Line(kpi, target, actual, attainment), rule, case, digits)


def _scored(line: Line, rule: Rule, case: Case, digits: int) -> Line:
    working = rule.score(case)
    if isinstance(working, Reason):
        return replace(line, reason=working)
    score = round_half_up(working.result, digits)
    rounded = Working(working.rule, working.operands, working.applied, score)
    return replace(line, working=rounded, exact_score=working.result)
