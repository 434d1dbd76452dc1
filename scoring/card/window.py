"""The periods that a card looks back on or counts, each scored by what was agreed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from scoring.card.inputs import CardInputs
from scoring.card.line import Line, measure_names
from scoring.card.vetoes import score_lines
from scoring.known import Known
from scoring.kpi import Kpi
from scoring.period import Period
from scoring.spans import EARLIER
from scoring.targets.terms import targets_of
from scoring.working import Unlike

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Past:
    """One period: the known data and its scored lines.

    `lacking` are the KPIs of which some data are missing, `unlike` is true of all that is measured.
    """

    period: Period
    known: Known
    lines: tuple[Line, ...]
    lacking: frozenset[str] = frozenset()
    unlike: frozenset[Unlike] = frozenset()

    def line(self, kpi_id: str) -> Line | None:
        """The line of a KPI; None if nothing was agreed for it."""
        return next((line for line in self.lines if line.kpi.id == kpi_id), None)

    def unlike_of(self, kpi: Kpi) -> tuple[Unlike, ...]:
        """Why the KPI's figure of the period cannot be read like those of others."""
        is_so = set(self.unlike if self.unlike and measure_names(kpi.formula, kpi.rule) else ())
        if kpi.id in self.lacking:
            is_so.add(Unlike.LACKING_DATA)
        line = self.line(kpi.id)
        if line is not None and line.terms.covered is not None:
            is_so.add(Unlike.PART_PERIOD)
        return tuple(filter(is_so.__contains__, Unlike)) if is_so else ()

    @property
    def unlike_in_total(self) -> tuple[Unlike, ...]:
        """The same of the total: what is so of any line that counts."""
        counted = filter(attrgetter("has_counted_score"), self.lines)
        found = {*chain.from_iterable(self.unlike_of(line.kpi) for line in counted)}
        return tuple(filter(found.__contains__, Unlike))


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
        lines = score_lines(inputs.kpis, terms, known, inputs.policy)
        return Past(period, known, lines, inputs.lacking.get(period, frozenset()), _unlike(inputs, period))

    return cache(score)


def _unlike(inputs: CardInputs, period: Period) -> frozenset[Unlike]:
    is_so = {Unlike.PART_PERIOD: period in inputs.parted, Unlike.OTHER_TEAMS: period in inputs.made_then}
    return frozenset(filter(is_so.get, is_so))


def _by_period(values: Mapping[tuple[Period, str], V]) -> Mapping[Period, Mapping[str, V]]:
    found: defaultdict[Period, dict[str, V]] = defaultdict(dict)
    for (period, name), value in values.items():
        found[period][name] = value
    return found
