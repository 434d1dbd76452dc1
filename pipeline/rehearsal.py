"""An installation for trial runs: it reads everything from the real one and never writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from disk import Place
from etl.landing import Landing
from ledger import copy_ledger
from pipeline.preparing import prepare
from pipeline.site import Site
from settings import WAREHOUSE_FILE, file_url


class RehearsalSite(Site):
    """A site in a temporary home, with the real landing beneath its own."""

    beneath: Place

    @cached_property
    def landing(self) -> Landing:
        """New pulls are landed here; everything else is read from the real landing."""
        return Landing(self.settings.landing, self.beneath)


@contextmanager
def rehearsal(site: Site) -> Iterator[Site]:
    """A site with the same book, exports, data and issues as `site`, removed when the block ends.

    A warehouse in a file is copied; the facts of any other are loaded from the landing, which gives the same
    rows. It is in the folder for temporary files (`TMPDIR`).
    """
    with TemporaryDirectory(prefix="scorewright-preview-") as folder:
        home = Path(folder)
        warehouse, ledger = home / WAREHOUSE_FILE, home / "ledger.sqlite"
        # opening a warehouse would create its folder
        if site.settings.home.exists():
            site.warehouse.copy_to(warehouse)
        copy_ledger(site.settings.ledger_url, ledger)
        settings = replace(
            site.settings,
            home=home,
            warehouse_url=file_url(warehouse),
            ledger_url=f"sqlite:///{ledger}",
            delivery_url="file:",
            lake=site.settings.lake and home / "lake",
            beneath=site.settings.lake,
            # it may be elsewhere, where nobody sees this folder
            spark="",
        )
        trial = RehearsalSite(settings, site.book)
        trial.__dict__["beneath"] = site.settings.landing
        prepare(trial)
        yield trial
