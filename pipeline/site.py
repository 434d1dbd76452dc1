"""One installation, opened: its places, its book and the stores the steps work on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from delivery.channels import channel_from_url
from etl.landing import Landing
from etl.sources import registry
from etl.warehouse import Warehouse, create_schema, open_warehouse
from killpoints import reach
from ledger import Ledger, migrate_ledger, open_ledger
from pipeline.book import Book, Team, load_book
from pipeline.history import months_needed
from pipeline.settings import Settings
from scoring.errors import UsageError
from scoring.period import Period


@dataclass(frozen=True)
class Site:
    """What every step is handed. Stores open on first use, so a step pays only for what it touches."""

    settings: Settings
    book: Book

    @cached_property
    def landing(self) -> Landing:
        """The raw files."""
        return Landing(self.settings.landing)

    @cached_property
    def warehouse(self) -> Warehouse:
        """The facts and measures."""
        return open_warehouse(self.settings.warehouse_url)

    @cached_property
    def ledger(self) -> Ledger:
        """What was issued and sent."""
        return open_ledger(self.settings.ledger_url)

    def months(self, source: str, periods: Sequence[Period]) -> tuple[Period, ...]:
        """The months of `source` that cards of `periods` need: their history, and what still counts in it."""
        needed = months_needed(self.book, periods)
        return needed[-1].window(len(needed) + registry()[source].LOOKBACK_MONTHS)

    def teams(self, ids: tuple[str, ...] = ()) -> tuple[Team, ...]:
        """The teams named, or all; raises `UsageError` for a name the book does not have."""
        known = {team.id: team for team in self.book.teams}
        for team_id in ids:
            if team_id not in known:
                raise UsageError(f"team: expected one of {', '.join(known)}, found {team_id!r}.")
        return tuple(known[team_id] for team_id in ids or known)


def open_site(settings: Settings | None = None) -> Site:
    """Read the settings (from the environment unless given) and the book. Raises `BookError`."""
    settings = settings or Settings.from_environment(os.environ)
    return Site(settings, load_book(settings.config))


def prepare(site: Site, *periods: Period) -> None:
    """Create or migrate the stores, with places for the months that cards of `periods` need; once at the
    head of a run, never inside parallel steps.

    Raises `UsageError` where the home cannot be made or an address is none.
    """
    prepare_ledger(site)
    reach("prepare.ledger_made")
    # a wrong address must not be found out after the cards are issued
    channel_from_url(site.settings.delivery_url, site.settings.outbox)
    months = {
        month for p in periods for source in site.book.source_names for month in site.months(source, [p])
    }
    create_schema(site.warehouse, months)
    reach("prepare.schema_made")


def prepare_ledger(site: Site) -> None:
    """Create or migrate the ledger alone. Raises `UsageError` where the home cannot be made."""
    home = site.settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"SCOREWRIGHT_HOME: expected a folder that can be made, found {home} ({error.strerror}); "
            "name another."
        ) from None
    migrate_ledger(site.settings.ledger_url)
