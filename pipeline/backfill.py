"""Many periods at once: the data of all of them first, then the cards of each in order. Nothing is mailed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.inputs.figures import Figures, gather_figures
from pipeline.preparing import prepare
from pipeline.run import draw_and_issue, gather_and_measure
from pipeline.site import Site, spelled
from pipeline.steps.refused import raise_all
from pipeline.steps.restate import restate
from pipeline.steps.score import score
from pipeline.steps.tabulate import tabulate
from scoring.errors import ScorewrightError, UsageError
from scoring.period import Period
from scoring.text import numbered


@dataclass(frozen=True, slots=True)
class BackfillOptions:
    """A backfill's request: consecutive periods, earliest first, and teams (none means all)."""

    periods: tuple[Period, ...]
    teams: tuple[str, ...] = ()


class Watch(Protocol):
    """The observer of a backfill's progress."""

    def say(self, line: str) -> None:
        """A line about what was done."""

    def plan(self, cards: int) -> None:
        """How many cards there will be."""

    def card_done(self) -> None:
        """One card is issued, or was before."""


@dataclass(frozen=True, slots=True)
class Work:
    """The teams that have targets in each period of a range; periods in which none has are left out."""

    teams: dict[Period, tuple[str, ...]]

    @property
    def cards(self) -> int:
        """How many cards the range has."""
        return sum(len(teams) for teams in self.teams.values())


def work_of(site: Site, options: BackfillOptions) -> Work:
    """The work to do. Raises `UsageError` for an unknown team, or if no period has a target."""
    agreed = {period: site.scored_teams(period, options.teams) for period in options.periods}
    work = Work({period: teams for period, teams in agreed.items() if teams})
    _refuse_nothing_to_do(work, options)
    return work


def _refuse_nothing_to_do(work: Work, options: BackfillOptions) -> None:
    if not work.teams:
        first, last = options.periods[0], options.periods[-1]
        raise UsageError(
            f"{first} to {last}: expected targets per {first.cadence} in one of the periods, found none for "
            f"{spelled(options.teams)}; add them in targets/ or name another range."
        )


def backfill(site: Site, options: BackfillOptions, *, now: Callable[[], datetime], watch: Watch) -> None:
    """Issue the cards of every period, earliest first; unchanged issued cards stay as they are.

    Raises `ScorewrightError`; finished work stays, and the next run continues from there. Refused files,
    missing exchange rates and characters that no font has are raised at the end, when all else is done.
    """
    work = work_of(site, options)
    periods = [*work.teams]
    prepare(site, *periods)
    refused = gather_and_measure(site, periods, now=now, say=watch.say)
    revised = restate(site, periods[0], options.teams, now=now(), undrawn=refused)
    if revised:
        watch.say(f"restated: {numbered(len(revised), 'card')} before {periods[0]} with a new revision")
    figures = gather_figures(site, periods)
    watch.plan(work.cards)
    for period in options.periods:
        if period in work.teams:
            refused += _issue_period(site, period, work, figures, now, watch)
        else:
            watch.say(f"{period}: skipped, because no team has targets per {period.cadence}")
    raise_all(refused)


def _issue_period(
    site: Site,
    period: Period,
    work: Work,
    figures: Figures,
    now: Callable[[], datetime],
    watch: Watch,
) -> list[ScorewrightError]:
    """Issue its cards; returns why some could not be drawn."""
    before = {issue.id for issue in site.ledger.newest(str(period))}
    issued: set[int] = set()
    undrawn: list[ScorewrightError] = []
    drafted = score(site, period, work.teams[period], figures)
    for _, issue_id in draw_and_issue(site, drafted, undrawn, now=now, among=work.cards):
        issued.add(issue_id)
        watch.card_done()
    tabulate(site)
    new = len(issued - before)
    watch.say(
        f"{period}: {numbered(len(issued), 'card')}, {new} new or revised, {len(issued) - new} as they were"
    )
    return undrawn
