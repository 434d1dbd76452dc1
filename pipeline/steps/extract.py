"""Pull what a source has for the months a card shows, and land the bytes unparsed."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import product

from etl.account import Account
from etl.sources.not_taken import not_taken
from pipeline.inputs.history import months_of, periods_since
from pipeline.site import Site
from pipeline.steps.refused import Done, Refused, note, slices_of
from scoring.errors import BadFileError, UsageError
from scoring.period import Period
from warehouse import Slice, refused_by

log = logging.getLogger(__name__)


def extract(site: Site, period: Period, source: str, *, now: datetime, since: Period | None = None) -> int:
    """Land every slice of `source` in the window of `period`; returns how many pulls are complete.

    With `since`, an earlier period, the window is that of all periods from there on, looked at once.
    A card shows a year of history, and platforms restate: so the whole window is looked at each
    time, and what has not changed costs one hash. `now` is when the bytes were fetched (UTC).
    Raises `ScorewrightError` where the exports are ambiguous, or a file is none that can be taken; all others
    are landed then, too.
    """
    return try_extract(site, period, source, now=now, since=since).or_raise()


def try_extract(
    site: Site, period: Period, source: str, *, now: datetime, since: Period | None = None
) -> Done:
    """The same; what it refused is in what it returns, and remembered in the warehouse."""
    if not site.origin.files.exists():
        raise UsageError(
            f"SCOREWRIGHT_EXPORTS: expected a folder with exports, found none at {site.settings.exports}; "
            "correct the path, also in scorewright.toml, or create the folder."
        )
    months = months_of(site.book, source, periods_since(since, period))
    accounts = site.book.accounts_of(source)
    wanted = product(accounts, months)
    done = Done.together(_try_land(site, account, month, now) for account, month in wanted)
    known = refused_by(site.warehouse, "extract", slices_of(accounts, months))
    note(site, "extract", known, done.refused, now)
    for name in not_taken(site.book.accounts, site.origin.files).get(source, ()):
        log.info("extract %s: not taken: %s", source, name)
    log.info("extract %s: %d pulls landed up to %s", source, done.count, period)
    return done


def _try_land(site: Site, account: Account, month: Period, now: datetime) -> Done:
    try:
        return Done(int(_land(site, account, month, now)), ())
    except BadFileError as error:
        return Done(0, (Refused(Slice(account.source, account.entity, month), error),))


def _land(site: Site, account: Account, month: Period, now: datetime) -> bool:
    """Whether the export of the month is complete, and landed."""
    files = site.book.sources[account.source].extract(account, month, site.origin)
    if files is None:
        return False
    site.landing.land(account, month, files, now)
    return True
