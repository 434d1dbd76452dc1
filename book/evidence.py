"""Where a card's numbers came from and how complete they are, limited to each team's own sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import TypeVar

from book import trends
from book.history import history_of, months_beside
from book.made_of import MadeOf, kpi_made_of, made_of, missed, names_of
from book.measured_results import measured_results
from book.model import Book, Team
from etl.quality.gate import FEWER_ROWS, Gap
from etl.sources import fx_rates
from scoring.card.certificate import REMARKS
from scoring.evidence import (
    NOT_SAID,
    FileEvidence,
    Finding,
    RateEvidence,
    SourceEvidence,
)
from scoring.period import Period
from scoring.spans import days_of, months_in
from warehouse import LoadRecord

_SAYS_ALL = REMARKS - {NOT_SAID}
"""Findings after which a figure is whole."""

_LEAVES_DAYS = _SAYS_ALL | {FEWER_ROWS}
"""Findings after which a figure has every day; that a month has few rows yet takes none away."""

G = TypeVar("G", Gap, LoadRecord)


@dataclass(frozen=True)
class Evidence:
    """What the gate and the load records say about the months behind a period's figures.

    `beside` are the gaps of the months that a card shows more figures of, beside those of its period.
    """

    book: Book
    period: Period
    gaps: tuple[Gap, ...]
    beside: tuple[Gap, ...]
    records: tuple[LoadRecord, ...]
    all_rates: tuple[RateEvidence, ...]
    load_state: str
    by_account: trends.Gaps

    def findings(self, team: Team) -> tuple[Finding, ...]:
        """What is missing from the sources that this team's lines stand on."""
        kpis, results = self._kpis(team), self._measured(team)
        gaps = self._gaps_of(set().union(*(one.accounts | one.money for one in (*kpis, *results))))
        return tuple(filter(None, (self._finding(gap, kpis, results) for gap in gaps)))

    def lacking(self, team: Team) -> Mapping[Period, frozenset[str]]:
        """The KPIs of whose data a period that the team's card shows lacks some."""
        shown = self.period.window(history_of(self.book, self.period))
        return trends.lacking(self.book, team.id, self.period, shown, self.by_account)

    def sources(self, team: Team) -> tuple[SourceEvidence, ...]:
        """The landed files behind the team's numbers of the period, and behind the rates that they need."""
        used = self._slices(team)
        months = {month for _, _, month in used} | set(months_in(days_of(self.period)))
        with_rates = months if self._needs_rates(team) else set()
        of_rates = filter(partial(_has_rates, with_rates), self._records_of(self._with_rates))
        found = {slice_of(record): record for record in (*self._records_in(used), *of_rates)}
        return tuple(self._source(found[which]) for which in sorted(found, key=self._order.__getitem__))

    @cached_property
    def _order(self) -> Mapping[tuple[str, str, Period], int]:
        """The place of each slice among the records."""
        return {slice_of(record): number for number, record in enumerate(self.records)}

    @cached_property
    def _with_rates(self) -> set[tuple[str, str]]:
        """The accounts with exchange rates."""
        return {account for account in self._by_account if account[0] == fx_rates.NAME}

    def _records_in(self, slices: Collection[tuple[str, str, Period]]) -> list[LoadRecord]:
        accounts = {(source, entity) for source, entity, _ in slices}
        return [record for record in self._records_of(accounts) if slice_of(record) in slices]

    def _records_of(self, accounts: Iterable[tuple[str, str]]) -> Iterator[LoadRecord]:
        return chain.from_iterable(self._by_account.get(account, ()) for account in accounts)

    @cached_property
    def _by_account(self) -> Mapping[tuple[str, str], Sequence[LoadRecord]]:
        """The records by account: each team has few of many."""
        return _grouped(self.records)

    def _gaps_of(self, accounts: Iterable[tuple[str, str]]) -> list[Gap]:
        """The gaps of these accounts, in order."""
        return sorted(chain.from_iterable(self._gaps_by_account.get(account, ()) for account in accounts))

    @cached_property
    def _gaps_by_account(self) -> Mapping[tuple[str, str], Sequence[Gap]]:
        return _grouped(self.gaps)

    def lacking_beside(self, team: Team) -> dict[str, tuple[str, ...]]:
        """Of each KPI that lacks something the months beside the period's own in which it does."""
        months = months_beside(self.book, self.period) if self.beside else ()
        found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for month in months:
            for kpi_id in self._lacking_in(month, team):
                found[kpi_id] += (str(month),)
        return dict(found)

    def until(self, team: Team) -> dict[str, date]:
        """Of each KPI the day from which on it has no figures yet; not of one that lacks any before it.

        Once anything was landed after the period, what has no figures is missing, and not to come.
        """
        found = {kpi.name: self._until(kpi) for kpi in self._kpis(team)}
        earliest = self.period.end if self._is_over(team) else date.min
        return {name: day for name, day in found.items() if day is not None and day >= earliest}

    def _is_over(self, team: Team) -> bool:
        """Whether anything behind the team's figures was landed after the period."""
        used, end = self._slices(team), self.period.end
        return any(self._landed_on(record) >= end for record in self._records_in(used))

    def _until(self, kpi: MadeOf) -> date | None:
        lost, start = self._lost(replace(kpi, days=kpi.days | {days_of(self.period)})), self.period.start
        until = self.period.end
        while until > start and until - timedelta(days=1) in lost:
            until -= timedelta(days=1)
        return until if min(lost, default=until) >= until else None

    def _lost(self, kpi: MadeOf) -> set[date]:
        """The days that the KPI misses; that a month has few rows yet is not one of them."""
        gaps = (gap for gap in self._gaps_of(kpi.accounts | kpi.money) if gap.code not in _LEAVES_DAYS)
        days = (missed(self.book.sources, gap, (kpi,)).values() for gap in gaps)
        return {*chain.from_iterable(chain.from_iterable(days))}

    def _landed_on(self, record: LoadRecord) -> date:
        return self.book.today(record.provenance.landed_at)

    def _lacking_in(self, month: Period, team: Team) -> set[str]:
        """The KPIs of which something is missing in that month, by what the team owned then."""
        then = replace(team, owns=self.book.owned_in(team.id, self.period, month))
        gaps = [gap for gap in self.beside if gap.month <= month and gap.code not in _SAYS_ALL]
        kpis = [self.book.kpis[terms.kpi_id] for terms in self.book.agreed(team.id, self.period)]
        figures = [made_of(self.book.sources, then, kpi.id, names_of(kpi), {days_of(month)}) for kpi in kpis]
        return set(chain.from_iterable(missed(self.book.sources, gap, figures) for gap in gaps))

    def rates(self, team: Team) -> tuple[RateEvidence, ...]:
        """The rates of the period, unless all amounts are in the reporting currency."""
        return self.all_rates if self._needs_rates(team) else ()

    def _needs_rates(self, team: Team) -> bool:
        """Whether any of the figures adds up amounts that can be in another currency than the card's."""
        accounts = set[tuple[str, str]]().union(*(figure.money for figure in self._figures(team)))
        codes = {self.book.account(*account).currency_code for account in accounts}
        # an account without a currency of its own may have amounts in any
        return bool(codes - {self.book.currency_code})

    def _slices(self, team: Team) -> set[tuple[str, str, Period]]:
        """Source, entity and month of all that was landed for the team's figures."""
        return set(chain.from_iterable(figure.slices() for figure in self._figures(team)))

    def _finding(self, gap: Gap, kpis: Sequence[MadeOf], results: Sequence[MadeOf]) -> Finding | None:
        """The gap as the team's card reports it: the days that its figures miss, and which KPIs miss them."""
        touched, moved = (missed(self.book.sources, gap, figures) for figures in (kpis, results))
        if not touched and not moved:
            return None
        # on a card of that very month the whole month goes without saying
        is_said = not gap.days and gap.month == self.period
        all_days = set(chain(*touched.values(), *moved.values()))
        told = () if is_said else tuple(map(date.isoformat, sorted(all_days)))
        return Finding(gap.code, gap.source, gap.entity, told, tuple(touched), tuple(moved), gap.reason)

    def _figures(self, team: Team) -> list[MadeOf]:
        return self._kpis(team) + self._measured(team)

    def _kpis(self, team: Team) -> list[MadeOf]:
        """The inputs of the KPIs that the team is scored by in the period."""
        if team.id not in self._of_a_team:
            agreed = self.book.agreed(team.id, self.period)
            self._of_a_team.clear()
            self._of_a_team[team.id] = [kpi_made_of(self.book, team, terms) for terms in agreed]
        return self._of_a_team[team.id]

    @cached_property
    def _of_a_team(self) -> dict[str, list[MadeOf]]:
        """The inputs of the KPIs of the team that was asked about last: it is asked about several times."""
        return {}

    def _measured(self, team: Team) -> list[MadeOf]:
        """The inputs of the team's key results of the period, if they are measures."""
        results, sources = measured_results(self.book, self.period, team.id), self.book.sources
        return [made_of(sources, team, result.ref, result.names, {result.days}) for result in results]

    def _source(self, record: LoadRecord) -> SourceEvidence:
        account = self.book.account(record.source, record.entity)
        return SourceEvidence(
            source=record.source,
            source_name=self.book.source_names[record.source],
            entity=record.entity,
            period=str(record.month),
            currency_code=account.currency_code,
            files=tuple(FileEvidence(file.name, file.sha256, file.rows) for file in record.files),
        )


def slice_of(one: Gap | LoadRecord) -> tuple[str, str, Period]:
    """Source, entity and month."""
    return one.source, one.entity, one.month


def _grouped(found: Iterable[G]) -> Mapping[tuple[str, str], list[G]]:
    """Gaps or records by account."""
    by_account: defaultdict[tuple[str, str], list[G]] = defaultdict(list)
    for one in found:
        by_account[one.source, one.entity].append(one)
    return by_account


def _has_rates(months: Collection[Period], record: LoadRecord) -> bool:
    """Whether a record of exchange rates is of one of these months."""
    return record.month in months
