"""The figures cards need, queried once for all periods to be scored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from book.evidence import Evidence
from book.history import (
    all_periods_needed,
    days_beside,
    evidence_months,
    months_beside,
    months_needed,
    parts_needed,
    spans_ahead,
    spans_needed,
)
from book.model import Book
from disk.errors import BusyError
from killpoints import reach
from pipeline.inputs.evidence import gaps_of, gather_evidence, less_by_account
from pipeline.inputs.objectives import objectives_of_teams
from pipeline.inputs.rolled_up import with_rolled_up
from pipeline.site import Site
from scoring.okr.result import ObjectiveResult
from scoring.period import Period
from scoring.spans import AnySpan
from warehouse import replace_measures, stale_months, team_measures

Measures = Mapping[tuple[Period, str], Decimal]
Objectives = Mapping[str, tuple[ObjectiveResult, ...]]

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of each team, and for each period their origin and the teams' objectives."""

    measures: Mapping[str, Measures]
    evidence: Mapping[Period, Evidence]
    objectives: Mapping[Period, Objectives]

    def of_team(self, team_id: str, periods: Collection[Period]) -> Measures:
        """The team's measures of only these periods."""
        found = self.measures.get(team_id, {})
        # of a single period it is all that was asked for: no other dict for each of thousands of teams
        return found if len(self.evidence) == 1 else _of(found, frozenset(periods))


def gather_figures(site: Site, periods: Sequence[Period], today: date = date.max) -> Figures:
    """All that cards of `periods` are made of, as of one moment, in one roll-up.

    `today` is passed where one of them may not be over.
    """
    book, needed = site.book, all_periods_needed(site.book, periods)
    asked, own = product((evidence_months, months_beside), periods), months_needed(book, periods)
    months = {*own} | {month for months_of, period in asked for month in months_of(book, period)}
    with _in_step(site, own):
        spans = spans_needed(book) | parts_needed(book, needed)
        gaps = gaps_of(site, sorted(months), today)
        less = less_by_account(site, gaps)
        evidence = {period: gather_evidence(site, period, gaps, less) for period in periods}
        besides = [pair for found in evidence.values() for pair in _besides(book, found)]
        measures = with_rolled_up(site, team_measures(site.warehouse, needed, spans, besides))
        objectives = {period: objectives_of_teams(site, period) for period in periods}
    return Figures(measures, evidence, objectives)


def _besides(book: Book, found: Evidence) -> Iterator[tuple[Period, AnySpan]]:
    """The other days that a card shows: of the year to date, and of those that it looks ahead from."""
    yield from ((found.period, span) for span in days_beside(book, found.period))
    for team in book.teams_in(found.period) if book.forecast else ():
        yield from spans_ahead(book, team.id, found.period, found.until(team))


def _of(measures: Measures, periods: Collection[Period]) -> Measures:
    return {key: value for key, value in measures.items() if key[0] in periods}


@contextmanager
def _in_step(site: Site, months: Sequence[Period]) -> Iterator[None]:
    """Reads inside come from one snapshot in which the measures match the facts.

    If another run has loaded something since they were computed, they are recomputed: otherwise a card would
    show an old number beside a newer file.
    """
    for _ in range(_TRIES):
        with site.warehouse.opened():
            if not stale_months(site.warehouse, months, site.book.ownership, site.book.currency_code):
                yield
                return
        measure_months(site, months)
    raise BusyError(
        f"warehouse: expected {_TRIES} tries to be enough to read {months[0]} to {months[-1]} unchanged, "
        "found other runs loading all the time; wait for them to end and try again."
    )


def measure_months(site: Site, months: Sequence[Period]) -> int:
    """Bring the measures of consecutive months up to date; returns the rows written.

    All from the first to the last stale month are replaced in one transaction; what is not stale would be
    made the same again.
    """
    stale = stale_months(site.warehouse, months, site.book.ownership, site.book.currency_code)
    if not stale:
        return 0
    months = stale[0].through(stale[-1])
    rows = replace_measures(site.warehouse, months, site.book.ownership, site.book.currency_code)
    reach("measure.committed")
    return rows
