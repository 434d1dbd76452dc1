"""Look whether everything that is due was issued and sent, whether or not a run ever came."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime
from itertools import chain

from auditing.bouncing import take_bounces
from ledger import Issue
from ledger.errors import DeliveryError
from pipeline.recipients import may_be_mailed
from pipeline.site import Site
from pipeline.steps.deliver import finish
from pipeline.steps.report import Report, Reported, report
from scoring.errors import DataError, ScorewrightError
from scoring.period import Period

log = logging.getLogger(__name__)

MOST_BEFORE = 12
"""So many periods before the newest one are looked at, for cards that were never issued."""

Cards = Set[tuple[Period, str]]
"""The period and the team of each card that was issued."""


def watch(site: Site, *, now: Callable[[], datetime]) -> list[ScorewrightError]:
    """What is missing, stuck or uncertain, by the book's calendar and the ledger; nothing if all is well.

    Of the newest month and week that are due every card should be issued and mailed. Of those before, back
    to the first that was ever issued, a card should be there. No mail of any period may be open; those that
    a process which died was sending are brought to their end first. What the mailbox of the settings has of
    mails that came back is entered before all.
    """
    unread = _bounces(site, now())
    issued = _issued(site)
    newest = [period for period in newest_due(site, now()) if _first(issued, period) <= period]
    reports = [report(site, period) for period in newest]
    said = [*chain.from_iterable(_said(site, issued, found) for found in reports)]
    told = {issue.id for found in reports for issue in found.issues}
    log.info(
        "watch: %d shortfalls; looked at what is due up to %s", len(said), " and ".join(map(str, newest))
    )
    return [*unread, *map(DataError, said), *_left_open(site, now, told)]


def _issued(site: Site) -> Cards:
    return {(Period.parse(issue.period), issue.team_id) for issue in site.ledger.newest()}


def _said(site: Site, issued: Cards, found: Report) -> Iterator[str]:
    """What is missing of a period that is due, and of those before it."""
    for sentence in _shortfalls(site, found.teams):
        yield f"{found.period}: {sentence}"
    yield from _never_issued(site, issued, found.period)


def _bounces(site: Site, now: datetime) -> list[ScorewrightError]:
    """Enter what came back; what keeps the mailbox from being read is told as anything else is."""
    try:
        for told in take_bounces(site, None, now=now) if site.settings.bounces else ():
            log.info("watch: %s", told.sentence)
    except ScorewrightError as error:
        return [error]
    return []


def newest_due(site: Site, now: datetime) -> Iterator[Period]:
    """The newest period of each length in the calendar whose cards are expected to be sent by now."""
    for cadence in site.book.calendar.cycles:
        ended = site.book.ended(cadence, site.book.today(now))
        yield from [period for period in ended if _is_expected(site, period, now)][:1]


def _is_expected(site: Site, period: Period, now: datetime) -> bool:
    expected_by = site.book.calendar.expected_by(period)
    return expected_by is not None and expected_by <= now


def _shortfalls(site: Site, teams: Iterable[Reported]) -> Iterator[str]:
    for team in teams:
        yield from team.shortfalls()
        if _was_never_mailed(site, team):
            yield f"{team.team_id}: the card was issued and never mailed"


def _was_never_mailed(site: Site, team: Reported) -> bool:
    """Whether the card can be mailed and no revision has a mail: a restated one need not have its own."""
    if team.issue is None or team.card is None or not may_be_mailed(team.card):
        return False
    revisions = _revisions(site, team.issue.period, team.team_id)
    return not any(site.ledger.delivery_states(issue.id) for issue in revisions)


def _revisions(site: Site, period: str, team_id: str) -> list[Issue]:
    return [issue for issue in site.ledger.revisions(period) if issue.team_id == team_id]


def _first(issued: Cards, newest: Period) -> Period:
    """The first period of that length of which anything was issued; the newest one if nothing was."""
    return min((period for period, _ in issued if period.cadence is newest.cadence), default=newest)


def _never_issued(site: Site, issued: Cards, newest: Period) -> Iterator[str]:
    """The cards that are missing of periods between the first one that was issued and the newest."""
    for period in _before(issued, newest):
        for team_id in site.scored_teams(period):
            if (period, team_id) not in issued:
                yield f"{period}: {team_id}: no card was issued"


def _before(issued: Cards, newest: Period) -> list[Period]:
    """The periods before the newest one, from the first of which anything was issued."""
    *before, _ = newest.window(1 + MOST_BEFORE)
    first = _first(issued, newest)
    return [each for each in before if first <= each]


def _left_open(site: Site, now: Callable[[], datetime], told: set[int]) -> Iterator[ScorewrightError]:
    try:
        finish(site, now=now, told=told)
    except DeliveryError as error:
        yield error
