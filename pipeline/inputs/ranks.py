"""The places that cards say their teams have in their departments."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.site import Site
from scoring.card.card import total_of
from scoring.card.inputs import CardInputs
from scoring.period import Period
from scoring.ranking import Rank, rank_of


def ranks_of(site: Site, period: Period, inputs: Iterable[CardInputs]) -> Mapping[str, Rank | None]:
    """The ranks of the teams whose cards are made of the inputs, if the book asks for ranks.

    They are ranked beside each other, and beside the newest cards that the department's other teams were
    issued: so whether a month is drafted at once or team by team, the last one drafted is ranked the same.
    """
    least = site.book.policy.ranked_from
    if least is None:
        return {}
    totals = {line.team_id: line.total for line in site.ledger.listed([str(period)]) if line.is_current}
    totals |= {each.team_id: total_of(each) for each in inputs}
    return _ranks(site, period, totals, least)


def _ranks(
    site: Site, period: Period, totals: Mapping[str, Decimal | None], least: int
) -> dict[str, Rank | None]:
    """The rank in its department of each team that is in one."""
    beside = _departments(site, period)
    of_departments = (_within(site, department, teams, totals, least) for department, teams in beside.items())
    return dict(ChainMap(*of_departments))


def _departments(site: Site, period: Period) -> dict[str, list[str]]:
    """The teams of each department that are scored; a card that adds up others is not one of them."""
    found: dict[str, list[str]] = {}
    for team in (site.book.team_in(team_id, period) for team_id in site.scored_teams(period)):
        if team.department is not None and not team.of:
            found.setdefault(team.department, []).append(team.id)
    return found


def _within(
    site: Site, department: str, teams: Sequence[str], totals: Mapping[str, Decimal | None], least: int
) -> dict[str, Rank | None]:
    known = {team_id: totals[team_id] for team_id in teams if team_id in totals}
    name = site.book.departments[department]
    return {team_id: rank_of(team_id, name, known, teams=len(teams), at_least=least) for team_id in teams}
