"""What a figure on a card is made of by the book, and which of it a gap in the data touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, product

from book.model import Book, Team
from etl.quality.gate import Gap
from etl.sources import Source
from scoring.card.line import measure_names
from scoring.evidence import KINDS_LEFT_OUT, OF_A_MEASURE, OF_MONEY, REFUSED
from scoring.kpi import Kpi
from scoring.period import Period
from scoring.spans import EARLIER, AnySpan, Days, days_of, months_in, split_name
from scoring.targets.effective import span_of
from scoring.targets.terms import Terms
from warehouse import MeasureSpec, MeasureUnit, measure_catalog

_CONCERNED = {KINDS_LEFT_OUT: ("ad_conversions",)}
"""The measures that single findings concern; all others concern what is made of the account's rows."""


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A figure on a card: from which of the team's accounts (source, entity), and over which days.

    `money` are the accounts whose amounts it counts, `measures` what it is made of.
    """

    name: str
    accounts: set[tuple[str, str]]
    days: frozenset[Days]
    money: set[tuple[str, str]]
    measures: frozenset[str]

    def slices(self) -> Iterator[tuple[str, str, Period]]:
        """Source, entity and month of what was landed for it."""
        months = set(chain.from_iterable(map(months_in, self.days)))
        return ((*account, month) for account, month in product(self.accounts, months))


def names_of(kpi: Kpi) -> Collection[str]:
    """The names of the measures that a KPI is made of and judged by."""
    return measure_names(kpi.formula, kpi.rule)


def kpi_made_of(book: Book, team: Team, terms: Terms) -> MadeOf:
    """What a KPI's figure and its target are made of."""
    kpi = book.kpis[terms.kpi_id]
    return made_of(book.sources, team, kpi.id, names_of(kpi), _days_of(kpi, terms))


def actual_made_of(book: Book, team: Team, kpi_id: str, period: Period, terms: Terms | None) -> MadeOf:
    """The same without the earlier days that a target grows from; without `terms` nothing was agreed on."""
    kpi = book.kpis[kpi_id]
    spans = _spans_of(kpi) | (set() if terms is None else _target_spans(terms) - EARLIER)
    own = None if terms is None else terms.own_days
    days = {days_of(period, span or own) for span in spans}
    return made_of(book.sources, team, kpi.id, names_of(kpi), days)


def made_of(
    sources: Mapping[str, Source], team: Team, name: str, names: Collection[str], days: set[Days]
) -> MadeOf:
    """What a figure of these measures over these days is made of, among what the team owns."""
    money = _accounts_of(sources, _money(names), team)
    measures = frozenset(_spec(each).name for each in names)
    return MadeOf(name, _accounts_of(sources, names, team), frozenset(days), money, measures)


def missed(sources: Mapping[str, Source], gap: Gap, figures: Iterable[MadeOf]) -> dict[str, list[date]]:
    """The days of the gap that each figure misses; only figures that miss some."""
    missing, account = _days_missed(sources, gap), (gap.source, gap.entity)
    found = {
        one.name: _within(missing, one.days)
        for one in figures
        if account in (one.money if gap.code in OF_MONEY else one.accounts)
        and not one.measures.isdisjoint(_concerned(gap, one))
    }
    return {name: days for name, days in found.items() if days}


def _concerned(gap: Gap, one: MadeOf) -> Collection[str]:
    """The measures that a gap concerns: those of the figure where it is one of whole rows."""
    return {gap.reason} if gap.code in OF_A_MEASURE else _CONCERNED.get(gap.code, one.measures)


def _accounts_of(sources: Mapping[str, Source], names: Iterable[str], team: Team) -> set[tuple[str, str]]:
    """The team's own accounts that feed the facts behind these measures."""
    facts = {_spec(name).fact for name in names}
    return {(owned.source, owned.entity) for owned in team.owns if facts & set(sources[owned.source].facts)}


def _money(names: Iterable[str]) -> list[str]:
    return [name for name in names if _spec(name).unit is MeasureUnit.MONEY]


def _spec(name: str) -> MeasureSpec:
    return measure_catalog()[split_name(name)[0]]


def _days_of(kpi: Kpi, terms: Terms) -> set[Days]:
    """The spans of days behind a KPI's figure and its target."""
    spans = _spans_of(kpi) | _target_spans(terms)
    return {days_of(terms.period, span or terms.own_days) for span in spans}


def _spans_of(kpi: Kpi) -> set[AnySpan | None]:
    return {split_name(name)[1] for name in names_of(kpi)}


def _target_spans(terms: Terms) -> set[AnySpan]:
    return set(filter(None, (span_of(part.target, terms.period) for part in terms.parts)))


def months_touched(sources: Mapping[str, Source], gap: Gap) -> Sequence[Period]:
    """The months that a gap touches; rows of a source that is looked back into count after their own."""
    later = sources[gap.source].lookback_months if gap.code in REFUSED else 0
    return gap.month.through(gap.month.shift(later))


def _days_missed(sources: Mapping[str, Source], gap: Gap) -> Sequence[date]:
    """The days of a gap."""
    if gap.days and gap.code not in REFUSED:
        return gap.days
    return [*chain.from_iterable(map(Period.days, months_touched(sources, gap)))]


def _within(days: Iterable[date], spans: Collection[Days]) -> list[date]:
    return [day for day in days if any(start <= day < end for start, end in spans)]
