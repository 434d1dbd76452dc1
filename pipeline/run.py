"""A whole run without a scheduler: the steps one after another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from archive.cards import CardRef
from archive.standing import standing
from delivery.outbox import DeliveryOutcome
from ledger.errors import DeliveryError
from pipeline.approvals import waiting
from pipeline.counting import Counted, uncounted
from pipeline.inputs.load_states import current_state
from pipeline.inputs.restatements import told_on
from pipeline.preparing import prepare
from pipeline.recipients import queue_unaddressed
from pipeline.remarks import files_not_taken, keys_without_rows, runs_without_targets, teams_left_out
from pipeline.site import Site
from pipeline.steps.deliver import deliver, finish, restatements_to_send, sent_in
from pipeline.steps.gather import gather_source
from pipeline.steps.issue import issue
from pipeline.steps.known import known_of
from pipeline.steps.measure import measure
from pipeline.steps.refused import lacking_rates, raise_all
from pipeline.steps.render import render_each
from pipeline.steps.restate import restate
from pipeline.steps.score import score
from pipeline.steps.tabulate import tabulate
from processes.forks import MANY
from scoring.errors import ScorewrightError
from scoring.period import Period
from scoring.text import numbered

log = logging.getLogger(__name__)

_AT_ONCE = 20
"""So many of many cards are issued together: to ask for the state of the data takes as long as one does."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """A run's request: the month, the teams (none means all) and whether to send.

    `allow_empty`: a month that had rows may be replaced by one without any.
    """

    period: Period
    teams: tuple[str, ...] = ()
    send: bool = True
    allow_empty: bool = False


def run(
    site: Site,
    options: RunOptions,
    *,
    now: Callable[[], datetime],
    say: Callable[[str], None],
    counted: Counted = uncounted,
) -> tuple[str, ...]:
    """Run every step for one month; returns the names of the month's cards.

    `say` gets a few words about each step, and `counted` shows how many cards are done. Raises
    `ScorewrightError`; finished work stays, and the next run continues from there. What only some cards stand
    on does not hold up the others, and is raised at the end: refused files, missing exchange rates, a
    character that no font has, a card that cannot be drawn in its time, a mail that fails.
    """
    site.team_ids(options.teams)
    period = options.period
    prepare(site, period)
    refused = gather_and_measure(site, [period], now=now, say=say, allow_empty=options.allow_empty)
    revised = restate(site, period, options.teams, now=now(), undrawn=refused)
    if revised:
        earlier = numbered(len(revised), "earlier card")
        told = told_on(site, period)
        say(f"restated: {earlier} with a new revision, which cards of {told} report if its month was closed")
    names = score(site, period, options.teams, today=site.book.today(now()))
    problems: dict[int, str] = {}
    if options.send:
        _send_restatements(site, period, now, say, problems)
    before = sent_in(site, period)
    cards = counted(draw_and_issue(site, names, refused, now=now, send=options.send), len(names))
    # what goes in one mail must be issued before it goes
    for name, issue_id in [*cards] if site.book.mailing.together else cards:
        mail = _sent(site, issue_id, now, problems, before) if options.send else "not asked for"
        say(f"{name}: issue {issue_id}, mail {mail}")
    tabulate(site)
    said = [*problems.values(), *(_left_open(site, now, problems) if options.send else ())]
    raise_all([*refused, *_delivery(said)])
    return names


def _send_restatements(
    site: Site,
    period: Period,
    now: Callable[[], datetime],
    say: Callable[[str], None],
    problems: dict[int, str],
) -> None:
    for issue_id in restatements_to_send(site, period):
        mail = _sent(site, issue_id, now, problems, {})
        say(f"issue {issue_id}, an earlier card that was restated: mail {mail}")


def _delivery(problems: Sequence[str]) -> Sequence[ScorewrightError]:
    return [*map(DeliveryError, problems)]


def _sent(
    site: Site,
    issue_id: int,
    now: Callable[[], datetime],
    problems: dict[int, str],
    before: Mapping[int, Sequence[DeliveryOutcome]],
) -> str:
    """How the mail ended, `before` for some issues; what went wrong is added to the problems, by issue."""
    try:
        return ", ".join(map(_mail, before.get(issue_id) or deliver(site, issue_id, now=now)))
    except DeliveryError as error:
        problems[issue_id] = str(error)
        is_waiting = any(waiting(site, [site.ledger.get_issue(issue_id)]))
        return f"{'waits for approval' if is_waiting else 'with a problem'}, see below"


def _left_open(site: Site, now: Callable[[], datetime], told: Mapping[int, str]) -> list[str]:
    """What other runs have left, but for the issues that this one has told of."""
    try:
        finish(site, now=now, told=told)
    except DeliveryError as error:
        return [str(error)]
    return []


def gather_and_measure(
    site: Site,
    periods: Sequence[Period],
    *,
    now: Callable[[], datetime],
    say: Callable[[str], None],
    allow_empty: bool = False,
) -> list[ScorewrightError]:
    """Land, load and measure everything that cards of these consecutive periods need, each slice and fact
    once; returns what was refused, and the exchange rates that are missing.
    """
    first, last = periods[0], periods[-1]
    refused: list[ScorewrightError] = []
    known = known_of(site, site.book.source_names, periods)
    for source in site.book.source_names:
        gathered = gather_source(site, last, source, known, now=now, allow_empty=allow_empty, since=first)
        refused += gathered.refused
        say(str(gathered))
    of_files, of_keys = files_not_taken(site), keys_without_rows(site, site.warehouse, last)
    of_targets = (*teams_left_out(site, periods), *runs_without_targets(site, last))
    for remark in (*of_files, *of_keys, *of_targets):
        say(remark)
    rows = measure(site, last, since=first)
    say(f"measured: {rows} daily values" if rows else "measured: nothing has changed")
    return refused + lacking_rates(site, periods)


def draw_and_issue(
    site: Site,
    names: Sequence[str],
    undrawn: list[ScorewrightError],
    *,
    now: Callable[[], datetime],
    send: bool = False,
    among: int = 0,
) -> Iterator[tuple[str, int]]:
    """Render and issue drafted cards of a period; gives the name and the issue's id of each that could be
    drawn, those first for which nothing is left to do.

    `among` is how many there are, if these are only those of one period.
    """
    stand = _standing(site, names)
    queue_unaddressed(site, [*stand.values()] if send else (), now())
    yield from stand.items()
    drawn = render_each(site, [name for name in names if name not in stand], undrawn, among)
    at_once = _AT_ONCE if max(among, len(names)) >= MANY else 1
    while some := [*islice(drawn, at_once)]:
        yield from zip(some, issue(site, some, now=now(), send=send), strict=True)


def _standing(site: Site, names: Sequence[str]) -> Mapping[str, int]:
    if not names:
        return {}
    state = current_state(site, Period.parse(CardRef.parse(names[0]).period))
    found = standing(site.cards, site.ledger, names, state)
    if found:
        log.info("issue: %d of %d cards stand as they were issued", len(found), len(names))
    return found


def _mail(outcome: DeliveryOutcome) -> str:
    """The state of a mail, what it went out without, and whether it did just now."""
    return outcome.note or str(outcome.state) if outcome.delivered_now else f"{outcome.state} before"
