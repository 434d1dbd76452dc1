"""Pull what a source has for the months a card shows, and land the bytes unparsed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import product

from book.history import months_of, periods_since
from etl.account import Account
from etl.sources.not_taken import not_taken
from pipeline.site import Site
from pipeline.steps.known import Known, known_of
from pipeline.steps.refused import Done, Refused, note, slices_of
from pulling.together import together
from scoring.errors import BadFileError, UsageError
from scoring.period import Period
from scoring.text import numbered
from warehouse import Slice

log = logging.getLogger(__name__)


def extract(
    site: Site,
    period: Period,
    source: str,
    *,
    now: datetime,
    since: Period | None = None,
    known: Known | None = None,
    months: Sequence[Period] | None = None,
) -> Done:
    """Land every slice of `source` in the window of `period`; returns how many pulls are complete.

    With `since`, an earlier period, the window is that of all periods from there on, looked at once; `months`
    are looked at instead of the window.
    A card shows a year of history, and platforms restate: so the whole window is looked at each
    time, and what has not changed costs one hash. `now` is when the bytes were fetched (UTC), `known` what
    was asked for several sources at once.
    A file that cannot be taken keeps no other from being landed: it is in what this returns, and remembered
    in the warehouse.
    """
    accounts = site.book.accounts_of(source)
    _refuse_no_folder(site, accounts)
    periods = periods_since(since, period)
    months = months or months_of(site.book, source, periods)
    wanted = product(accounts, months)
    known = known or known_of(site, [source], periods)
    with _telling(source, accounts) as landed:
        done = Done.together(together(site.puller, wanted, partial(_try_land, site, now, landed)))
    note(site, "extract", known.refused_by("extract", slices_of(accounts, months)), done.refused, now)
    for name in not_taken(site.book.accounts, site.origin.files).get(source, ()):
        log.info("extract %s: not taken: %s", source, name)
    log.debug("extract %s: %d pulls landed up to %s", source, done.count, period)
    return done


@contextmanager
def _telling(source: str, accounts: Sequence[Account]) -> Iterator[list[Slice]]:
    """Whoever interrupts pulling is told of what was landed, which the block puts into the list."""
    landed = list[Slice]()
    try:
        yield landed
    except KeyboardInterrupt as error:
        if any(account.platform for account in accounts):
            error.add_note(
                f"{source}: stopped, {numbered(len(landed), 'slice')} landed; what was answered of others "
                "is kept, and the next run of today goes on from there."
            )
        raise


def _refuse_no_folder(site: Site, accounts: Sequence[Account]) -> None:
    """Raise `UsageError` where exports are looked for in a folder that is not there; who pulls needs none."""
    if any(account.files for account in accounts) and not site.origin.files.exists():
        raise UsageError(
            f"SCOREWRIGHT_EXPORTS: expected a folder with exports, found none at {site.settings.exports}; "
            "correct the path, also in scorewright.toml, or create the folder."
        )


def _try_land(site: Site, now: datetime, landed: list[Slice], account: Account, month: Period) -> Done:
    which = Slice(account.source, account.entity, month)
    try:
        is_there = _land(site, account, month, now)
    except BadFileError as error:
        return Done(0, (Refused(which, error),))
    landed += [which] if is_there else []
    return Done(int(is_there), ())


def _land(site: Site, account: Account, month: Period, now: datetime) -> bool:
    """Whether the export of the month is complete, and landed."""
    files = site.book.sources[account.source].extract(account, month, site.origin)
    if files is None:
        return False
    site.landing.land(account, month, files, now)
    return True
