"""The places of teams by their totals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.text import LocalText


@dataclass(frozen=True, slots=True)
class Rank:
    """A team's place in its department, as it was when its card was made.

    `ranked` teams had a total, `carded` a card, of the `teams` that have targets. Who has the same place is
    not said: it would tell another's total. `place` is None for a team without a total, and while a team of
    the department has no card.
    """

    department: LocalText
    place: int | None
    ranked: int
    carded: int
    teams: int

    @property
    def is_complete(self) -> bool:
        """Whether every team had its card."""
        return self.carded == self.teams


def places(totals: Mapping[str, Decimal]) -> dict[str, int]:
    """Each team's place from 1 on; equal totals share one, and the next place counts all before it."""
    ordered = sorted(totals.values())
    return {team: 1 + len(ordered) - bisect_right(ordered, total) for team, total in totals.items()}


def rank_of(
    team_id: str,
    department: LocalText,
    totals: Mapping[str, Decimal | None],
    *,
    teams: int,
    at_least: int,
) -> Rank | None:
    """The team's rank among the `totals` of the cards that its department has, out of `teams` to come.

    None where fewer than `at_least` have a total, even if all cards were there: a place among so few would
    tell of another's total.
    """
    with_total = {team: total for team, total in totals.items() if total is not None}
    if len(with_total) + teams - len(totals) < at_least:
        return None
    own = with_total.get(team_id) if len(totals) == teams else None
    place = None if own is None else 1 + sum(other > own for other in with_total.values())
    return Rank(department, place, len(with_total), len(totals), teams)
