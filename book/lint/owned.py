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
    facts = _facts_of(draft, draft.teams.get(team_id))
    if facts is None:
        return ""
    return " and ".join(measure.name for measure in _measures(names) if measure.fact not in facts)


def _facts_of(draft: Draft, team: TeamShape | None) -> set[str] | None:
    """The facts that the team's accounts are loaded into; None where it or one of its sources is unknown."""
    if team is None:
        return None
    sources = _sources_of(team)
    if not sources <= set(draft.known_sources):
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
