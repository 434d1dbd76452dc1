"""An installation to try a run out on: everything is read from the real one, nothing is written to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from etl.landing import Landing
from ledger import copy_ledger
from pipeline.preparing import prepare
from pipeline.settings import WAREHOUSE_FILE, file_url
from pipeline.site import Site


class RehearsalSite(Site):
    """A site in a temporary home, with the real landing beneath its own."""

    beneath: Path

    @cached_property
    def landing(self) -> Landing:
        """What is landed here lies here; all else is read where it is."""
        return Landing(self.settings.landing, self.beneath)


@contextmanager
def rehearsal(site: Site) -> Iterator[Site]:
    """A site with the same book, exports, data and issues as `site`, which is gone when the block ends.

    A warehouse in a file is copied as it is; the facts of any other are loaded anew from the landing,
    which gives the same rows. It lies in the folder for temporary files (`TMPDIR`).
    """
    with TemporaryDirectory(prefix="scorewright-preview-") as folder:
        home = Path(folder)
        warehouse, ledger = home / WAREHOUSE_FILE, home / "ledger.sqlite"
        # opening a warehouse would make its folder
        if site.settings.home.exists():
            site.warehouse.copy_to(warehouse)
        copy_ledger(site.settings.ledger_url, ledger)
        settings = replace(
            site.settings,
            home=home,
            warehouse_url=file_url(warehouse),
            ledger_url=f"sqlite:///{ledger}",
            delivery_url="file:",
        )
        trial = RehearsalSite(settings, site.book)
        trial.__dict__["beneath"] = site.settings.landing
        prepare(trial)
        yield trial
