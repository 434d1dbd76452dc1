"""What the ledger knows of teams before cards of theirs are drafted, asked once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from book.history import periods_needed
from ledger import Entry, Issue
from pipeline.site import Site
from scoring.period import Period


@dataclass(frozen=True, slots=True)
class Before:
    """The newest issue of each team in the period, what people entered for the periods `scored` with it, and
    which teams had any card restated.
    """

    scored: tuple[Period, ...]
    issued: Mapping[str, Issue]
    said: Mapping[str, Sequence[Entry]]
    restated: frozenset[str]

    @classmethod
    def of(cls, site: Site, period: Period, teams: Sequence[str]) -> Before:
        """What the ledger knows of these teams."""
        scored = periods_needed(site.book, period)
        issued = site.ledger.issues_of([str(period)], teams)
        said = site.ledger.judgements_of_all([*map(str, scored)], teams)
        return cls(scored, {issue.team_id: issue for issue in issued}, said, site.ledger.restated_teams())
