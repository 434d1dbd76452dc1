"""The places that cards say their teams have in their departments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.site import Site
from scoring.canonical import from_json
from scoring.period import Period
from scoring.ranking import Rank, rank_of
from scoring.scorecard import Scorecard


def ranked(site: Site, period: Period, cards: Sequence[Scorecard]) -> Iterator[Scorecard]:
    """The cards with their ranks, if the book asks for ranks.

    They are ranked beside each other, and beside the newest cards that the department's other teams were
    issued: so whether a month is drafted at once or team by team, the last one drafted is ranked the same.
    """
    least = site.book.policy.ranked_from
    if least is None:
        return iter(cards)
    issued = (from_json(issue.card_json) for issue in site.ledger.latest_revisions(str(period)))
    known = {card.team_id: card.total for card in (*issued, *cards)}
    scored = _scored(site, period)
    return (replace(card, rank=_rank(site, card.team_id, scored, known, least)) for card in cards)


def _scored(site: Site, period: Period) -> list[tuple[str, str | None]]:
    """The teams that are scored, with their departments; a card that adds up others is not one of them."""
    teams = {team.id: team.department for team in site.book.teams_in(period) if not team.of}
    return [(team_id, teams[team_id]) for team_id in site.scored_teams(period) if team_id in teams]


def _rank(
    site: Site,
    team_id: str,
    scored: Sequence[tuple[str, str | None]],
    known: Mapping[str, Decimal | None],
    least: int,
) -> Rank | None:
    """The rank in the team's department; None without one."""
    department = dict(scored).get(team_id)
    if department is None:
        return None
    beside = [team for team, its in scored if its == department]
    totals = {team: known[team] for team in beside if team in known}
    name = site.book.departments[department]
    return rank_of(team_id, name, totals, teams=len(beside), at_least=least)
