"""From scored lines to what the card prints of them: areas with subtotals, results with history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from scoring.arithmetic import HUNDRED
from scoring.formula import Formula
from scoring.kpi import Area, Kpi
from scoring.line import Line, measure_names
from scoring.policy import ScoringPolicy
from scoring.scorecard import AreaResult, HistoryPoint, KpiResult, MeasureValue
from scoring.spans import split_name
from scoring.total import agreed_weight, counted_score, counting_weight, mean_score
from scoring.window import Past


def area_results(
    areas: Sequence[Area], window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> tuple[AreaResult, ...]:
    """The areas that have lines, in the book's order, each with its subtotal; `units` of the measures."""
    now = window[-1]
    counting = counting_weight(now.lines, policy)
    scale = agreed_weight(now.lines) / counting if counting else Decimal(0)
    results = []
    for area in areas:
        lines = [line for line in now.lines if line.kpi.area == area.id]
        if lines:
            results.append(
                _area(
                    area, lines, tuple(_result(line, scale, window, policy, units) for line in lines), policy
                )
            )
    return tuple(results)


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
    )


def _result(
    line: Line, scale: Decimal, window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> KpiResult:
    """The line as the card prints it; `scale` makes up for the weights of lines without a score."""
    kpi, score = line.kpi, line.score
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
        target=line.target.target,
        actual=line.actual,
        attainment=line.attainment,
        score=score,
        points=None if counted is None else effective_weight * counted / HUNDRED,
        band=policy.band(score),
        reason=line.reason,
        working=line.working,
        attainment_method=kpi.attainment.method.value,
        baseline=kpi.attainment.baseline,
        measures=_measure_values(kpi, window[-1], units),
        history=tuple(_history_point(kpi, past) for past in window),
        exact_score=line.exact_score if policy.sum_unrounded else None,
    )


def _measure_values(kpi: Kpi, now: Past, units: Mapping[str, str]) -> tuple[MeasureValue, ...]:
    return tuple(
        MeasureValue(name, now.known.measures.get(name), units.get(split_name(name)[0], "count"))
        for name in measure_names(kpi.formula, kpi.rule)
    )


def _history_point(kpi: Kpi, past: Past) -> HistoryPoint:
    """The KPI's actual in the period, also where it had no target then, and its target."""
    actual = Formula.parse(kpi.formula).evaluate(past.known.measures) if kpi.formula else None
    targets = (line.target.target for line in past.lines if line.kpi.id == kpi.id)
    return HistoryPoint(
        str(past.period), actual if isinstance(actual, Decimal) else None, next(targets, None)
    )
