"""The figures of teams that are made of others: measures are added up, and ratios are computed last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from operator import attrgetter, itemgetter

from book.trends import members_of_all
from pipeline.site import Site
from scoring.period import Period
from scoring.rollup import Dropped, Together
from scoring.spans import Days, days_of, months_in, split_name
from warehouse import missing_rates, unconverted

Measures = Mapping[tuple[Period, str], Decimal]
"""The measures of several periods of a team, by period and name."""

Found = Mapping[str, Measures]
"""The same of each team."""


def with_rolled_up(site: Site, found: Found) -> Found:
    """The same with the measures of the teams that are made of others.

    Of a period it is the teams of its last day, in all that it is held against, too.
    """
    if not any(map(attrgetter("of"), site.book.teams)):
        return found
    together = together_in(site, chain.from_iterable(found.values()))
    made: defaultdict[str, dict[tuple[Period, str], Decimal]] = defaultdict(dict)
    for period, measures in _by_period(found).items():
        sums = together[period].of_groups(measures, members_of_all(site.book, period))
        for team_id, of_team in sums.items():
            made[team_id].update({(period, name): value for name, value in of_team.items()})
    return {**found, **{team_id: {**found.get(team_id, {}), **of_team} for team_id, of_team in made.items()}}


def _by_period(found: Found) -> Mapping[Period, Mapping[tuple[str, str], Decimal]]:
    """The measures of each period, by team and name."""
    by_period: defaultdict[Period, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for team_id, of_team in found.items():
        for (period, name), value in of_team.items():
            by_period[period][team_id, name] = value
    return by_period


def together_in(site: Site, found: Iterable[tuple[Period, str]]) -> dict[Period, Together]:
    """For each period that there are measures of how those of several teams are added up."""
    days = {(period, days_of(period, split_name(name)[1])) for period, name in set(found)}
    periods = {period for period, _ in days}
    dropped = _dropped(site, list(map(itemgetter(1), days))) if days else ()
    return {period: Together(period, site.book.own_days(period), dropped) for period in periods}


def _dropped(site: Site, days: Sequence[Days]) -> Dropped:
    months = months_in((min(map(itemgetter(0), days)), max(map(itemgetter(1), days))))
    return unconverted(missing_rates(site.warehouse, months), site.book.ownership)
