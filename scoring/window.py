"""The periods that a card looks back on, each scored by what was agreed for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from scoring.inputs import CardInputs
from scoring.known import Judgement, Known
from scoring.line import Line
from scoring.period import Period
from scoring.terms import targets_of
from scoring.vetoes import score_lines


@dataclass(frozen=True, slots=True)
class Past:
    """One period of the window: what is known of it and its scored lines."""

    period: Period
    known: Known
    lines: tuple[Line, ...]


def window_of(inputs: CardInputs) -> tuple[Past, ...]:
    """Every period of the window scored by its own targets, the card's own last."""
    measures: defaultdict[Period, dict[str, Decimal]] = defaultdict(dict)
    for (period, name), value in inputs.measures.items():
        measures[period][name] = value
    judgements: defaultdict[Period, dict[str, Judgement]] = defaultdict(dict)
    for (period, kpi_id), said in inputs.judgements.items():
        judgements[period][kpi_id] = said
    return tuple(
        _past(inputs, period, Known(measures[period], judgements[period]))
        for period in inputs.period.window(inputs.history)
    )


def _past(inputs: CardInputs, period: Period, known: Known) -> Past:
    terms = targets_of(inputs.targets, period, inputs.policy.target_change)
    return Past(period, known, score_lines(inputs.kpis, terms, known, inputs.policy))
