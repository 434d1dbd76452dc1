"""Revise earlier cards whose data has changed since they were issued; nothing is mailed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from archive.cards import CardRef
from book.history import months_needed
from ledger import Issue
from pipeline.inputs.figures import measure_months
from pipeline.inputs.load_states import states_now
from pipeline.inputs.restatements import is_before
from pipeline.recipients import left_out_by_the_next_card
from pipeline.site import Site
from pipeline.steps.issue import issue
from pipeline.steps.refused import raise_all
from pipeline.steps.render import render_each
from pipeline.steps.score import draft
from pipeline.steps.seconds import Seconds
from pipeline.steps.tabulate import tabulate
from scoring.errors import ScorewrightError
from scoring.period import Period
from scoring.spans import months_in

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StaleCards:
    """An issued period, and the newest issues of the teams whose data has changed since."""

    period: Period
    issues: tuple[Issue, ...]


def restate(
    site: Site,
    period: Period,
    teams: tuple[str, ...] = (),
    *,
    now: datetime,
    undrawn: list[ScorewrightError] | None = None,
) -> tuple[int, ...]:
    """Issue a revision of every earlier card whose numbers moved; returns the ids of the new issues.

    Looked at are the issued periods that had ended when `period` began, whatever their length, of the teams
    named (all where none is), if the slices that they are made of are not in the state they were read at:
    so it does not matter which run loaded them, when, or whether that one was killed. The measures of
    `period` are made already. A card that says the same keeps its issue. Raises what scoring and issuing
    raise. Cards that cannot be drawn are added to `undrawn`, or raised at the end where that is None.
    """
    took, left_out = Seconds(), [] if undrawn is None else undrawn
    stale = stale_cards(site, period, teams)
    measure_before(site, period, stale)
    revised = tuple(
        issue_id for cards in stale for issue_id in revise(site, cards, period, left_out, now=now)
    )
    if revised:
        tabulate(site)
    log.info(
        "restate: %d periods before %s had new data, %d new issues, %s",
        len(stale),
        period,
        len(revised),
        took,
    )
    if undrawn is None:
        raise_all(left_out)
    return revised


def stale_cards(site: Site, period: Period, teams: tuple[str, ...] = ()) -> tuple[StaleCards, ...]:
    """The issued cards before `period` that were read at another state of the data than now, by period."""
    team_ids = frozenset(site.team_ids(teams))
    earlier = map(Period.parse, (name for name in site.ledger.named().periods if is_before(name, period)))
    # of one period after the other, for all the cards ever issued need not fit into memory
    found_stale = (_stale(site, one, team_ids) for one in sorted(earlier, key=attrgetter("end", "start")))
    return tuple(cards for cards in found_stale if cards.issues)


def _stale(site: Site, period: Period, team_ids: Collection[str]) -> StaleCards:
    """Those of the newest issues of the teams in the period whose data has changed since."""
    issued = [found for found in site.ledger.newest(str(period)) if found.team_id in team_ids]
    return StaleCards(period, site.ledger.not_right_for(issued, states_now(site, period)))


def revise(
    site: Site, cards: StaleCards, period: Period, undrawn: list[ScorewrightError], *, now: datetime
) -> tuple[int, ...]:
    """Rescore the cards from the current measures and issue those that changed, and can be drawn.

    They go to whoever had the revision before, if the card of `period` is for somebody else.
    """
    before = {found.team_id: found for found in cards.issues}
    revised: list[int] = []
    drafted = draft(site, cards.period, tuple(before))
    changed = (name for name in drafted if _is_newer(CardRef.parse(name), before))
    for name in render_each(site, changed, undrawn):
        to = left_out_by_the_next_card(site, period, before[CardRef.parse(name).team_id])
        revised += issue(site, [name], now=now, to=to)
    return tuple(revised)


def _is_newer(ref: CardRef, before: Mapping[str, Issue]) -> bool:
    return ref.revision > before[ref.team_id].revision


def measure_before(site: Site, period: Period, stale: Sequence[StaleCards]) -> None:
    """Compute the measures of the months before those of `period` itself, which are current."""
    measured = months_needed(site.book, [period])[0]
    first = min((months_needed(site.book, [cards.period])[0] for cards in stale), default=measured)
    if first < measured:
        measure_months(site, months_in((first.start, measured.start)))
