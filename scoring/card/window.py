"""The periods that a card looks back on or counts, each scored by what was agreed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from scoring.card.inputs import CardInputs
from scoring.card.line import Line
from scoring.card.vetoes import score_lines
from scoring.known import Judgement, Known
from scoring.period import Period
from scoring.targets.terms import targets_of


@dataclass(frozen=True, slots=True)
class Past:
    """One period: the known data and its scored lines."""

    period: Period
    known: Known
    lines: tuple[Line, ...]


Scored = Callable[[Period], Past]
"""Any period of the team, scored by what was agreed for it."""


def scored_periods(inputs: CardInputs) -> Scored:
    """The terms of a period, whether the card shows it or only counts it in a mix."""
    measures: defaultdict[Period, dict[str, Decimal]] = defaultdict(dict)
    for (period, name), value in inputs.measures.items():
        measures[period][name] = value
    judgements: defaultdict[Period, dict[str, Judgement]] = defaultdict(dict)
    for (period, kpi_id), said in inputs.judgements.items():
        judgements[period][kpi_id] = said

    def score(period: Period) -> Past:
        known = Known(measures[period], judgements[period])
        terms = targets_of(inputs.targets, period, inputs.policy.target_change)
        return Past(period, known, score_lines(inputs.kpis, terms, known, inputs.policy))

    return cache(score)
