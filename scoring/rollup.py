"""From teams to departments to the company: measures are added up, ratios are computed last.

So ratios are never averaged, and a net promoter score comes from pooled counts.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import partial
from itertools import chain
from typing import TypeVar

from scoring.arithmetic import EXACT
from scoring.period import Period
from scoring.spans import EARLIER, AnySpan, Since, days_of, months_in, shifted, split_name

G = TypeVar("G", bound=Hashable)

Named = Mapping[tuple[str, str], Decimal]
"""The measures of teams over a period, by team and name."""

Sums = dict[str, Decimal]
"""The added-up measures of several teams, by name."""

Dropped = Collection[tuple[Period, str, str]]
"""The month, team and measure of sums that are no figure, because an amount of it has no exchange rate."""


def roll_up(measures: Named, groups: Mapping[G, Collection[str]]) -> dict[G, Sums]:
    """Each group's measures by name, from those of its teams by (team, name).

    A measure that none of a group's teams has is absent there, as it is for a team without data.
    """
    by_team: defaultdict[str, Sums] = defaultdict(dict)
    for (team_id, name), value in measures.items():
        by_team[team_id][name] = value
    with localcontext(EXACT):
        return {group: _summed(by_team, teams) for group, teams in groups.items()}


def _summed(by_team: Mapping[str, Sums], teams: Collection[str]) -> Sums:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, value in chain.from_iterable(by_team.get(team, {}).items() for team in dict.fromkeys(teams)):
        sums[name] += value
    return dict(sums)


@dataclass(frozen=True, slots=True)
class Together:
    """A period of several teams: `own` are the days of those that have a card of only a part of it."""

    period: Period
    own: Mapping[str, Since] = field(default_factory=dict)
    dropped: Dropped = ()

    def of_groups(self, measures: Named, groups: Mapping[G, Collection[str]]) -> dict[G, Sums]:
        """The added-up measures of each group of teams.

        A team with days of its own counts with these, as on its card; its groups have then nothing of
        earlier periods, for a part is held against no whole one.
        """
        sums = roll_up(self._as_on_cards(measures), groups)
        return {group: self._left(found, groups[group]) for group, found in sums.items()}

    def is_parted(self, teams: Collection[str]) -> bool:
        """Whether one of the teams has only a part of the period."""
        return not self.own.keys().isdisjoint(teams)

    def _left(self, sums: Sums, teams: Collection[str]) -> Sums:
        """The sums that are figures: none of other days than it may be, and none that lacks an amount."""
        unwanted = EARLIER if self.is_parted(teams) else ()
        lacking = {(month, name) for month, team_id, name in self.dropped if team_id in teams}
        return {name: sums[name] for name in sums if self._is_figure(*split_name(name), unwanted, lacking)}

    def _is_figure(
        self, measure: str, span: AnySpan | None, unwanted: Collection[object], lacking: Collection[object]
    ) -> bool:
        months = months_in(days_of(self.period, span))
        return span not in unwanted and not any((month, measure) in lacking for month in months)

    def _as_on_cards(self, measures: Named) -> Named:
        """The measures, of teams with days of their own those of these days."""
        others = {key: value for key, value in measures.items() if not self._is_replaced(*key)}
        return {**others, **ChainMap(*map(partial(self._part, measures), self.own))}

    def _is_replaced(self, team_id: str, name: str) -> bool:
        return team_id in self.own and split_name(name)[1] is None

    def _part(self, measures: Named, team_id: str) -> dict[tuple[str, str], Decimal]:
        """A team's measures of its own days, under their plain names."""
        of_team = {name: value for (found_id, name), value in measures.items() if found_id == team_id}
        return {(team_id, name): value for name, value in shifted(of_team, self.own[team_id]).items()}
