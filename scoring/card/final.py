"""The total that a card prints: the system's, the appraised one, or one mixed with shorter periods."""

from __future__ import annotations

from decimal import Decimal

from scoring.card.appraisal import appraise
from scoring.card.inputs import CardInputs
from scoring.card.total import total_score, vetoed_total
from scoring.card.window import Past, Scored
from scoring.marks import Appraisal
from scoring.mix import mix_of
from scoring.period import Cadence
from scoring.scorecard import Mix
from scoring.working import HistoryPoint


def final_total(inputs: CardInputs, past: Past, scored: Scored) -> Decimal | None:
    """What the card of a period prints as its total; a veto over the card caps it, mixed or not."""
    mix = mix_in(inputs, past, scored)
    if mix is None:
        return _own_total(inputs, past)
    return None if mix.result is None else vetoed_total(mix.result, past.lines, inputs.policy)[0]


def appraisal_in(inputs: CardInputs, past: Past) -> Appraisal | None:
    """How people appraised the period, if the team has an appraiser."""
    return None if inputs.appraiser_name is None else appraise(past.lines, past.known, inputs.policy)


def mix_in(inputs: CardInputs, past: Past, scored: Scored) -> Mix | None:
    """The totals of the periods within; None if the book mixes none, or nothing was agreed."""
    shares = inputs.policy.mixes.get(past.period.cadence)
    if not shares or not past.lines:
        return None
    own = _own_total(inputs, past)
    totals = {cadence: _totals_within(inputs, past, cadence, scored) for cadence in shares}
    return mix_of(shares, own, totals, inputs.policy.digits)


def _totals_within(inputs: CardInputs, past: Past, cadence: Cadence, scored: Scored) -> list[HistoryPoint]:
    """The totals of the periods of one length within a period, which may be its own length."""
    within = map(scored, past.period.parts(cadence))
    return [HistoryPoint(str(part.period), _own_total(inputs, part), None) for part in within]


def _own_total(inputs: CardInputs, past: Past) -> Decimal | None:
    """The period's own: the appraised total, or the system's while marks are missing."""
    appraisal = appraisal_in(inputs, past)
    if appraisal is not None and appraisal.total is not None:
        return appraisal.total
    return total_score(past.lines, inputs.policy)
