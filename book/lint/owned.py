"""What a team's own accounts can measure."""

from __future__ import annotations

from collections.abc import Iterable

from book.files.draft import Draft
from book.files.shapes import TeamChangeShape, TeamShape
from scoring.spans import split_name
from warehouse import measure_catalog


def unmeasured(draft: Draft, team_id: str, names: Iterable[str]) -> str:
    """The measures over facts that none of the team's accounts has, joined by `and`.

    Empty if the team or one of its sources is unknown: that is reported elsewhere.
    """
    team = draft.teams.get(team_id)
    facts = None if team is None else _facts_of(draft, team)
    if facts is None:
        return ""
    measures = dict.fromkeys(split_name(name)[0] for name in names)
    known = filter(None, map(measure_catalog().get, measures))
    return " and ".join(measure.name for measure in known if measure.fact not in facts)


def _facts_of(draft: Draft, team: TeamShape) -> set[str] | None:
    """The facts that the team's accounts are loaded into; None where a source is not known."""
    parts: tuple[TeamShape | TeamChangeShape, ...] = (team, *team.changes)
    sources = {owned.source for part in parts for owned in part.owns or ()}
    if not sources <= set(draft.known_sources):
        return None
    return {fact for source in sources for fact in draft.known_sources[source].facts}
