"""What the book lets count only if other KPIs score enough, applied to the lines of a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from scoring.card.line import Line
from scoring.conditional import Asked, AskedResult, Extra, ExtraResult, OnlyIf, Scores, points_of
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.working import Operand, Working


def asked_scores(lines: Sequence[Line], policy: ScoringPolicy) -> dict[str, Decimal]:
    """The system's scores by KPI as gates ask them: one without is not asked, or has 0 where it counts so."""
    scores = {line.kpi.id: line.score for line in lines if line.score is not None}
    return dict.fromkeys(_counting_as_0(lines, policy), Decimal(0)) | scores if scores else {}


def _counting_as_0(lines: Sequence[Line], policy: ScoringPolicy) -> Sequence[str]:
    """The KPIs that count as 0 while they have no score: all, or none, by the book."""
    return [line.kpi.id for line in lines] if policy.not_available is NotAvailable.ZERO else ()


def gated(lines: Sequence[Line], policy: ScoringPolicy) -> tuple[Line, ...]:
    """The lines, those behind a closed gate with the most that they count as."""
    if not policy.only_if:
        return tuple(lines)
    closed = _closed(policy.only_if, asked_scores(lines, policy))
    return tuple(_held(line, closed) for line in lines)


def _closed(gates: Sequence[OnlyIf], scores: Scores) -> list[tuple[OnlyIf, Working]]:
    found = ((gate, gate.closed_by(scores)) for gate in gates)
    return [(gate, _working(gate, missed, scores)) for gate, missed in found if missed is not None]


def _working(gate: OnlyIf, missed: Asked, scores: Scores) -> Working:
    operands = (
        Operand("kpi", missed.kpi_id),
        Operand("score", scores[missed.kpi_id]),
        Operand("lowest_score", missed.score),
    )
    return Working("gate", operands, ("gate",), gate.at_most)


def _held(line: Line, closed: Sequence[tuple[OnlyIf, Working]]) -> Line:
    strictest = min(_over(line, closed), key=attrgetter("result"), default=None)
    return replace(line, gate=None, set_to=None) if strictest is None else _held_by(line, strictest)


def _over(line: Line, closed: Sequence[tuple[OnlyIf, Working]]) -> list[Working]:
    return [working for gate, working in closed if gate.is_over(line.kpi.id, line.kpi.area)]


def _held_by(line: Line, gate: Working) -> Line:
    """The line with the gate, and what it counts as where that is less than its score."""
    is_less = line.has_counted_score and (line.exact_score or Decimal(0)) > gate.result
    return replace(line, gate=gate, set_to=gate.result if is_less else None)


def extras_of(lines: Sequence[Line], policy: ScoringPolicy) -> tuple[ExtraResult, ...]:
    """The points on top that the team of these lines can have, given or not."""
    if not policy.extras:
        return ()
    scores = asked_scores(lines, policy)
    teams = {line.kpi.id: line.terms.row.team_id for line in lines}
    return tuple(_extra(extra, scores) for extra in policy.extras if extra.is_for(teams))


def _extra(extra: Extra, scores: Scores) -> ExtraResult:
    asked = (AskedResult(each.kpi_id, each.score, scores.get(each.kpi_id)) for each in extra.asked)
    return ExtraResult(extra.name, extra.points, extra.is_given(scores), tuple(asked))


def extra_points(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """What comes on top of the total of these lines."""
    return points_of(extras_of(lines, policy))
