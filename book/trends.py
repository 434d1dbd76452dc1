"""Which earlier periods of a team cannot be read like this one: other teams, a part, or missing data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any

from book.made_of import MadeOf, actual_made_of, missed, months_touched
from book.model import Book, Team
from etl.quality.gate import Gap
from etl.sources import Source
from scoring.evidence import LACKING, LANDED_BEFORE_END, MISSING_RATES, OF_A_MEASURE
from scoring.period import Period
from scoring.rollup import Together
from scoring.spans import months_in
from scoring.text import LocalText

Account = tuple[str, str]
"""A source and an entity."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps in the data of each account, and the months of which it has any data."""

    of_accounts: Mapping[Account, Sequence[Gap]]
    loaded: Mapping[Account, Collection[Period]]

    def between(self, account: Account, months: Collection[Period]) -> list[Gap]:
        """The account's gaps that tell one of these months from another."""
        return [gap for gap in self.of_accounts.get(account, ()) if self.tells(gap, months)]

    def tells(self, gap: Gap, months: Collection[Period]) -> bool:
        """Whether it tells one of these months from another; what an account says in none does not."""
        if gap.code not in OF_A_MEASURE:
            return True
        account = gap.source, gap.entity
        loaded = {*months}.intersection(self.loaded.get(account, ()))
        return bool(loaded - _unsaid(self.of_accounts.get(account, ()), gap.reason))


def _unsaid(gaps: Iterable[Gap], measure: str) -> set[Period]:
    return {gap.month for gap in gaps if gap.code in OF_A_MEASURE and gap.reason == measure}


_LESS = LACKING | OF_A_MEASURE | {LANDED_BEFORE_END, MISSING_RATES}
"""Gaps for which a figure is less than it would be."""


def members_of_all(book: Book, period: Period) -> dict[str, tuple[str, ...]]:
    """The ids of the teams that each team is made of, of those that are made of any."""
    made = map(attrgetter("id"), filter(attrgetter("of"), book.teams))
    return {team_id: tuple(map(attrgetter("id"), book.members(team_id, period))) for team_id in made}


def added_up(book: Book, team_id: str, period: Period, scored: Iterable[Period]) -> dict[str, Any]:
    """What the inputs of a card of `period` say of the teams that are added up, in all periods scored."""
    then = {past: book.members(team_id, past) for past in scored}
    now = book.members(team_id, period)
    return {
        "made_of": tuple(team.name for team in now),
        "made_then": _others(now, then),
        "parted": frozenset(past for past, teams in then.items() if _is_parted(book, teams, past)),
    }


Members = Sequence[Team]


def _others(now: Members, then: Mapping[Period, Members]) -> dict[Period, tuple[LocalText, ...]]:
    """The teams' names in those periods in which they were others; one of now is called as it is now."""
    called = {team.id: team.name for team in now}
    ids = {past: {team.id: team.name for team in teams} for past, teams in then.items()}
    others = {past: names for past, names in ids.items() if called and names.keys() != called.keys()}
    return {past: tuple({**names, **_within(called, names)}.values()) for past, names in others.items()}


def _within(called: Mapping[str, LocalText], names: Container[str]) -> dict[str, LocalText]:
    return {team_id: name for team_id, name in called.items() if team_id in names}


def _is_parted(book: Book, teams: Iterable[Team], period: Period) -> bool:
    return Together(period, book.own_days(period)).is_parted({team.id for team in teams})


def by_account(gaps: Iterable[Gap], loaded: Iterable[tuple[str, str, Period]]) -> Gaps:
    """Those of the gaps for which a figure is less than it would be, beside the slices that are loaded."""
    found: defaultdict[Account, list[Gap]] = defaultdict(list)
    months: defaultdict[Account, set[Period]] = defaultdict(set)
    for gap in gaps:
        if gap.code in _LESS:
            found[gap.source, gap.entity].append(gap)
    for source, entity, month in loaded:
        months[source, entity].add(month)
    return Gaps(dict(found), dict(months))


def lacking(
    book: Book, team_id: str, period: Period, shown: Sequence[Period], gaps: Gaps
) -> dict[Period, frozenset[str]]:
    """The KPIs of a card of `period` of whose data one of the periods shown lacks some that others have."""
    now = [terms.kpi_id for terms in book.agreed(team_id, period)]
    between = partial(gaps.between, months=months_in((shown[0].start, period.end)))
    of_past = partial(_lacking, book, team_id, now, between)
    found = ((past, of_past(past)) for past in (shown if gaps.of_accounts else ()))
    return {past: kpi_ids for past, kpi_ids in found if kpi_ids}


def _lacking(
    book: Book, team_id: str, now: Iterable[str], between: Callable[[Account], Iterable[Gap]], past: Period
) -> frozenset[str]:
    team = book.team_in(team_id, past)
    accounts = dict.fromkeys((owned.source, owned.entity) for owned in team.owns)
    of_team = [*chain.from_iterable(map(between, accounts))]
    if not of_team:
        return frozenset()
    agreed = {terms.kpi_id: terms for terms in book.agreed(team_id, past)}
    kpis = dict.fromkeys((*now, *agreed))
    figures = [actual_made_of(book, team, kpi_id, past, agreed.get(kpi_id)) for kpi_id in kpis]
    near = filter(partial(_is_near, book.sources, figures), of_team)
    return frozenset(chain.from_iterable(missed(book.sources, gap, figures) for gap in near))


def _is_near(sources: Mapping[str, Source], figures: Iterable[MadeOf], gap: Gap) -> bool:
    """Whether the gap's months share days with any figure: looking at each day takes much longer."""
    months = months_touched(sources, gap)
    first, until = months[0].start, months[-1].end
    return any(start < until and end > first for one in figures for start, end in one.days)
