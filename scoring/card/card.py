"""From measures and targets to a scorecard: the only place where a team is scored."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from scoring.arithmetic import EXACT
from scoring.calibration import calibrated
from scoring.card.certificate import certify
from scoring.card.conditions import extras_of
from scoring.card.final import appraisal_in, final_total, mix_in
from scoring.card.in_cells import in_cells
from scoring.card.inputs import CardInputs
from scoring.card.line import agreed_weight
from scoring.card.outlook import with_outlooks
from scoring.card.results import area_results, uncommented, with_comments
from scoring.card.rewards import grade_name, pay_coefficient
from scoring.card.to_date import with_year_to_date
from scoring.card.total import overruled_by
from scoring.card.window import Past, Scored, scored_periods
from scoring.comments import actions_of, comments_by_line, notes_in
from scoring.policy import ScoringPolicy
from scoring.scorecard import AreaResult, MadeBefore, Scorecard
from scoring.working import HistoryPoint

SCHEMA_VERSION = 1


def score_card(inputs: CardInputs, revision: int) -> Scorecard:
    """Score one team's period.

    The target and weight of a KPI are those in force on its last day, unless the policy says otherwise for
    one that changes within it. A score is rounded half-up once, to the policy's digits; so is the total, the
    sum of weight x score / 100. KPIs without a score are left out, and the weights of the others scaled up.
    If people appraise the team, the total is theirs; while a mark is missing there is no grade and no pay.
    """
    policy, scored = inputs.policy, scored_periods(inputs)
    with localcontext(EXACT):
        *_, now = window = tuple(map(scored, inputs.period.window(inputs.history)))
        appraisal, total = appraisal_in(inputs, now), final_total(inputs, now, scored)
        rewarded = None if appraisal and appraisal.missing else total
        return Scorecard(
            schema_version=SCHEMA_VERSION,
            organisation=inputs.organisation,
            period=str(inputs.period),
            team_id=inputs.team_id,
            team_name=inputs.team_name,
            manager_name=inputs.manager_name,
            language=inputs.language,
            currency_code=inputs.currency_code,
            cutoffs=policy.cutoffs,
            **_graded(inputs, grade_name(rewarded, policy)),
            pay=pay_coefficient(rewarded, now.lines, policy),
            revision=revision,
            total=total,
            total_weight=agreed_weight(now.lines),
            band=policy.band(total),
            total_history=_total_history(inputs, window, scored),
            certificate=certify(inputs.findings, now.lines, policy),
            rates=inputs.rates,
            sources=inputs.sources,
            not_available=policy.not_available.value,
            mix=mix_in(inputs, now, scored),
            objectives=inputs.objectives,
            appraiser_name=inputs.appraiser_name,
            reviewer_name=inputs.reviewer_name,
            appraisal=appraisal,
            entries=inputs.entries,
            restatements=inputs.restatements,
            load_state=inputs.load_state,
            overruled_by=overruled_by(total, now.lines, policy),
            **_made_of(inputs, window),
            **_commented(inputs, _areas(inputs, window)),
            **_said_besides(now, policy),
        )


def total_of(inputs: CardInputs) -> Decimal | None:
    """The total of the card that would be made of the inputs, without its history."""
    scored = scored_periods(inputs)
    with localcontext(EXACT):
        return final_total(inputs, scored(inputs.period), scored)


def _graded(inputs: CardInputs, by_score: str | None) -> dict[str, Any]:
    """The grade, and what a person decided about it."""
    calibration = calibrated(inputs.decided, by_score)
    return {"calibration": calibration, "grade": calibration.final if calibration else by_score}


def _areas(inputs: CardInputs, window: Sequence[Past]) -> tuple[AreaResult, ...]:
    """The areas with their lines, and what these show beside their scores."""
    areas = area_results(inputs.areas, window, inputs.policy, inputs.measure_units)
    return with_outlooks(with_year_to_date(areas, inputs, window[-1]), inputs, window)


def _commented(inputs: CardInputs, areas: tuple[AreaResult, ...]) -> dict[str, Any]:
    """The areas with what people said about their lines, what they have yet to say, and the earlier steps."""
    period, rows = inputs.period, inputs.comments
    said, notes = comments_by_line(rows, period), comments_by_line(notes_in(rows), period)
    areas = with_comments(areas, notes, period) if notes else areas
    return {
        "areas": areas,
        "uncommented": uncommented(areas, inputs.policy.commented),
        "actions": actions_of(said, period, inputs.kpis),
    }


def _said_besides(now: Past, policy: ScoringPolicy) -> dict[str, Any]:
    """What only cards of some books have."""
    return {
        "total_limits": policy.total_limits,
        "extras": extras_of(now.lines, policy),
        "status_words": policy.status_words,
        "fiscal_named": policy.fiscal_named,
        "in_cells": in_cells(now.lines, policy),
        "paper": policy.paper,
        "archive": policy.archive,
    }


def _total_history(inputs: CardInputs, window: Sequence[Past], scored: Scored) -> tuple[HistoryPoint, ...]:
    """The totals of the window, but for periods of somebody else: grade and pay follow from a total."""
    own = (past for past in window if past.period not in inputs.of_others)
    totals = {past.period: final_total(inputs, past, scored) for past in own}
    return tuple(_total_point(past, totals.get(past.period)) for past in window)


def _total_point(past: Past, total: Decimal | None) -> HistoryPoint:
    unlike = () if total is None else past.unlike_in_total
    return HistoryPoint(str(past.period), total, None, unlike=unlike)


def _made_of(inputs: CardInputs, window: Sequence[Past]) -> dict[str, Any]:
    """The teams that are added up, and those of the earlier periods shown in which they were others."""
    then = inputs.made_then
    before = (MadeBefore(str(past.period), then[past.period]) for past in window if past.period in then)
    return {"made_of": inputs.made_of, "made_before": tuple(before)}
