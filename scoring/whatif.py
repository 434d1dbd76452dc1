"""What if: the same month with other measures, and the least that would reach the next grade."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext

from scoring.arithmetic import EXACT, HUNDRED, ONE
from scoring.errors import UsageError
from scoring.known import Known
from scoring.kpi import Kpi, Target
from scoring.line import Line, score_line
from scoring.policy import ScoringPolicy
from scoring.rules import rule_of
from scoring.scorecard import Working
from scoring.solving import actual_for, attainment_for
from scoring.total import agreed_weight, counted_score, counting_weight, total_score

_CHANGE = re.compile(r"([a-z][a-z0-9_]*)=([+-]?)([0-9]+(?:\.[0-9]+)?)(%?)")


@dataclass(frozen=True, slots=True)
class Change:
    """A measure set to a value (`leads=120`), moved by one (`sqls=+6`) or by a part (`ad_spend=-10%`)."""

    measure: str
    sign: str
    amount: Decimal
    is_percent: bool

    @classmethod
    def parse(cls, text: str) -> Change:
        """Read a change; raises `UsageError`."""
        match = _CHANGE.fullmatch(text)
        if match is None or (match[4] and not match[2]):
            raise UsageError(
                f"change: expected one such as leads=120, sqls=+6 or ad_spend=-10%, found {text!r}."
            )
        return cls(match[1], match[2], Decimal(match[3]), bool(match[4]))

    def apply(self, value: Decimal) -> Decimal:
        """The measure after the change."""
        if not self.sign:
            return self.amount
        step = value * self.amount / HUNDRED if self.is_percent else self.amount
        return value + step if self.sign == "+" else value - step


@dataclass(frozen=True, slots=True)
class Outcome:
    """A month scored: its lines, total, grade and pay."""

    lines: tuple[Line, ...]
    total: Decimal | None
    grade: str | None
    pay: Working | None


@dataclass(frozen=True, slots=True)
class Need:
    """What one KPI alone would have to be for the goal; `actual` is None where it cannot reach it."""

    kpi_id: str
    score: Decimal
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class Goal:
    """A grade and the total it starts at, with what each KPI alone would need."""

    grade: str
    total: Decimal
    needs: tuple[Need, ...]


def outcome(
    kpis: Mapping[str, Kpi], targets: Sequence[Target], known: Known, policy: ScoringPolicy
) -> Outcome:
    """The month as what is known would make it."""
    with localcontext(EXACT):
        lines = tuple(score_line(kpis[t.kpi_id], t, known, policy.digits) for t in targets)
        total = total_score(lines, policy)
        attainments = {line.kpi.id: line.attainment for line in lines if line.attainment is not None}
        grade = None if total is None or policy.grades is None else policy.grades.grade_of(total).name
        pay = None if total is None or policy.pay is None else policy.pay.coefficient(total, attainments)
        return Outcome(lines, total, grade, pay)


def changed(measures: Mapping[str, Decimal], changes: Sequence[Change]) -> dict[str, Decimal]:
    """The measures after the changes; raises `UsageError` for a measure that the month does not have."""
    result = dict(measures)
    for change in changes:
        if change.measure not in result and change.sign:
            known = ", ".join(sorted(result)) or "none"
            raise UsageError(
                f"change: expected one of the month's measures, {known}, found {change.measure!r}."
            )
        with localcontext(EXACT):
            result[change.measure] = change.apply(result.get(change.measure, Decimal(0)))
    return result


def next_grade(now: Outcome, policy: ScoringPolicy) -> Goal | None:
    """The grade above, and for each KPI the least that would reach it if all others stayed.

    None at the top, and where the book has no grades or the month no total.
    """
    if now.total is None or policy.grades is None:
        return None
    grade = policy.grades.next_above(now.total)
    if grade is None:
        return None
    with localcontext(EXACT):
        needs = tuple(
            _need(line, now.lines, grade.start, policy) for line in now.lines if line.score is not None
        )
    return Goal(grade.name, grade.start, needs)


def _need(line: Line, lines: Sequence[Line], total: Decimal, policy: ScoringPolicy) -> Need:
    """Both roundings, of the score and of the total, take a half up: so a half less will do."""
    half = ONE.scaleb(-policy.digits) / 2
    wanted = (total - half) * counting_weight(lines, policy) * HUNDRED / agreed_weight(lines)
    others = sum(
        (other.weight * (counted_score(other, policy) or 0) for other in lines if other is not line),
        Decimal(0),
    )
    exact = (wanted - others) / line.weight
    if policy.sum_unrounded:
        return _solved(line, exact, exact)
    score = exact.quantize(ONE.scaleb(-policy.digits), ROUND_CEILING)
    return _solved(line, score, score - half)


def _solved(line: Line, score: Decimal, at_least: Decimal) -> Need:
    threshold = attainment_for(rule_of(line.kpi.rule), at_least)
    actual = None
    if threshold is not None:
        digits = line.kpi.decimals + (2 if line.kpi.unit == "percent" else 0)
        actual = actual_for(threshold, line.target.target, line.kpi.direction, line.kpi.attainment, digits)
    return Need(line.kpi.id, score, actual)
