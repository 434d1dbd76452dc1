"""How the data of each account stands: what is loaded, left of a quota, and wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from book.history import months_of
from etl.account import Account
from pipeline.site import Site
from pulling.ending import ending
from pulling.journal import last_end
from pulling.platform import Platform
from scoring.period import Period
from warehouse import LoadRecord, Refusal, load_records, refusals


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands. `window` are the first and last month that cards of the present month need.

    `newest` is the newest of them that is loaded, `loaded_at` when the last one was (UTC); `left` is what the
    platform said on the day `asked_on` that is left of its quota; `days` are those until its version ends.
    """

    account: str
    way: str
    connection: str | None
    window: tuple[Period, Period]
    loaded: int
    months: int
    newest: Period | None = None
    loaded_at: datetime | None = None
    asked_on: date | None = None
    left: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    sunset: date | None = None
    days: int | None = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        first, last = map(str, self.window)
        return {**asdict(self), "window": [first, last], "newest": self.newest and str(self.newest)}

    def told(self) -> Iterator[str]:
        """The same in lines."""
        by = f", connection {self.connection}" if self.connection else ""
        yield f"{self.account}: {self.way}{by}"
        first, last = self.window
        yield f"  loaded: {self.loaded} of {self.months} months from {first} to {last}"
        if self.newest:
            yield f"  newest month: {self.newest}, last load: {self.loaded_at:%Y-%m-%d %H:%M} UTC"
        yield from self._of_platform()
        if self.error:
            yield f"  error: {self.error}"

    def _of_platform(self) -> Iterator[str]:
        if self.asked_on:
            yield f"  asked on {self.asked_on}"
        yield from (f"  left: {name} {value}" for name, value in self.left.items())
        if self.version:
            until = f"until {self.sunset}, {self.days} days" if self.sunset else "no end known"
            yield f"  version: {self.version}, {until}"


def standing(site: Site, now: datetime) -> list[Standing]:
    """How each account of the book stands, in the order of the book."""
    period = Period.containing(site.book.today(now))
    return [one for source in site.book.source_names for one in _of_source(site, source, period, now)]


def _of_source(site: Site, source: str, period: Period, now: datetime) -> Iterator[Standing]:
    months = months_of(site.book, source, [period])
    records = _loaded(site, months, source)
    refused = refusals(site.warehouse, months)
    for account in site.book.accounts_of(source):
        own = [each for each in records if each.entity == account.entity]
        yield _standing(site, account, months, own, _refused(account, refused), now.date())


def _loaded(site: Site, months: Sequence[Period], source: str) -> Sequence[LoadRecord]:
    return load_records(site.warehouse, months, source) if site.warehouse.exists() else []


def _refused(account: Account, refused: Sequence[Refusal]) -> list[Refusal]:
    """Those of the account."""
    return [each for each in refused if (each.slice.source, each.slice.entity) == _which(account)]


def _which(account: Account) -> tuple[str, str]:
    return account.source, account.entity


def _standing(
    site: Site,
    account: Account,
    months: Sequence[Period],
    records: Sequence[LoadRecord],
    refused: Sequence[Refusal],
    today: date,
) -> Standing:
    newest = max(records, key=lambda each: each.month.start, default=None)
    return Standing(
        "/".join(_which(account)),
        _way(site, account),
        account.connection,
        (months[0], months[-1]),
        len(records),
        len(months),
        newest.month if newest else None,
        max((each.loaded_at for each in records), default=None),
        error=next((each.sentence for each in reversed(refused)), None),
        **_asked(site, account, today),
    )


def _way(site: Site, account: Account) -> str:
    if account.platform is not None:
        return site.puller.platform_of(account).title
    return "a query" if account.query is not None else "files"


def _asked(site: Site, account: Account, today: date) -> Mapping[str, Any]:
    """What is known of an account that is pulled."""
    if account.platform is None:
        return {}
    day, left = last_end(site.landing, account)
    return {"asked_on": day, "left": left, **_version(site.puller.platform_of(account), today)}


def _version(platform: Platform, today: date) -> Mapping[str, Any]:
    version = platform.version
    if version is None:
        return {}
    days = (version.sunset - today).days if version.sunset else None
    return {"version": version.name, "sunset": version.sunset, "days": days}


def versions_ending(site: Site, today: date) -> list[str]:
    """A sentence for each platform of the book's accounts whose version ends soon, or has ended."""
    return [sentence for platform in _platforms(site) for sentence in ending(platform, today)]


def _platforms(site: Site) -> Iterable[Platform]:
    """Each platform of the book's accounts once."""
    pulled = [each for each in site.book.accounts if each.platform is not None]
    return {str(each.platform): site.puller.platform_of(each) for each in pulled}.values()
