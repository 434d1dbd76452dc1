"""A team's objectives on a day, scored: what a card shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, HUNDRED, round_half_up, weighted_sum
from scoring.okr.agreed import CUTOFFS, KeyResult, Objective
from scoring.okr.key_result import SCORE_DIGITS, progress_of, score_key_result
from scoring.okr.known import CheckIn, KeyValue
from scoring.okr.result import Alignment, KeyResultResult, ObjectiveResult
from scoring.text import LocalText
from scoring.working import Working

Scored = tuple[KeyResult, KeyValue, Working | None]


def score_objectives(
    objectives: Iterable[Objective],
    values: Mapping[str, KeyValue],
    as_of: date,
    supports: Mapping[str, Alignment] | None = None,
) -> tuple[ObjectiveResult, ...]:
    """Every objective whose period contains `as_of`, the last day that counts.

    `values` holds what is known of each key result by its ref, `supports` by objective what it serves.
    """
    with localcontext(EXACT):
        return tuple(
            _objective(objective, values, as_of, (supports or {}).get(objective.id))
            for objective in objectives
            if as_of in objective.period
        )


def alignments(objectives: Sequence[Objective], teams: Mapping[str, LocalText]) -> dict[str, Alignment]:
    """What each objective serves, by its id; those without a parent are not in it."""
    owners = _owners(objectives)
    served = {objective.id: owners[objective.parent] for objective in objectives if objective.parent}
    return {
        objective_id: Alignment(
            team_name=teams[parent.team_id],
            objective_id=parent.id,
            objective_name=parent.name,
            key_result_id=key_result.id,
            key_result_name=key_result.name,
        )
        for objective_id, (parent, key_result) in served.items()
    }


def _owners(objectives: Sequence[Objective]) -> dict[str, tuple[Objective, KeyResult]]:
    """Each key result and its objective, by the key result's name in the whole book."""
    return {
        objective.ref(key_result): (objective, key_result)
        for objective in objectives
        for key_result in objective.key_results
    }


def _objective(
    objective: Objective, values: Mapping[str, KeyValue], as_of: date, supports: Alignment | None
) -> ObjectiveResult:
    period, cutoffs = objective.period, CUTOFFS[objective.ambition]
    known = [(item, values.get(objective.ref(item), KeyValue())) for item in objective.key_results]
    scored = [(item, value, score_key_result(item, value, as_of)) for item, value in known]
    score = _mean(scored)
    return ObjectiveResult(
        objective_id=objective.id,
        name=objective.name,
        ambition=objective.ambition.value,
        period=str(period),
        elapsed_days=(as_of - period.start).days + 1,
        days=(period.end - period.start).days,
        cutoffs=cutoffs,
        score=score,
        band=cutoffs.band(score),
        supports=supports,
        key_results=tuple(_key_result(*item, _counting(scored)) for item in scored),
    )


def _mean(scored: Sequence[Scored]) -> Decimal | None:
    """The weighted mean of the rounded scores, with one division and one rounding at the end."""
    weight = _counting(scored)
    if not weight:
        return None
    weighted = weighted_sum(
        (item.weight, working.result) for item, _, working in scored if working is not None
    )
    return round_half_up(weighted / weight, SCORE_DIGITS)


def _counting(scored: Sequence[Scored]) -> Decimal:
    """The weight of the key results that have a score."""
    return sum((item.weight for item, _, working in scored if working is not None), Decimal(0))


def _key_result(
    item: KeyResult, known: KeyValue, working: Working | None, counting: Decimal
) -> KeyResultResult:
    """`counting` is the weight of the key results with a score, which compensate for the others."""
    checked_on, checked_by, comment = _said(known.check_in)
    return KeyResultResult(
        key_result_id=item.id,
        name=item.name,
        way=item.way.value,
        of=item.of,
        unit=item.unit.value,
        decimals=item.decimals,
        weight=item.weight,
        effective_weight=Decimal(0) if working is None else item.weight * HUNDRED / counting,
        start=item.start,
        target=item.target,
        current=known.value,
        progress=None if known.value is None else progress_of(item, known.value),
        score=None if working is None else working.result,
        reason=known.reason,
        working=working,
        formula=known.formula,
        measures=known.measures,
        checked_on=checked_on,
        checked_by=checked_by,
        comment=comment,
    )


def _said(check_in: CheckIn | None) -> tuple[str | None, str, str]:
    """The day, the person and the comment of a report, as far as somebody reported."""
    return (None, "", "") if check_in is None else (check_in.on.isoformat(), check_in.by, check_in.comment)
