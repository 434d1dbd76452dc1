"""The periods that a card looks back on or counts, each scored by what was agreed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from scoring.card.inputs import CardInputs
from scoring.card.line import Line
from scoring.card.vetoes import score_lines
from scoring.known import Known
from scoring.period import Period
from scoring.spans import EARLIER
from scoring.targets.terms import targets_of

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Past:
    """One period: the known data and its scored lines."""

    period: Period
    known: Known
    lines: tuple[Line, ...]

    def line(self, kpi_id: str) -> Line | None:
        """The line of a KPI; None if nothing was agreed for it."""
        return next((line for line in self.lines if line.kpi.id == kpi_id), None)


Scored = Callable[[Period], Past]
"""Any period of the team, scored by what was agreed for it."""


def scored_periods(inputs: CardInputs) -> Scored:
    """The terms of a period, whether the card shows it or only counts it in a mix."""
    measures, judgements = _by_period(inputs.measures), _by_period(inputs.judgements)

    def score(period: Period) -> Past:
        known = Known(measures[period], judgements[period])
        terms = targets_of(inputs.targets, period, inputs.policy.target_change, inputs.policy.in_part)
        if period in inputs.parted:
            terms = tuple(replace(each, parted=EARLIER) for each in terms)
        return Past(period, known, score_lines(inputs.kpis, terms, known, inputs.policy))

    return cache(score)


def _by_period(values: Mapping[tuple[Period, str], V]) -> Mapping[Period, Mapping[str, V]]:
    found: defaultdict[Period, dict[str, V]] = defaultdict(dict)
    for (period, name), value in values.items():
        found[period][name] = value
    return found
