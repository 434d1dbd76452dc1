"""From a total to a grade and a pay coefficient, if the book has them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from scoring.card.conditions import asked_scores
from scoring.card.line import Line
from scoring.card.total import overruled_by
from scoring.pay import MatrixPay
from scoring.policy import ScoringPolicy
from scoring.working import Working


def grade_name(total: Decimal | None, policy: ScoringPolicy) -> str | None:
    """The grade of a total."""
    return None if total is None or policy.grades is None else policy.grades.grade_of(total).name


def pay_coefficient(total: Decimal | None, lines: Sequence[Line], policy: ScoringPolicy) -> Working | None:
    """The coefficient with its working.

    A matrix depends on two KPIs and not on the total: if a veto caps the total there is no coefficient,
    because the matrix would pay as if there were no veto. A closed gate can only lower what is paid.
    """
    if total is None or policy.pay is None:
        return None
    if isinstance(policy.pay, MatrixPay) and overruled_by(total, lines, policy) is not None:
        return None
    paid = policy.pay.coefficient(total, attainments_of(lines))
    return paid and _let_through(paid, closed_gate(lines, policy))


def _let_through(paid: Working, left: Working | None) -> Working:
    """What a closed gate leaves of the pay, which is never more."""
    return paid if left is None else min(paid, left, key=attrgetter("result"))


def closed_gate(lines: Sequence[Line], policy: ScoringPolicy) -> Working | None:
    """The coefficient that a score below the lowest that the book asks of each leaves; None without one."""
    if policy.pay_gate is None:
        return None
    return policy.pay_gate.closed_by(asked_scores([line for line in lines if line.weight], policy))


def attainments_of(lines: Sequence[Line]) -> dict[str, Decimal]:
    """The attainments by KPI, of those that have one."""
    return {line.kpi.id: line.attainment for line in lines if line.attainment is not None}
