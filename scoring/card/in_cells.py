"""What a workbook needs to work a card out again: its rules as formulas."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.card.conditions import asked_scores
from scoring.card.line import Line
from scoring.cells import InCells
from scoring.pay import Pay
from scoring.policy import ScoringPolicy
from scoring.rules import rule_of
from scoring.scorecard import CardInCells, LineInCells, PayInCells
from scoring.targets.attainment import attainment_in_cells


def in_cells(lines: Sequence[Line], policy: ScoringPolicy) -> CardInCells | None:
    """The formulas of a card's lines, grade and pay; None where the book asks for no workbook."""
    if not policy.has_workbook:
        return None
    return CardInCells(
        digits=policy.digits,
        lines=tuple(map(_line, lines)),
        sums_unrounded=policy.sum_unrounded,
        gates=policy.only_if,
        grade=None if policy.grades is None else policy.grades.in_cells,
        pay=None if policy.pay is None else _pay(policy.pay, lines, policy),
    )


def _line(line: Line) -> LineInCells:
    return LineInCells(line.kpi.id, _attainment(line), _score(line), line.exact_score)


def _attainment(line: Line) -> InCells | None:
    """None where nothing is divided: nobody has entered an actual, or a milestone was missed."""
    if line.attainment is None or line.actual is None:
        return None
    return attainment_in_cells(line.kpi.direction, line.kpi.attainment)


def _score(line: Line) -> InCells | None:
    """None without a score, and where conditions count a part of the days, which no rule knows of."""
    has_parts = bool(line.kpi.adding_up) and line.terms.part is not None
    return None if line.working is None or has_parts else rule_of(line.kpi.rule).in_cells


def _pay(pay: Pay, lines: Sequence[Line], policy: ScoringPolicy) -> PayInCells:
    gate = policy.pay_gate
    if gate is None:
        return PayInCells(pay.in_cells, pay.digits)
    weighty = [line for line in lines if line.weight]
    asked = asked_scores(weighty, policy)
    scored = tuple(line.kpi.id for line in weighty if line.score is not None)
    return PayInCells(
        pay.in_cells, pay.digits, scored, len(asked) > len(scored), gate.lowest_score, gate.coefficient
    )
