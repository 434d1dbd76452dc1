"""The figures of teams that are made of others: measures are added up, and ratios are computed last."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import starmap
from operator import attrgetter, itemgetter

from book import Book
from book.trends import members_of_all
from pipeline.site import Site
from scoring.period import Period
from scoring.rollup import Dropped, Sums, Together
from scoring.spans import Days, days_of, months_in, split_name
from warehouse import missing_rates, unconverted

Found = Mapping[tuple[str, Period, str], Decimal]
"""The measures of several periods, by team, period and name."""

Made = dict[tuple[str, Period, str], Decimal]
"""The same of teams that are made of others."""


def with_rolled_up(site: Site, found: Found) -> Found:
    """The same with the measures of the teams that are made of others.

    Of a period it is the teams of its last day, in all that it is held against, too.
    """
    if not any(map(attrgetter("of"), site.book.teams)):
        return found
    made = starmap(partial(_made, site.book, found), together_in(site, found).items())
    return dict(ChainMap(*made, {**found}))


def _made(book: Book, found: Found, period: Period, together: Together) -> Made:
    """The measures of a period of the teams that are made of others."""
    measures = {(team_id, name): value for (team_id, of, name), value in found.items() if of == period}
    sums = together.of_groups(measures, members_of_all(book, period))
    return dict(ChainMap(*starmap(partial(_named, period), sums.items())))


def _named(period: Period, team_id: str, sums: Sums) -> Made:
    return {(team_id, period, name): value for name, value in sums.items()}


def together_in(site: Site, found: Iterable[tuple[str, Period, str]]) -> dict[Period, Together]:
    """For each period that there are measures of how those of several teams are added up."""
    days = {(period, days_of(period, split_name(name)[1])) for _, period, name in found}
    periods = {period for period, _ in days}
    dropped = _dropped(site, list(map(itemgetter(1), days))) if days else ()
    return {period: Together(period, site.book.own_days(period), dropped) for period in periods}


def _dropped(site: Site, days: Sequence[Days]) -> Dropped:
    months = months_in((min(map(itemgetter(0), days)), max(map(itemgetter(1), days))))
    return unconverted(missing_rates(site.warehouse, months), site.book.ownership)
