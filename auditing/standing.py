"""How a period stands: its cards, its mails, its data, and what should be there by now and is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from book.history import months_needed
from ledger import Delivery, DeliveryState
from pipeline.site import Site
from pipeline.steps.refused import raise_all, refusals_of
from pipeline.steps.report import Report, Reported, report
from scoring.errors import DataError, ScorewrightError
from scoring.period import Period
from scoring.spans import days_of, months_in
from warehouse import load_records, open_warehouse
from warehouse.reading import quarantined_rows

_PATIENCE_SECONDS = 1
_CARDS = ("final", "provisional", "held", "missing")


@dataclass(frozen=True, slots=True)
class Fresh:
    """How new an account's data are: the newest month that is loaded, and when it was, in UTC."""

    source: str
    entity: str
    month: Period
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How a period stands. `deliveries` are those of each team's newest card."""

    report: Report
    deliveries: tuple[Delivery, ...]
    sources: tuple[Fresh, ...] = ()
    quarantined: int | None = None
    unread: str | None = None
    """Why the warehouse could not be read, and so nothing is known of the data."""

    @property
    def missing(self) -> list[ScorewrightError]:
        """What should be there by now and is not: cards, mails, and the data that cards stand on."""
        shortfalls = (sentence for team in self.report.teams for sentence in team.shortfalls())
        return [*self.report.errors, *map(DataError, shortfalls)]

    @property
    def last_mail_at(self) -> datetime | None:
        """When the last of the mails that were sent came to its end; None where none was sent."""
        ends = (one.settled_at for one in self.deliveries if one.state is DeliveryState.SENT)
        return max(filter(None, ends), default=None)

    def or_raise(self) -> None:
        """Raise what is missing, a line each; nothing where nothing is."""
        raise_all(self.missing, told="things are missing")

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for monitors; times are ISO 8601 in UTC."""
        counts = Counter(team.state for team in self.report.teams)
        return {
            "period": str(self.report.period),
            "is_complete": not self.missing,
            "missing": [str(error) for error in self.missing],
            "cards": {"expected": len(self.report.teams), **{state: counts[state] for state in _CARDS}},
            "approvals": Counter(str(team.approved) for team in self.report.teams if team.issue is not None),
            "mails": Counter(str(delivery.state) for delivery in self.deliveries),
            "minutes_to_last_mail": self._minutes_to_last_mail(),
            "deliveries": [*map(_delivery, self.deliveries)],
            "sources": [*map(_source, self.sources)],
            "quarantined_rows": self.quarantined,
            "unread": self.unread,
        }

    def _minutes_to_last_mail(self) -> int | None:
        """From the issue of the first card to the end of the last mail; None where none was sent."""
        if self.last_mail_at is None:
            return None
        first = min(issue.issued_at for issue in self.report.issues)
        return round((self.last_mail_at - first).total_seconds() / 60)


def status_of(site: Site, period: Period, now: datetime) -> Status:
    """How the period stands; before it is over no card is missing.

    A warehouse that a run is using or that cannot be read is not waited for: cards and mails are told anyway.
    """
    found = report(site, period)
    teams = found.teams if site.book.today(now) >= period.end else tuple(_issued(found))
    deliveries = tuple(_deliveries(site, found))
    try:
        impatient = _impatient(site)
        fresh = tuple(_sources(impatient, period))
        quarantined = len(quarantined_rows(impatient.warehouse, months_in(days_of(period))))
        refused = refusals_of(impatient, period)
    except ScorewrightError as error:
        return Status(Report(period, teams), deliveries, unread=str(error))
    return Status(Report(period, teams, tuple(refused)), deliveries, fresh, quarantined)


def _impatient(site: Site) -> Site:
    """The same installation, whose warehouse is not waited for."""
    other = replace(site)
    ours = site.settings
    other.__dict__["warehouse"] = open_warehouse(ours.warehouse_url, _PATIENCE_SECONDS, ours.facts_of)
    return other


def _issued(found: Report) -> Iterator[Reported]:
    return (team for team in found.teams if team.issue is not None)


def _deliveries(site: Site, found: Report) -> Iterator[Delivery]:
    for issue in found.issues:
        yield from site.ledger.deliveries_of(issue.id)


def _sources(site: Site, period: Period) -> Iterator[Fresh]:
    """The newest load of each account among the months that the period's cards need."""
    records = load_records(site.warehouse, months_needed(site.book, [period]))
    by_account = sorted(records, key=lambda each: (each.source, each.entity, each.month.start))
    for (source, entity), loads in groupby(by_account, key=lambda each: (each.source, each.entity)):
        newest = [*loads][-1]
        yield Fresh(source, entity, newest.month, newest.loaded_at)


def _delivery(delivery: Delivery) -> dict[str, Any]:
    claimed = None if delivery.claim is None else delivery.claim.claimed_at
    return {
        "issue": delivery.issue_id,
        "to": str(delivery.recipient),
        "state": str(delivery.state),
        "attempts": delivery.attempts,
        "claimed_at": _time(claimed),
        "ended_at": _time(delivery.settled_at),
        "problem": delivery.problem,
    }


def _source(fresh: Fresh) -> dict[str, Any]:
    return {
        "source": fresh.source,
        "entity": fresh.entity,
        "newest_month": str(fresh.month),
        "loaded_at": _time(fresh.loaded_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
