"""The stores of an installation made ready, once at the head of a run."""

from __future__ import annotations

from delivery.channels import channels_from_urls
from etl.warehouse import create_schema
from killpoints import reach
from ledger import migrate_ledger
from pipeline.inputs.history import months_of
from pipeline.site import Site
from scoring.errors import UsageError
from scoring.period import Period


def prepare(site: Site, *periods: Period) -> None:
    """Create or migrate the stores, with places for the months that cards of `periods` need; once at the
    head of a run, never inside parallel steps.

    Raises `UsageError` where the home cannot be made or an address is none.
    """
    prepare_ledger(site)
    reach("prepare.ledger_made")
    # a wrong address must not be found out after the cards are issued
    channels_from_urls(site.settings.delivery_url, site.settings.outbox)
    months = {
        month
        for p in periods
        for source in site.book.source_names
        for month in months_of(site.book, source, [p])
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
