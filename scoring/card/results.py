"""From scored lines to what the card prints: areas with subtotals, results with history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import chain

from scoring.arithmetic import HUNDRED
from scoring.card.line import Line, agreed_weight, by_area, known_actual, measure_names
from scoring.card.total import counted_score, counting_weight, mean_score
from scoring.card.window import Past
from scoring.comments import Comments, note_of
from scoring.kpi import Area
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.scorecard import AreaResult, KpiResult
from scoring.spans import split_name
from scoring.targets.effective import EffectiveTarget, measures_for
from scoring.weights import as_hundred
from scoring.working import Band, HistoryPoint, MeasureValue, Working


def area_results(
    areas: Sequence[Area], window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> tuple[AreaResult, ...]:
    """The areas that have lines, in the book's order, each with its subtotal; `units` of the measures."""
    lines = window[-1].lines
    of_area = by_area(lines)
    result = partial(_result, scale=_scale(lines, policy), window=window, policy=policy, units=units)
    return tuple(
        _area(area, of_area[area.id], tuple(map(result, of_area[area.id])), policy)
        for area in areas
        if area.id in of_area
    )


def with_comments(areas: Iterable[AreaResult], said: Comments, period: Period) -> tuple[AreaResult, ...]:
    """The areas with what people said about their lines."""
    return with_results(
        areas, lambda result: replace(result, comment=note_of(said.get((period, result.kpi_id))))
    )


def with_results(
    areas: Iterable[AreaResult], change: Callable[[KpiResult], KpiResult]
) -> tuple[AreaResult, ...]:
    """The areas with each of their lines as `change` makes it."""
    return tuple(replace(area, results=tuple(map(change, area.results))) for area in areas)


def uncommented(areas: Iterable[AreaResult], bands: Collection[Band]) -> tuple[str, ...]:
    """The KPIs with one of these statuses about which nobody has said anything."""
    results = chain.from_iterable(area.results for area in areas)
    return tuple(each.kpi_id for each in results if each.band in bands and each.comment is None)


def _scale(lines: Sequence[Line], policy: ScoringPolicy) -> Decimal:
    """What makes up for the weights of lines without a score."""
    counting = as_hundred(counting_weight(lines, policy))
    return agreed_weight(lines) / counting if counting else Decimal(0)


def _area(
    area: Area, lines: Sequence[Line], results: tuple[KpiResult, ...], policy: ScoringPolicy
) -> AreaResult:
    score = mean_score(lines, policy)
    return AreaResult(
        area_id=area.id,
        name=area.name,
        weight=agreed_weight(lines),
        points=_points(results),
        score=score,
        band=policy.band(score),
        results=results,
        overruled_by=next((line.overruled_by for line in lines if line.overruled_by), None),
    )


def _points(results: Sequence[KpiResult]) -> Decimal | None:
    """The sum of the points; None where no line has any."""
    points = [result.points for result in results if result.points is not None]
    return sum(points, Decimal(0)) if points else None


def _result(
    line: Line, scale: Decimal, window: Sequence[Past], policy: ScoringPolicy, units: Mapping[str, str]
) -> KpiResult:
    """The line as the card prints it; `scale` compensates for the weights of lines without a score."""
    kpi, score, (number, low, high) = line.kpi, line.score, _printed(line.target)
    effective_weight, points = _brought_in(line, scale, policy)
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
        target=number,
        actual=line.actual,
        attainment=line.attainment,
        score=score,
        points=points,
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
        target_workings=() if line.target is None else line.target.workings,
        weight_working=line.terms.weight_working,
        set_to=line.set_to,
        overruled_by=line.overruled_by,
        gate=_gate(line),
    )


def _gate(line: Line) -> Working | None:
    """The gate that decides what the line counts as; None where it is open, or a veto decides."""
    return line.gate if line.set_to is not None and line.overruled_by is None else None


def _measure_values(line: Line, now: Past, units: Mapping[str, str]) -> tuple[MeasureValue, ...]:
    """The measures over the target's days: the period, or the year to date."""
    measures = measures_for(line.terms, now.known)
    return tuple(
        MeasureValue(name, measures.get(name), units.get(split_name(name)[0], "count"))
        for name in measure_names(line.kpi.formula, line.kpi.rule)
    )


def _brought_in(line: Line, scale: Decimal, policy: ScoringPolicy) -> tuple[Decimal, Decimal | None]:
    """The weight that the line has in the total, and the points it brings in; none if it is left out."""
    counted = counted_score(line, policy)
    if counted is None:
        return Decimal(0), None
    weight = line.counted_weight * scale
    return weight, weight * counted / HUNDRED


def _printed(target: EffectiveTarget | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """A target as the card prints it: the number, or both ends of a range."""
    if target is None:
        return None, None, None
    return (None, target.low, target.high) if target.number is None else (target.number, None, None)


def _history_point(line: Line, past: Past) -> HistoryPoint:
    """The KPI's actual in the period, even if it had no target then, and its target."""
    before = past.line(line.kpi.id)
    if before is None:
        return _point(line, past, _untargeted(line, past), None, None)
    number, low, high = _printed(before.target)
    return _point(line, past, before.actual, low if number is None else number, high)


def _point(
    line: Line, past: Past, actual: Decimal | None, target: Decimal | None, high: Decimal | None
) -> HistoryPoint:
    unlike = () if actual is None else past.unlike_of(line.kpi)
    return HistoryPoint(str(past.period), actual, target, high, unlike)


def _untargeted(line: Line, past: Past) -> Decimal | None:
    """The KPI's value when nothing was agreed for it, computed as it is now."""
    if not line.kpi.formula:
        return past.known.judgement(line.kpi.id).counted
    return known_actual(line.kpi, replace(line.terms, covered=None), past.known)
