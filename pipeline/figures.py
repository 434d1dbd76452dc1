"""What the warehouse answers for cards, asked once for as many periods as are to be scored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from etl.warehouse import period_measures
from pipeline.evidence import Gaps, evidence_months, gaps_of
from pipeline.history import periods_needed, spans_needed
from pipeline.site import Site
from scoring.period import Period

Measures = Mapping[tuple[Period, str], Decimal]


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of each team, and what is missing in each month."""

    measures: Mapping[str, Measures]
    gaps: Gaps

    def of_team(self, team_id: str, periods: Collection[Period]) -> Measures:
        """The team's measures of these periods alone."""
        wanted = set(periods)
        found = self.measures.get(team_id, {})
        return {key: value for key, value in found.items() if key[0] in wanted}


def gather_figures(site: Site, periods: Sequence[Period]) -> Figures:
    """All that cards of `periods` are made of, in one roll-up."""
    needed = dict.fromkeys(past for period in periods for past in periods_needed(site.book, period))
    measures: dict[str, dict[tuple[Period, str], Decimal]] = {}
    rolled_up = period_measures(site.warehouse, needed, spans_needed(site.book))
    for (team_id, period, name), value in rolled_up.items():
        measures.setdefault(team_id, {})[period, name] = value
    months = sorted({month for period in periods for month in evidence_months(site.book, period)})
    return Figures(measures, gaps_of(site, months))
