"""What a team's own accounts can measure."""

from __future__ import annotations

from collections.abc import Iterable

from book.files.draft import Draft
from etl.sources import registry
from etl.warehouse import measure_catalog
from scoring.spans import split_name


def unmeasured(draft: Draft, team_id: str, names: Iterable[str]) -> str:
    """Those of the measures over facts that none of the team's accounts has, joined by `and`.

    Nothing where the team or one of its sources is not known: that is reported where it stands.
    """
    team = draft.teams.get(team_id)
    if team is None or not {owned.source for owned in team.owns} <= set(registry()):
        return ""
    facts = {fact for owned in team.owns for fact in registry()[owned.source].FACTS}
    catalog = measure_catalog()
    measures = dict.fromkeys(split_name(name)[0] for name in names)
    return " and ".join(name for name in measures if name in catalog and catalog[name].fact not in facts)
