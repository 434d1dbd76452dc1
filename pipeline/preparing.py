"""Prepares the stores of an installation, once at the start of a run."""

from __future__ import annotations

from itertools import product

from archive.seals import refuse_lost_issues, seal_all
from book.history import months_of
from disk.home import make_home
from killpoints import reach
from ledger import has_ledger, migrate_ledger
from pipeline.site import Site
from scoring.period import Period
from warehouse import create_schema


def prepare(site: Site, *periods: Period) -> None:
    """Create or migrate the stores, with partitions for the months that cards of `periods` need.

    Once at the start of a run, never inside parallel steps. Raises `UsageError` if the home cannot be
    created or an address is invalid.
    """
    prepare_ledger(site)
    reach("prepare.ledger_made")
    # find a wrong address now, not after the cards are issued
    _ = site.channels
    wanted = product(site.book.source_names, periods)
    months = set[Period]().union(*(months_of(site.book, source, [period]) for source, period in wanted))
    create_schema(site.warehouse, months)
    reach("prepare.schema_made")


def prepare_ledger(site: Site) -> None:
    """Create or migrate only the ledger, and hold it against what lies beside the documents.

    Raises `UsageError` if the home cannot be created, and `LostIssuesError` if there is evidence of issues or
    mails that the ledger does not have.
    """
    if not has_ledger(site.settings.ledger_url):
        refuse_lost_issues(site.cards, None)
    make_ledger(site)
    refuse_lost_issues(site.cards, site.ledger)
    seal_all(site.cards, site.ledger)


def make_ledger(site: Site) -> None:
    """Create or migrate the ledger whatever there is evidence of; see `prepare_ledger`."""
    make_home(site.settings.home)
    migrate_ledger(site.settings.ledger_url)
