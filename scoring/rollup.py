"""From teams to departments to the company: measures are added up, ratios are computed last.

So ratios are never averaged, and a net promoter score comes from pooled counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from decimal import Decimal, localcontext
from typing import TypeVar

from scoring.arithmetic import EXACT

G = TypeVar("G", bound=Hashable)


def roll_up(
    measures: Mapping[tuple[str, str], Decimal], groups: Mapping[G, Collection[str]]
) -> dict[G, dict[str, Decimal]]:
    """Each group's measures by name, from those of its teams by (team, name).

    A measure that none of a group's teams has is absent there, as it is for a team without data.
    """
    with localcontext(EXACT):
        return {group: _summed(measures, teams) for group, teams in groups.items()}


def _summed(measures: Mapping[tuple[str, str], Decimal], teams: Collection[str]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (team_id, name), value in measures.items():
        if team_id in teams:
            sums[name] += value
    return dict(sums)
