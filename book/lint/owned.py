"""What a team's own accounts can measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from book.files.draft import Draft
from book.files.shapes import TeamChangeShape, TeamShape
from book.lint.members import members_ever
from scoring.spans import split_name
from warehouse import MeasureSpec, measure_catalog


def unmeasured(draft: Draft, team_id: str, names: Iterable[str]) -> str:
    """The measures over facts that none of the team's accounts has, joined by `and`.

    Empty if the team or one of its sources is unknown, or it owns nothing: that is reported elsewhere.
    """
    facts = _facts_of(draft, team_id) if team_id in draft.teams else None
    if facts is None:
        return ""
    return " and ".join(measure.name for measure in _measures(names) if measure.fact not in facts)


def owner(draft: Draft, team_id: str) -> str:
    """Who has to own what a team is scored by: itself, or a team that it is made of."""
    team = draft.teams.get(team_id)
    return f"a team of {team_id}" if team and team.of else team_id


def _facts_of(draft: Draft, team_id: str) -> set[str] | None:
    """The facts that the team's accounts are loaded into; None where it or one of its sources is unknown."""
    sources = set().union(*(_sources_of(draft.teams[each]) for each in members_ever(draft, team_id)))
    if not sources or not sources <= set(draft.known_sources):
        return None
    return set().union(*(draft.known_sources[source].facts for source in sources))


def _sources_of(team: TeamShape) -> set[str]:
    """The sources of the accounts that the team owns, or owned before a change."""
    parts: tuple[TeamShape | TeamChangeShape, ...] = (team, *team.changes)
    return {owned.source for part in parts for owned in part.owns or ()}


def _measures(names: Iterable[str]) -> Iterator[MeasureSpec]:
    """The measures, each once; those that nobody knows are reported elsewhere."""
    bases = dict.fromkeys(split_name(name)[0] for name in names)
    return filter(None, map(measure_catalog().get, bases))
