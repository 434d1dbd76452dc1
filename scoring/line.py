"""One KPI of one team in one month, scored; and the mean of several by weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.arithmetic import HUNDRED, round_half_up
from scoring.attainment import attain
from scoring.formula import Formula
from scoring.kpi import Kpi, Target
from scoring.period import Period
from scoring.rules import Case, rule_of
from scoring.scorecard import Reason, Working


@dataclass(frozen=True, slots=True)
class Line:
    """A KPI against its target: the working with the score, or the reason why there is none."""

    kpi: Kpi
    target: Target
    actual: Decimal | None = None
    attainment: Decimal | None = None
    working: Working | None = None
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
    last_day = max(period.days())
    return tuple(target for target in targets if target.valid_from <= last_day < target.valid_until)


def score_line(kpi: Kpi, target: Target, measures: Mapping[str, Decimal], digits: int) -> Line:
    """Score one KPI; the score is rounded half-up to `digits`, here and nowhere else."""
    actual = Formula.parse(kpi.formula).evaluate(measures)
    if isinstance(actual, Reason):
        return Line(kpi, target, reason=actual)
    attainment = attain(actual, target.target, kpi.direction)
    if isinstance(attainment, Reason):
        return Line(kpi, target, actual=actual, reason=attainment)
    case = Case(kpi.direction, actual, target.target, attainment, measures)
    working = rule_of(kpi.rule).score(case)
    if isinstance(working, Reason):
        return Line(kpi, target, actual, attainment, reason=working)
    rounded = replace(working, result=round_half_up(working.result, digits))
    return Line(kpi, target, actual, attainment, rounded)


def agreed_weight(lines: Sequence[Line]) -> Decimal:
    """The sum of the agreed weights."""
    return sum((line.weight for line in lines), Decimal(0))


def counting_weight(lines: Sequence[Line]) -> Decimal:
    """The sum of the weights of the lines that have a score."""
    return sum((line.weight for line in lines if line.score is not None), Decimal(0))


def mean_score(lines: Sequence[Line], digits: int) -> Decimal | None:
    """Σ weight x score / Σ weight over the lines with a score, half-up; None where there is none.

    One division at the very end: a total that lies exactly on a half is then seen as one.
    """
    weight = counting_weight(lines)
    weighted = sum((line.weight * line.score for line in lines if line.score is not None), Decimal(0))
    return round_half_up(weighted / weight, digits) if weight else None


def total_score(lines: Sequence[Line], digits: int) -> Decimal | None:
    """The card's total: the agreed weights' sum / 100 x the mean score, with one division as above."""
    weight = counting_weight(lines)
    weighted = sum((line.weight * line.score for line in lines if line.score is not None), Decimal(0))
    return round_half_up(agreed_weight(lines) * weighted / (weight * HUNDRED), digits) if weight else None
