"""What a team's own accounts can measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from book.files.draft import Draft
from book.files.shapes import TeamChangeShape, TeamShape
from scoring.spans import split_name
from warehouse import MeasureSpec, measure_catalog


def unmeasured(draft: Draft, team_id: str, names: Iterable[str]) -> str:
    """The measures over facts that none of the team's accounts has, joined by `and`.

    Empty if the team or one of its sources is unknown: that is reported elsewhere.
    """
    team = draft.teams.get(team_id)
    sources = set() if team is None else _sources_of(team)
    if team is None or not sources <= set(draft.known_sources):
        return ""
    facts = set().union(*(draft.known_sources[source].facts for source in sources))
    return " and ".join(measure.name for measure in _measures(names) if measure.fact not in facts)


def _sources_of(team: TeamShape) -> set[str]:
    """The sources of the accounts that the team owns, or owned before a change."""
    parts: tuple[TeamShape | TeamChangeShape, ...] = (team, *team.changes)
    return {owned.source for part in parts for owned in part.owns or ()}


def _measures(names: Iterable[str]) -> Iterator[MeasureSpec]:
    """The measures, each once; those that nobody knows are reported elsewhere."""
    bases = dict.fromkeys(split_name(name)[0] for name in names)
    return filter(None, map(measure_catalog().get, bases))
