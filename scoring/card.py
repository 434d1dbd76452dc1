"""From measures and targets to a scorecard: the one place where a team is scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, HUNDRED
from scoring.formula import Formula
from scoring.kpi import Area, Kpi, Target
from scoring.line import Line, measure_names, score_line, targets_of
from scoring.period import Period
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.scorecard import (
    AreaResult,
    Certificate,
    CertificateStatus,
    Cutoffs,
    HistoryPoint,
    KpiResult,
    MeasureValue,
    RateEvidence,
    Scorecard,
    SourceEvidence,
    Working,
)
from scoring.text import Language, LocalText
from scoring.total import agreed_weight, counted_score, counting_weight, mean_score, total_score

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class CardInputs:
    """All that a card is made of; `measures` holds the team's own, by month and name."""

    organisation: LocalText
    team_id: str
    team_name: LocalText
    manager_name: str
    language: Language
    currency_code: str
    period: Period
    kpis: Mapping[str, Kpi]
    areas: tuple[Area, ...]
    targets: tuple[Target, ...]
    measures: Mapping[tuple[Period, str], Decimal]
    policy: ScoringPolicy
    certificate: Certificate
    rates: tuple[RateEvidence, ...]
    sources: tuple[SourceEvidence, ...]
    history_months: int


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of the window: its measures and its scored lines."""

    period: Period
    measures: Mapping[str, Decimal]
    lines: tuple[Line, ...]


def score_card(inputs: CardInputs, revision: int) -> Scorecard:
    """Score one team's month.

    The target and weight of a KPI are those valid on the last day of the month. A score is rounded
    half-up once, to the policy's digits; so is the total, the sum of weight x score / 100. KPIs
    without a score are left out, and the weights of the others scaled up.
    """
    policy = inputs.policy
    with localcontext(EXACT):
        months = _months(inputs)
        month = months[-1]
        total = total_score(month.lines, policy)
        return Scorecard(
            schema_version=SCHEMA_VERSION,
            organisation=inputs.organisation,
            period=str(inputs.period),
            team_id=inputs.team_id,
            team_name=inputs.team_name,
            manager_name=inputs.manager_name,
            language=inputs.language,
            currency_code=inputs.currency_code,
            cutoffs=Cutoffs(policy.green, policy.amber),
            grade=_grade(total, policy),
            pay=_pay(total, month.lines, policy),
            revision=revision,
            total=total,
            total_weight=agreed_weight(month.lines),
            band=policy.band(total),
            areas=_areas(inputs.areas, months, policy),
            total_history=tuple(
                HistoryPoint(str(past.period), total_score(past.lines, policy), None) for past in months
            ),
            certificate=_certificate(inputs.certificate, month.lines, policy),
            rates=inputs.rates,
            sources=inputs.sources,
        )


def _grade(total: Decimal | None, policy: ScoringPolicy) -> str | None:
    if total is None or policy.grades is None:
        return None
    return policy.grades.grade_of(total).name


def _pay(total: Decimal | None, lines: Sequence[Line], policy: ScoringPolicy) -> Working | None:
    if total is None or policy.pay is None:
        return None
    attainments = {line.kpi.id: line.attainment for line in lines if line.attainment is not None}
    return policy.pay.coefficient(total, attainments)


def _certificate(certificate: Certificate, lines: Sequence[Line], policy: ScoringPolicy) -> Certificate:
    """Held where the book holds cards that lack a score."""
    is_held = policy.not_available is NotAvailable.HOLD and any(line.score is None for line in lines)
    return replace(certificate, status=CertificateStatus.HELD) if is_held else certificate


def _months(inputs: CardInputs) -> tuple[_Month, ...]:
    """Every month of the window scored by its own targets, the card's month last."""
    measures: defaultdict[Period, dict[str, Decimal]] = defaultdict(dict)
    for (period, name), value in inputs.measures.items():
        measures[period][name] = value
    return tuple(
        _Month(
            period,
            measures[period],
            tuple(
                score_line(inputs.kpis[target.kpi_id], target, measures[period], inputs.policy.digits)
                for target in targets_of(inputs.targets, period)
            ),
        )
        for period in inputs.period.window(inputs.history_months)
    )


def _areas(areas: Sequence[Area], months: Sequence[_Month], policy: ScoringPolicy) -> tuple[AreaResult, ...]:
    """The areas that have lines, in the book's order, each with its subtotal."""
    month = months[-1]
    counting = counting_weight(month.lines, policy)
    scale = agreed_weight(month.lines) / counting if counting else Decimal(0)
    results = []
    for area in areas:
        lines = [line for line in month.lines if line.kpi.area == area.id]
        if lines:
            results.append(
                _area(area, lines, tuple(_result(line, scale, months, policy) for line in lines), policy)
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


def _result(line: Line, scale: Decimal, months: Sequence[_Month], policy: ScoringPolicy) -> KpiResult:
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
        measures=tuple(
            MeasureValue(name, months[-1].measures.get(name)) for name in measure_names(kpi.formula, kpi.rule)
        ),
        history=tuple(_history_point(kpi, month) for month in months),
    )


def _history_point(kpi: Kpi, month: _Month) -> HistoryPoint:
    """The KPI's actual in the month, also where it had no target then, and its target."""
    actual = Formula.parse(kpi.formula).evaluate(month.measures) if kpi.formula else None
    targets = (line.target.target for line in month.lines if line.kpi.id == kpi.id)
    return HistoryPoint(
        str(month.period), actual if isinstance(actual, Decimal) else None, next(targets, None)
    )
