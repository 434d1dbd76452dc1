"""One opened installation: its settings, its book and the stores the steps work on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property

from archive.cards import CardStore
from book import Book, Team, load_book
from delivery.channels import Channel, channels_from_urls, ready_channels
from disk.nearest import did_you_mean
from disk.objects import ObjectPath
from disk.rights import share_with
from etl.account import Account
from etl.exports import Origin, files_at
from etl.landing import Landing
from ledger import Issue, Ledger, open_ledger
from pulling.puller import Puller
from pulling.tokens import TokenStore
from scoring.errors import UsageError
from scoring.period import Period
from settings import Settings
from warehouse import Slice, Warehouse, open_warehouse, refusals


@dataclass(frozen=True)
class Site:
    """What every step gets. Stores open on first use, so a step pays only for what it uses."""

    settings: Settings
    book: Book

    @cached_property
    def cards(self) -> CardStore:
        """The drafted cards and their documents."""
        return CardStore(self.settings.scorecards)

    @cached_property
    def origin(self) -> Origin:
        """Where exports and tables come from."""
        ours = self.settings
        return Origin(files_at(ours.exports), ours.max_export_mb, ours.connections, self.puller)

    @cached_property
    def puller(self) -> Puller:
        """Asks the platforms of accounts that name one."""
        ours, most = self.settings, self.settings.max_export_mb
        store = TokenStore(ours.home / "tokens", ours.connections, self.landing.locked)
        return Puller.of(ours.config, ours.connections, self.landing, most, self._is_refused, store)

    def _is_refused(self, account: Account, month: Period) -> bool:
        """Whether what is landed of the month could not be loaded."""
        which = Slice(account.source, account.entity, month)
        return any(each.slice == which for each in refusals(self.warehouse, [month]))

    @cached_property
    def landing(self) -> Landing:
        """The raw files."""
        root = self.settings.landing
        # lock files are for one machine; all who share a store share the warehouse, too
        return Landing(root, locked=self.warehouse.held if isinstance(root, ObjectPath) else None)

    @cached_property
    def warehouse(self) -> Warehouse:
        """The facts and measures."""
        return open_warehouse(self.settings.warehouse_url, facts_of=self.settings.facts_of)

    @cached_property
    def ledger(self) -> Ledger:
        """The record of issues and deliveries."""
        return open_ledger(self.settings.ledger_url)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """What cards are sent by; raises `UsageError` for what cannot be right or is not allowed."""
        settings, book = self.settings, self.book
        found = channels_from_urls(settings.delivery_url, settings.outbox, settings.connections)
        return ready_channels(found, groups=book.groups, allowed=book.allowed.channels)

    def team_ids(self, named: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The ids of the teams named, or of all; raises `UsageError` for one the book does not have."""
        known = self.book.by_id
        for team_id in named:
            if team_id not in known:
                meant = did_you_mean(team_id, known)
                raise UsageError(f"team: expected one of {', '.join(known)}, found {team_id!r}{meant}.")
        return named or tuple(known)

    def scored_teams(self, period: Period, named: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The ids of those of the teams named, or of all, that have a target in the period."""
        return tuple(team_id for team_id in self.team_ids(named) if self.book.agreed(team_id, period))

    def teams(self, period: Period, named: tuple[str, ...] = ()) -> tuple[Team, ...]:
        """The teams named, or all, as a card of the period has them; raises what `team_ids` raises."""
        return tuple(self.book.team_in(team_id, period) for team_id in self.team_ids(named))


def newest_issue(site: Site, period: Period, team_id: str) -> Issue:
    """The newest revision of a team's card; raises `UsageError` where there is none, or no such team."""
    issue = site.ledger.latest_revision(str(period), team_id)
    if issue is None:
        site.team_ids((team_id,))
        raise none_issued(f"{period}/{team_id}", period)
    return issue


def none_issued(what: str, period: Period) -> UsageError:
    """Nothing was issued where somebody looks for a card: which run makes one."""
    return UsageError(f"{what}: no scorecard was issued; run `scorewright run --period {period}` first.")


def spelled(teams: tuple[str, ...]) -> str:
    """The teams named, as a sentence says them; without any, all are meant."""
    return ", ".join(teams) or "any team"


def open_site(settings: Settings | None = None, *, checked_book: str | None = None) -> Site:
    """Read the settings (from the environment unless given) and the book. Raises `BookError`.

    `checked_book` is the content hash of a book that was checked before and need not be checked again.
    """
    settings = settings or Settings.from_environment(os.environ)
    share_with(settings.file_group)
    return Site(settings, load_book(settings.config, checked_book))
