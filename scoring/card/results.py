"""From scored lines to what the card prints: areas with subtotals, results with history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from scoring.arithmetic import HUNDRED
from scoring.card.line import Line, measure_names
from scoring.card.total import agreed_weight, counted_score, counting_weight, mean_score
from scoring.card.window import Past
from scoring.formula import Formula
from scoring.kpi import Area
from scoring.policy import ScoringPolicy
from scoring.scorecard import AreaResult, KpiResult
from scoring.spans import split_name
from scoring.targets.effective import EffectiveTarget, measures_for
from scoring.working import HistoryPoint, MeasureValue


def area_results(
    areas: Sequence[Area], window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> tuple[AreaResult, ...]:
    """The areas that have lines, in the book's order, each with its subtotal; `units` of the measures."""
    now = window[-1]
    scale = _scale(now.lines, policy)
    found = []
    for area in areas:
        lines = [line for line in now.lines if line.kpi.area == area.id]
        if lines:
            results = tuple(_result(line, scale, window, policy, units) for line in lines)
            found.append(_area(area, lines, results, policy))
    return tuple(found)


def _scale(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """What makes up for the weights of lines without a score."""
    counting = counting_weight(lines, policy)
    return agreed_weight(lines) / counting if counting else Decimal(0)


def _area(
    area: Area, lines: Sequence[Line], results: tuple[KpiResult, ...], policy: ScoringPolicy
) -> AreaResult:
    score = mean_score(lines, policy)
    points = [result.points for result in results if result.points is not None]
    return AreaResult(
        area_id=area.id,
        name=area.name,
        weight=agreed_weight(lines),
        points=sum(points, Decimal(0)) if points else None,
        score=score,
        band=policy.band(score),
        results=results,
        overruled_by=next((line.overruled_by for line in lines if line.overruled_by), None),
    )


def _result(
    line: Line, scale: Decimal, window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> KpiResult:
    """The line as the card prints it; `scale` compensates for the weights of lines without a score."""
    kpi, score, target = line.kpi, line.score, line.target
    low, high = _ends(target)
    counted = counted_score(line, policy)
    effective_weight = Decimal(0) if counted is None else line.weight * scale
    return KpiResult(
        kpi_id=kpi.id,
        name=kpi.name,
        description=kpi.description,
        formula=kpi.formula,
        unit=kpi.unit.value,
        decimals=kpi.decimals,
        direction=kpi.direction.value,
        weight=line.weight,
        effective_weight=effective_weight,
        target=None if target is None else target.number,
        actual=line.actual,
        attainment=line.attainment,
        score=score,
        points=None if counted is None else effective_weight * counted / HUNDRED,
        band=policy.band(score),
        reason=line.reason,
        working=line.working,
        attainment_method=kpi.attainment.method.value,
        baseline=kpi.attainment.baseline,
        measures=_measure_values(line, window[-1], units),
        history=tuple(_history_point(line, past) for past in window),
        why=kpi.why,
        owner=kpi.owner,
        exact_score=line.exact_score if policy.sum_unrounded else None,
        target_low=low,
        target_high=high,
        target_workings=() if target is None else target.workings,
        weight_working=line.terms.weight_working,
        set_to=line.set_to,
        overruled_by=line.overruled_by,
    )


def _measure_values(line: Line, now: Past, units: Mapping[str, str]) -> tuple[MeasureValue, ...]:
    """The measures over the target's days: the period, or the year to date."""
    measures = measures_for(line.terms.row, now.known)
    return tuple(
        MeasureValue(name, measures.get(name), units.get(split_name(name)[0], "count"))
        for name in measure_names(line.kpi.formula, line.kpi.rule)
    )


def _ends(target: EffectiveTarget | None) -> tuple[Decimal | None, Decimal | None]:
    """The ends of a range; None for a single number."""
    return (None, None) if target is None or target.number is not None else (target.low, target.high)


def _history_point(line: Line, past: Past) -> HistoryPoint:
    """The KPI's actual in the period, even if it had no target then, and its target."""
    before = next((other for other in past.lines if other.kpi.id == line.kpi.id), None)
    if before is None:
        return HistoryPoint(str(past.period), _untargeted(line, past), None)
    if before.target is None:
        return HistoryPoint(str(past.period), before.actual, None)
    return HistoryPoint(str(past.period), before.actual, before.target.low, _ends(before.target)[1])


def _untargeted(line: Line, past: Past) -> Decimal | None:
    """The KPI's value when nothing was agreed for it, computed as it is now."""
    if not line.kpi.formula:
        return past.known.judgement(line.kpi.id).counted
    actual = Formula.parse(line.kpi.formula).evaluate(measures_for(line.terms.row, past.known))
    return actual if isinstance(actual, Decimal) else None
