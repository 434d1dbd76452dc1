"""The next grade and the next pay tier, and the least that each KPI alone would need for them.

There is no trial and error: every rule over attainments is a formula, and so is its inverse
(`scoring.what_if.solving`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import chain, pairwise

from scoring.aims import Milestone
from scoring.arithmetic import EXACT, HUNDRED, ONE, round_half_up
from scoring.card.conditions import extra_points, gated
from scoring.card.line import Line, agreed_weight
from scoring.card.rewards import attainments_of, closed_gate
from scoring.card.total import counting_weight, overruled_by, total_score, vetoed_total, weighted_scores
from scoring.card.vetoes import with_set_areas
from scoring.kpi import Direction, Kpi
from scoring.pay import BandedPay, MatrixPay, Tier
from scoring.policy import ScoringPolicy
from scoring.rules import Rule, rule_of
from scoring.rules.proportional import Proportional
from scoring.rules.threshold import Threshold
from scoring.what_if.outcome import Outcome
from scoring.what_if.solving import actual_for, attainment_for
from scoring.what_if.solving_ranges import actual_in_range

_FINE = Decimal("1E-9")


@dataclass(frozen=True, slots=True)
class Need:
    """What one KPI alone would need for the next reward; `actual` is None if it cannot reach it."""

    kpi_id: str
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class NextReward:
    """Something better than now, with what each KPI alone would need for it.

    It is a `grade` or a pay `coefficient`; `total` is where it starts, None if it does not depend on the
    total.
    """

    total: Decimal | None
    needs: tuple[Need, ...]
    grade: str | None = None
    coefficient: Decimal | None = None


def next_rewards(now: Outcome, policy: ScoringPolicy) -> tuple[NextReward, ...]:
    """The grade above and the pay tiers above; fewer at the top, and where the book has neither.

    A book of bands has one tier above; a matrix of two attainments has up to two: one by either KPI. Pay in
    proportion has no tiers. A tier that pays no more than now is skipped. Nothing raises a total that a veto
    caps.
    """
    with localcontext(EXACT):
        if now.total is None or overruled_by(now.total, now.lines, policy):
            return ()
        rewards = (*_grade(now, now.total, policy), *_pay(now, now.total, policy))
        return tuple(reward for reward in rewards if _within(reward.total, now.lines, policy))


def _within(total: Decimal | None, lines: Sequence[Line], policy: ScoringPolicy) -> bool:
    """Whether a total can be reached: limits, and a veto that has struck below its value, hold it as well."""
    return total is None or vetoed_total(total, lines, policy)[0] >= total


def _grade(now: Outcome, total: Decimal, policy: ScoringPolicy) -> Iterator[NextReward]:
    grade = None if policy.grades is None else policy.grades.next_above(total)
    if grade is not None:
        yield NextReward(grade.start, _needs(now.lines, grade.start, policy), grade=grade.name)


def _pay(now: Outcome, total: Decimal, policy: ScoringPolicy) -> Iterator[NextReward]:
    if now.pay is None or closed_gate(now.lines, policy) is not None:
        return
    match policy.pay:
        case BandedPay(tiers=tiers):
            yield from _tier(now.lines, _tier_above(tiers, total, now.pay.result), policy)
        case MatrixPay() as matrix:
            yield from chain.from_iterable(_cell(now, matrix, *axis, now.pay.result) for axis in matrix.axes)


def _tier_above(tiers: Sequence[Tier], total: Decimal, paid: Decimal) -> Tier | None:
    better = (tier for tier in tiers if tier.start > total and tier.coefficient > paid)
    return next(better, None)


def _tier(lines: Sequence[Line], tier: Tier | None, policy: ScoringPolicy) -> Iterator[NextReward]:
    if tier is not None:
        yield NextReward(tier.start, _needs(lines, tier.start, policy), coefficient=tier.coefficient)


def _cell(
    now: Outcome, matrix: MatrixPay, kpi_id: str, starts: Sequence[Decimal], paid: Decimal
) -> Iterator[NextReward]:
    """The first cell further on by one of the two KPIs that pays more."""
    attained = attainments_of(now.lines)
    for start in starts[bisect_right(starts, attained[kpi_id]) :]:
        cell = matrix.cell({**attained, kpi_id: start})
        if cell.result > paid:
            need = Need(kpi_id, _actual(now.line(kpi_id), Threshold(start)))
            yield NextReward(None, (need,), coefficient=cell.result)
            return


def _needs(lines: Sequence[Line], total: Decimal, policy: ScoringPolicy) -> tuple[Need, ...]:
    return tuple(_need(line, lines, total, policy) for line in lines if line.counts_by_itself)


def _need(line: Line, lines: Sequence[Line], total: Decimal, policy: ScoringPolicy) -> Need:
    for start, end in pairwise((Decimal(0), *_thresholds(line.kpi.id, policy), Decimal("Infinity"))):
        lines_then = _as_if(lines, line.kpi.id, start, policy)
        then = _of(line.kpi.id, lines_then)
        wanted = _least(then, lines_then, total, policy)
        score = max(wanted, _rounded_to(start, policy))
        if score <= end and wanted <= _most(then) and _makes(total, line.kpi.id, score, lines_then, policy):
            return Need(line.kpi.id, _scoring(line, score))
    return Need(line.kpi.id, None)


def _of(kpi_id: str, lines: Sequence[Line]) -> Line:
    return next(line for line in lines if line.kpi.id == kpi_id)


def _makes(total: Decimal, kpi_id: str, score: Decimal, lines: Sequence[Line], policy: ScoringPolicy) -> bool:
    """Whether the score makes the total also where a veto then sets the KPI's area, which was lower."""
    enough = score.quantize(_FINE, ROUND_CEILING)
    then = with_set_areas(_with_score(lines, kpi_id, enough, policy), policy)
    if _of(kpi_id, then).overruled_by is None:
        return True
    return (total_score(then, policy) or Decimal(0)) >= total


def _most(line: Line) -> Decimal:
    """The most that a line counts as."""
    return Decimal("Infinity") if line.gate is None else line.gate.result


def _thresholds(kpi_id: str, policy: ScoringPolicy) -> Sequence[Decimal]:
    """The scores of a KPI from which on something else counts, lowest first."""
    return sorted({each.score for each in policy.asked if each.kpi_id == kpi_id})


def _as_if(lines: Sequence[Line], kpi_id: str, score: Decimal, policy: ScoringPolicy) -> Sequence[Line]:
    """The lines with what counts if a KPI scored so much: gates first, and then the vetoes over areas."""
    if not _thresholds(kpi_id, policy):
        return lines
    free = [replace(line, set_to=None, overruled_by=None) for line in lines]
    return with_set_areas(gated(_with_score(free, kpi_id, score, policy), policy), policy)


def _with_score(lines: Sequence[Line], kpi_id: str, score: Decimal, policy: ScoringPolicy) -> Sequence[Line]:
    """The lines with another score of one of them."""
    return [_scored_as(line, score, policy.digits) if line.kpi.id == kpi_id else line for line in lines]


def _scored_as(line: Line, score: Decimal, digits: int) -> Line:
    rounded = round_half_up(score, digits)
    working = None if line.working is None else replace(line.working, result=rounded)
    return replace(line, working=working, exact_score=score)


def _least(line: Line, lines: Sequence[Line], total: Decimal, policy: ScoringPolicy) -> Decimal:
    """The least score that makes the total, before it is rounded; nothing for one that a veto sets anyhow.

    Both roundings, of the score and of the total, round half up, so half a unit less is enough.
    """
    if line.overruled_by is not None:
        return Decimal("-Infinity")
    unit = ONE.scaleb(-policy.digits)
    own_total = total - unit / 2 - extra_points(lines, policy)
    wanted = own_total * counting_weight(lines, policy) * HUNDRED / agreed_weight(lines)
    others = weighted_scores((other for other in lines if other is not line), policy)
    return _unrounded((wanted - others) / line.counted_weight, unit, policy)


def _rounded_to(score: Decimal, policy: ScoringPolicy) -> Decimal:
    """The least that is rounded to this score."""
    return score - ONE.scaleb(-policy.digits) / 2


def _unrounded(score: Decimal, unit: Decimal, policy: ScoringPolicy) -> Decimal:
    """The least score that becomes so much where scores are rounded."""
    return score if policy.sum_unrounded else score.quantize(unit, ROUND_CEILING) - unit / 2


def _scoring(line: Line, score: Decimal) -> Decimal | None:
    """The actual that gives this score; None if none does."""
    rule = rule_of(line.kpi.rule)
    if line.kpi.direction is Direction.RANGE:
        return _in_range(line, rule, score)
    threshold = attainment_for(rule, score)
    return None if threshold is None else _actual(line, threshold)


def _actual(line: Line, threshold: Threshold) -> Decimal | None:
    """The actual with this attainment; None also for a milestone, which is already done or missed."""
    kpi, target = line.kpi, line.target
    if kpi.direction is Direction.RANGE:
        score = HUNDRED * threshold.at
        return _in_range(line, Proportional(score, Decimal(0)), score)
    if target is None or isinstance(line.terms.row.aim, Milestone):
        return None
    return actual_for(threshold, target.low, kpi.direction, kpi.attainment, _digits(kpi))


def _in_range(line: Line, rule: Rule, score: Decimal) -> Decimal | None:
    if line.actual is None or line.target is None:
        return None
    ends = (line.target.low, line.target.high)
    return actual_in_range(rule, score, line.actual, ends, _digits(line.kpi))


def _digits(kpi: Kpi) -> int:
    return kpi.decimals + (2 if kpi.unit == "percent" else 0)
