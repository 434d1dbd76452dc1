"""Vetoes over more than their own line: an area's lines, or the total of the card, are set to a value.

A veto can only lower: an area or a card already below its value stays as it is. Otherwise a serious mistake
could raise a bad score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from scoring.arithmetic import weighted_sum
from scoring.card.conditions import gated
from scoring.card.line import Line, agreed_weight, by_area, score_line, summed_weight
from scoring.known import Known
from scoring.kpi import Kpi
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.rules import rule_of
from scoring.rules.rule import Scope
from scoring.targets.terms import Terms


@dataclass(frozen=True, slots=True)
class Struck:
    """A veto that applies: its KPI, and the value it sets."""

    kpi_id: str
    value: Decimal


def score_lines(
    kpis: Mapping[str, Kpi], agreed: Sequence[Terms], known: Known, policy: ScoringPolicy
) -> tuple[Line, ...]:
    """Score what a team agreed to, with the lines of vetoed areas set to the veto's value."""
    lines = tuple(score_line(kpis[terms.kpi_id], terms, known, policy.digits) for terms in agreed)
    if policy.not_available is NotAvailable.EQUAL_PARTS:
        lines = _in_equal_parts(lines)
    return with_set_areas(gated(lines, policy), policy)


def with_set_areas(lines: Sequence[Line], policy: ScoringPolicy) -> tuple[Line, ...]:
    """The lines, those of an area that a veto sets with its value."""
    set_to = {area: _set_area(of_area, policy) for area, of_area in by_area(lines).items()}
    return tuple(_overruled(line, set_to[line.kpi.area], policy) for line in lines)


def _in_equal_parts(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with a score take over the weight of those without, each the same part of it.

    All shares are as many times the weight as there are parts, so that nothing is divided before the end.
    """
    parts, missing = sum(line.has_counted_score for line in lines), _missing_weight(lines)
    if not parts or not missing:
        return tuple(lines)
    return tuple(_with_a_part(line, parts, missing) for line in lines)


def _missing_weight(lines: Sequence[Line]) -> Decimal:
    return agreed_weight(line for line in lines if line.score is None)


def _with_a_part(line: Line, parts: int, missing: Decimal) -> Line:
    return replace(line, share=line.weight * parts + missing) if line.weight else line


def strictest_veto(lines: Sequence[Line], scope: Scope) -> Struck | None:
    """The lowest value that a veto of this scope sets; None if none applies."""
    return min(_struck(lines, scope), key=attrgetter("value"), default=None)


def _struck(lines: Sequence[Line], scope: Scope) -> Iterator[Struck]:
    for line in lines:
        veto = rule_of(line.kpi.rule).veto
        if veto is not None and veto[0] is scope and _has_applied(line):
            yield Struck(line.kpi.id, veto[1])


def _has_applied(line: Line) -> bool:
    """Whether the veto of this line was not only agreed, but has struck."""
    return line.working is not None and bool(line.working.applied)


def _set_area(lines: Sequence[Line], policy: ScoringPolicy) -> Struck | None:
    """The veto that sets this area; None if the area is lower without it."""
    veto = strictest_veto(lines, Scope.AREA)
    counting = [line for line in lines if _counts(line, policy)]
    return veto if veto is not None and _reach(counting, veto.value, policy) else None


def _reach(counting: Sequence[Line], value: Decimal, policy: ScoringPolicy) -> bool:
    """Whether the mean of the lines' own scores is at least `value`."""
    products = weighted_sum((line.counted_weight, _own_score(line, policy)) for line in counting)
    return products >= value * summed_weight(counting)


def _own_score(line: Line, policy: ScoringPolicy) -> Decimal:
    """The score as the total sums it, before any veto; 0 where there is none."""
    if line.set_to is not None:
        return line.set_to
    return (line.exact_score if policy.sum_unrounded else line.score) or Decimal(0)


def _overruled(line: Line, veto: Struck | None, policy: ScoringPolicy) -> Line:
    if veto is None or not _counts(line, policy):
        return line
    return replace(line, set_to=veto.value, overruled_by=veto.kpi_id)


def _counts(line: Line, policy: ScoringPolicy) -> bool:
    return line.has_counted_score or (policy.not_available is NotAvailable.ZERO and bool(line.weight))
