"""From lines to totals: which scores count, with which weight, and their sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from scoring.arithmetic import HUNDRED, held_between, round_half_up, weighted_sum
from scoring.card.conditions import extra_points
from scoring.card.line import Line, agreed_weight, summed_weight
from scoring.card.vetoes import strictest_veto
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.rules.rule import Scope


def counted_score(line: Line, policy: ScoringPolicy) -> Decimal | None:
    """What a line contributes to the sum; None if it is left out, as one without a weight always is."""
    return _contributed(line, policy) if line.weight else None


def _contributed(line: Line, policy: ScoringPolicy) -> Decimal | None:
    if line.set_to is not None:
        return line.set_to
    if line.score is None:
        return Decimal(0) if policy.not_available is NotAvailable.ZERO else None
    return line.exact_score if policy.sum_unrounded else line.score


def counting_weight(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """The sum of the weights of the lines that count."""
    return summed_weight(line for line in lines if counted_score(line, policy) is not None)


def mean_score(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal | None:
    """Σ weight x score / Σ weight over the lines that count, half-up; None if none has a score.

    One division at the very end, so that a total exactly on a half is recognised as one.
    """
    if not _has_score(lines):
        return None
    return round_half_up(weighted_scores(lines, policy) / counting_weight(lines, policy), policy.digits)


def total_score(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal | None:
    """The card's total: the agreed weights' sum / 100 x the mean score, with one division as above.

    What comes on top of it is added before it is rounded. A veto over the card caps it at its value.
    """
    if not _has_score(lines):
        return None
    weighted = agreed_weight(lines) * weighted_scores(lines, policy)
    unrounded = weighted / (counting_weight(lines, policy) * HUNDRED) + extra_points(lines, policy)
    return vetoed_total(round_half_up(unrounded, policy.digits), lines, policy)[0]


def vetoed_total(total: Decimal, lines: Sequence[Line], policy: ScoringPolicy) -> tuple[Decimal, str | None]:
    """The total within the book's limits and after the vetoes over the card, and the KPI whose veto set it.

    None if none did.
    """
    if policy.total_limits is not None:
        limits = (round_half_up(limit, policy.digits) for limit in policy.total_limits)
        total, _ = held_between(total, *limits)
    veto = strictest_veto(lines, Scope.CARD)
    if veto is None:
        return total, None
    value = round_half_up(veto.value, policy.digits)
    return (value, veto.kpi_id) if value <= total else (total, None)


def overruled_by(total: Decimal | None, lines: Sequence[Line], policy: ScoringPolicy) -> str | None:
    """The KPI whose veto set the total; None if none did, or there is no total."""
    return None if total is None else vetoed_total(total, lines, policy)[1]


def _has_score(lines: Sequence[Line]) -> bool:
    return any(line.has_counted_score for line in lines)


def weighted_scores(lines: Iterable[Line], policy: ScoringPolicy) -> Decimal:
    """Σ weight x score over the lines that count."""
    scores = ((line.counted_weight, counted_score(line, policy)) for line in lines)
    return weighted_sum((weight, score) for weight, score in scores if score is not None)
