"""How far a card looks back: the periods it shows, and the months behind their figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, product

from book.made_of import names_of
from book.measured_results import measured_results, objectives_shown
from book.model import Book
from scoring.outlook import stretch_of, tried_on
from scoring.period import Cadence, Period
from scoring.spans import AnySpan, Days, days_of, months_in, spans_in
from scoring.targets.effective import span_of
from scoring.targets.terms import Terms
from scoring.to_date import year_span

# A quarter and a year also show the same one a year before; the book sets the number for months.
_PERIODS_SHOWN: Mapping[Cadence, int] = {
    Cadence.WEEK: 13,
    Cadence.QUARTER: 5,
    Cadence.YEAR: 2,
    Cadence.SPAN: 2,
    Cadence.FISCAL_MONTH: 13,
    Cadence.FISCAL_QUARTER: 5,
    Cadence.FISCAL_YEAR: 2,
}


def history_of(book: Book, period: Period) -> int:
    """How many periods a card of `period` shows, its own included."""
    return _PERIODS_SHOWN.get(period.cadence, book.history_months)


def periods_needed(book: Book, period: Period) -> tuple[Period, ...]:
    """The periods that are scored for a card: those it shows, and those that its totals count."""
    shown = period.window(history_of(book, period))
    within = (
        part
        for past in shown
        for cadence in book.policy.mixes.get(past.cadence, ())
        for part in past.parts(cadence)
    )
    return tuple(dict.fromkeys((*shown, *within)))


def periods_since(since: Period | None, period: Period) -> tuple[Period, ...]:
    """The periods from `since` to `period`; without it `period` alone."""
    return (since or period).through(period)


def all_periods_needed(book: Book, periods: Iterable[Period]) -> tuple[Period, ...]:
    """The periods that are scored for cards of any of `periods`, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(periods_needed(book, period) for period in periods)))


def spans_needed(book: Book) -> frozenset[AnySpan]:
    """The spans besides the period itself that the agreed KPIs' figures need."""
    kpi_ids = {target.kpi_id for target in book.targets}
    names = chain.from_iterable(names_of(book.kpis[kpi_id]) for kpi_id in kpi_ids)
    return spans_in(names) | frozenset(filter(None, map(span_of, book.targets)))


def parts_needed(book: Book, periods: Iterable[Period]) -> frozenset[AnySpan]:
    """The days of teams, or of years to date, that have targets for only a part of one of `periods`."""
    # what has none of either in any row has none in any period: thousands of teams are not asked for each
    may_have = {row.team_id for row in book.targets if book.policy.in_part or span_of(row)}
    of_teams = (book.agreed(team_id, period) for team_id, period in product(may_have, periods))
    agreed = tuple(chain.from_iterable(of_teams))
    return frozenset(filter(None, chain.from_iterable(map(_other_days, agreed))))


def _other_days(terms: Terms) -> tuple[AnySpan | None, ...]:
    return span_of(terms.row, terms.period), terms.own_days


def days_beside(book: Book, period: Period) -> dict[AnySpan, Days]:
    """The days of figures that a card shows beside its own, and is not made of: the year to date."""
    span = year_span(period, book.fiscal_years.calendar) if book.year_to_date else None
    return {} if span is None else {span: days_of(period, span)}


def months_needed(book: Book, periods: Sequence[Period]) -> tuple[Period, ...]:
    """Every month that cards of `periods` are made of, with history and objectives, without a gap."""
    spans = (None, *spans_needed(book))
    looked_at = product(all_periods_needed(book, periods), spans)
    starts = [days_of(past, span)[0] for past, span in looked_at]
    starts += [days[0] for period in periods for days in days_beside(book, period).values()]
    starts += [objective.period.start for period in periods for objective in objectives_shown(book, period)]
    return months_in((min(starts), max(period.end for period in periods)))


def evidence_months(book: Book, period: Period) -> list[Period]:
    """The months that the figures of `period` itself are made of, in order.

    They are worked out once of all teams and targets: each card is held against them when it is issued.
    """
    if period not in book.months_behind:
        book.months_behind[period] = _evidence_months(book, period)
    return book.months_behind[period]


def _evidence_months(book: Book, period: Period) -> list[Period]:
    days = {days_of(period, span) for span in (None, *spans_needed(book))}
    days |= {result.days for team in book.teams for result in measured_results(book, period, team.id)}
    return sorted(set(chain.from_iterable(map(months_in, days))))


def months_beside(book: Book, period: Period) -> list[Period]:
    """The months of all that a card of `period` shows beside its own figures, in order.

    A forecast is tried on the periods before.
    """
    tried = map(days_of, period.window(history_of(book, period)) if book.forecast else ())
    return sorted(set(chain.from_iterable(map(months_in, (*days_beside(book, period).values(), *tried)))))


def spans_ahead(
    book: Book, team_id: str, period: Period, until: Mapping[str, date]
) -> set[tuple[Period, AnySpan]]:
    """The days that a look ahead needs the figures of, where those of a KPI go up to `until`."""
    earlier, counts = period.window(history_of(book, period))[:-1], book.calendar.is_working
    agreed = (terms for terms in book.agreed(team_id, period) if terms.kpi_id in until)
    cut = (stretch_of(book.kpis[terms.kpi_id], terms, until[terms.kpi_id]) for terms in agreed)
    return {
        (of, part.so_far)
        for stretch in filter(None, cut)
        for of, part in ((period, stretch), *tried_on(stretch, period, earlier, counts).items())
    }


def months_reloaded(book: Book, source: str, today: date) -> tuple[Period, ...]:
    """The months of `source` that its platform may still change on that day: the present one, the last one
    and those before that its reload days reach back to.
    """
    month = Period.containing(today)
    first = Period.containing(today - timedelta(days=book.sources[source].reload_days))
    return min(first, month.shift(-1)).through(month)


def months_of(book: Book, source: str, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The months of `source` that cards of `periods` need: their history, and what still counts in it."""
    needed = months_needed(book, periods)
    return needed[-1].window(len(needed) + book.sources[source].lookback_months)
