"""What a run or a backfill would issue, worked out on a copy: the installation does not change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from archive.cards import CardRef, CardStore
from pipeline.backfill import BackfillOptions, work_of
from pipeline.inputs.figures import gather_figures
from pipeline.rehearsal import rehearsal
from pipeline.run import gather_and_measure
from pipeline.site import Site
from pipeline.steps.issue import enter, restated_by
from pipeline.steps.refused import raise_all
from pipeline.steps.restate import measure_before, stale_cards
from pipeline.steps.score import draft, score
from processes.forks import shared
from scoring.canonical import restatement_from_json
from scoring.errors import ScorewrightError
from scoring.period import Period
from scoring.restatement import KpiChange, Moved, MovedText, Restatement
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Impact:
    """A card that would be issued, with the lines alone whose days are not over, and what the ledger would
    record about it as a revision.

    `restatement` is None if no card of the team and period is issued yet; `is_closed` is whether the period
    is closed now, so that the revision restates it.
    """

    card: Scorecard
    is_closed: bool
    restatement: Restatement | None = None

    @property
    def total(self) -> Moved:
        """The total as it was issued and as it would be."""
        return self._moved.total

    @property
    def grade(self) -> MovedText:
        """The grade as it was issued and as it would be."""
        return self._moved.grade

    @property
    def pay(self) -> Moved:
        """The pay coefficient as it was issued and as it would be."""
        return self._moved.pay

    @property
    def changes(self) -> tuple[KpiChange, ...]:
        """The lines that would change; a first issue has nothing to compare with."""
        return self._moved.kpis

    @property
    def _moved(self) -> Restatement:
        """What the ledger would record; of a first issue, what it says beside nothing."""
        if self.restatement is not None:
            return self.restatement
        card = self.card
        total, grade = Moved(None, card.total), MovedText(None, card.grade)
        pay = Moved(None, None if card.pay is None else card.pay.result)
        return Restatement(card.period, card.team_id, 0, card.revision, total, grade, pay, pay_tier=Moved())


def preview(
    site: Site,
    periods: tuple[Period, ...],
    teams: tuple[str, ...] = (),
    *,
    now: Callable[[], datetime],
    allow_empty: bool = False,
    refused: list[ScorewrightError] | None = None,
) -> tuple[Impact, ...]:
    """The cards that would be issued, in order of period and team, earlier ones that late data revises first.

    Raises what would stop the run itself: a broken book, a month without targets. What it would raise at its
    end, such as a bad export, is added to `refused`, or raised where that is None.
    """
    work = work_of(site, BackfillOptions(periods, teams))
    wanted = [*work.teams]
    with rehearsal(site) as trial:
        problems = gather_and_measure(trial, wanted, now=now, say=lambda _: None, allow_empty=allow_empty)
        found = [*_restated(trial, wanted[0], teams, now)]
        today = site.book.today(now())
        figures = gather_figures(trial, wanted, today)
        for period in wanted:
            names = score(trial, period, work.teams[period], figures, today)
            found += _issued(trial, period, names, now, is_last=period == wanted[-1])
    if refused is None:
        raise_all(problems)
    else:
        refused += problems
    return tuple(found)


def _restated(
    trial: Site, period: Period, teams: tuple[str, ...], now: Callable[[], datetime]
) -> Iterator[Impact]:
    """The earlier cards that late data would revise."""
    stale = stale_cards(trial, period, teams)
    measure_before(trial, period, stale)
    for cards in stale:
        names = draft(trial, cards.period, tuple(issue.team_id for issue in cards.issues))
        yield from _issued(trial, cards.period, names, now)


def _issued(
    trial: Site, period: Period, names: Sequence[str], now: Callable[[], datetime], is_last: bool = False
) -> Iterator[Impact]:
    """Issues new revisions in the copy, because later cards may report them: after the last are none."""
    before = {issue.team_id: issue.revision for issue in trial.ledger.newest(str(period))}
    new = [ref for ref in map(CardRef.parse, names) if before.get(ref.team_id) != ref.revision]
    for card in shared(partial(_read, trial.cards, before, is_last), new):
        restatement = _restatement(trial, card, now()) if card.team_id in before else None
        if not is_last:
            enter(trial, card, (), now=now())
        yield Impact(_ahead(card), trial.book.is_closed(period, now()), restatement)


def _read(store: CardStore, before: Collection[str], is_last: bool, ref: CardRef) -> Scorecard:
    """The card; cut down where it is neither compared nor issued."""
    card = store.read_card(ref)
    return _ahead(card) if is_last and ref.team_id not in before else card


def _restatement(trial: Site, card: Scorecard, now: datetime) -> Restatement | None:
    found = restated_by(trial, card, now)
    return None if found is None else restatement_from_json(found.restatement_json)


def _ahead(card: Scorecard) -> Scorecard:
    """The card with those lines alone whose days are not over: thousands of whole ones fill the memory."""
    areas = (replace(area, results=tuple(one for one in area.results if one.outlook)) for area in card.areas)
    return replace(card, areas=tuple(areas), sources=(), total_history=())
