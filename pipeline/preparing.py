"""Prepares the stores of an installation, once at the start of a run."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from uuid import uuid4

from archive.seals import refuse_lost_issues, seal_all
from delivery.channels import channels_from_urls
from disk import Place, write_atomically
from disk.objects import ObjectPath, refuse_overwriting
from disk.rights import make_folder
from killpoints import reach
from ledger import has_ledger, migrate_ledger
from pipeline.inputs.history import months_of
from pipeline.site import Site
from scoring.errors import UsageError
from scoring.period import Period
from warehouse import create_schema

HOME_NAME = "home.id"


def prepare(site: Site, *periods: Period) -> None:
    """Create or migrate the stores, with partitions for the months that cards of `periods` need.

    Once at the start of a run, never inside parallel steps. Raises `UsageError` if the home cannot be
    created or an address is invalid.
    """
    prepare_ledger(site)
    reach("prepare.ledger_made")
    # find a wrong address now, not after the cards are issued
    channels_from_urls(site.settings.delivery_url, site.settings.outbox)
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


def name_of_home(home: Place) -> str:
    """What tells this home from any other: made up once, and kept in it.

    Workers that do not share one would make cards of what is not there.
    """
    path = home / HOME_NAME
    if not path.exists():
        with suppress(FileExistsError):
            write_atomically(path, uuid4().hex.encode(), replace=False)
    return path.read_bytes().decode("ascii")


def make_ledger(site: Site) -> None:
    """Create or migrate the ledger whatever there is evidence of; see `prepare_ledger`."""
    _make_home(site.settings.home)
    migrate_ledger(site.settings.ledger_url)


def _make_home(home: Place) -> None:
    if isinstance(home, ObjectPath):
        refuse_overwriting(home / "home.probe")
        return
    try:
        make_folder(home)
    except OSError as error:
        raise UsageError(
            f"SCOREWRIGHT_HOME: expected a folder that can be created, found {home} ({error.strerror}); "
            "name another."
        ) from None
