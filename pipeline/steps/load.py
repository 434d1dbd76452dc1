"""Read landed files and replace the slices that have new content."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TypeVar

import sqlalchemy as sa

from book.history import months_of, periods_since
from etl.account import Account
from etl.landing import Pull
from etl.quality.before_loading import Neighbours, refuse_beginning, refuse_emptied
from etl.sources import Source
from etl.sources.quarantining import read_slice
from killpoints import reach
from pipeline.site import Site
from pipeline.steps.known import Known, known_of
from pipeline.steps.refused import Done, Refused, note, slices_of
from pulling.helping import helping, taken
from scoring.errors import BadFileError, DataError
from scoring.period import Period
from warehouse import (
    Check,
    Content,
    Loadable,
    LoadedFile,
    LoadRecord,
    Provenance,
    Slice,
    SliceLoad,
    TakenError,
    replace_slices,
)
from warehouse.beside import Beside
from warehouse.facts import schema_sha256

log = logging.getLogger(__name__)

L = TypeVar("L", bound=Loadable)


MANY_ROWS = 100_000
"""From so many rows on an engine plans the measures better if it has counted them before."""

READ_BEFORE_BYTES = 64 * 2**20
"""Up to this much of an account is read before the warehouse is locked; the rest while rows are inserted."""


class _SliceRefusedError(Exception):
    """Which slice a file was refused for; not to leave this module."""

    def __init__(self, which: Slice, error: BadFileError) -> None:
        super().__init__(str(error))
        self.slice, self.error = which, error


@contextmanager
def _refused_for(which: Slice) -> Iterator[None]:
    try:
        yield
    except BadFileError as error:
        raise _SliceRefusedError(which, error) from error


@dataclass(frozen=True, slots=True)
class LandedSlice:
    """A pull that differs from what is loaded; its files are read when their turn comes."""

    source: Source
    account: Account
    pull: Pull
    now: datetime
    warned: set[str] = field(default_factory=set, compare=False)
    """What was said of the account's other files already: that of a year is no news twelve times."""

    @property
    def slice(self) -> Slice:
        """Which slice it is."""
        return Slice(self.account.source, self.account.entity, self.pull.month)

    @property
    def content(self) -> Content:
        """What determines its rows."""
        return content_of(self.source, self.account, self.pull)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts fed by its source."""
        return self.source.facts

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.pull.files)

    def read(self) -> SliceLoad:
        """The rows of its files; raises `_SliceRefusedError`."""
        with _refused_for(self.slice):
            load = read_pull(self.source, self.account, self.pull, self.now)
        for warning in load.conformed.warnings:
            what = warning.partition(": ")[2]
            if what not in self.warned:
                log.warning("load %s: %s", self.slice, warning)
            self.warned.add(what)
        return load


def load(
    site: Site,
    period: Period,
    source: str,
    *,
    now: datetime,
    allow_empty: bool = False,
    since: Period | None = None,
    known: Known | None = None,
    months: Sequence[Period] | None = None,
) -> Done:
    """Replace every slice of `source` in the window whose landed content is not loaded yet.

    The window is that of `period`, or of all periods from `since` to it, or just `months`; `known` is what
    was asked for several sources at once. Returns how many slices changed. A bad file, one of another
    account, one that would empty a month (unless `allow_empty`) and a row that is in two months leave their
    slices as they were, and all others are replaced: they are in what this returns, and remembered in the
    warehouse. A refused file that was taken away since is forgotten: what was loaded before it stands.
    """
    periods = periods_since(since, period)
    months = months or months_of(site.book, source, periods)
    accounts = site.book.accounts_of(source)
    known = known or known_of(site, [source], periods)
    refused_before = known.refused_by("load", slices_of(accounts, months))
    new = [(account, [*_new_slices(site, account, months, known.contents, now)]) for account in accounts]
    neighbours = _neighbours(site, source, {each.slice.month for _, landed in new for each in landed})
    done = Done.together(
        _load_account(site, account, landed, neighbours, allow_empty=allow_empty)
        for account, landed in new
        if landed
    )
    if done.rows >= MANY_ROWS:
        site.warehouse.note_growth(site.book.sources[source].facts, neighbours.beside.months)
    note(site, "load", refused_before, done.refused, now)
    log.debug("load %s: %d slices new or changed up to %s", source, done.count, period)
    return done


def _neighbours(site: Site, source: str, months: Collection[Period]) -> Neighbours:
    """The accounts of the source, so that each can be held against the others; nothing is read yet."""
    beside = Beside(site.warehouse.facts, source, sorted(months))
    return Neighbours(beside, site.book.keys_by_entity(source), site.book.sources[source].owner_keys)


def _load_account(
    site: Site, account: Account, landed: Sequence[LandedSlice], neighbours: Neighbours, *, allow_empty: bool
) -> Done:
    """Replace the slices of an account that can be replaced, all in one transaction."""
    left, refused = _read_if_small(landed)
    while left:
        check = _check(site, account, _without(landed, refused), neighbours, allow_empty=allow_empty)
        done = _replace(site, account, left, check)
        if not done.refused:
            return replace(done, refused=_still_there(site, account, refused))
        refused += done.refused
        left = _without(left, done.refused)
    return Done(0, _still_there(site, account, refused))


def _without(loads: Iterable[L], refused: Iterable[Refused]) -> list[L]:
    bad = {each.slice for each in refused}
    return [each for each in loads if each.slice not in bad]


def _replace(site: Site, account: Account, loads: Sequence[Loadable], check: Check) -> Done:
    """Replace all of the slices or, where some are refused, none of them."""
    rows: list[int] = []

    def counting(connection: sa.Connection, load: SliceLoad) -> None:
        check(connection, load)
        rows.append(load.rows.rows_loaded)

    try:
        changed = replace_slices(site.warehouse, loads, counting)
    except _SliceRefusedError as stop:
        return Done(0, (Refused(stop.slice, stop.error),))
    except TakenError as error:
        told = taken(error, account)
        return Done(0, tuple(Refused(which, told) for which in told.slices))
    reach("load.committed")
    return Done(changed, (), sum(rows))


def _still_there(site: Site, account: Account, refused: Iterable[Refused]) -> tuple[Refused, ...]:
    """Without those whose file was taken away since: what was loaded before it stands."""
    return tuple(each for each in refused if not _is_gone(site, account, each.slice.month))


def _is_gone(site: Site, account: Account, month: Period) -> bool:
    """Whether the exports no longer have anything for the month."""
    try:
        there = account.platform or site.book.sources[account.source].extract(account, month, site.origin)
    except BadFileError:
        return False
    return there is None


def _read_if_small(landed: Sequence[LandedSlice]) -> tuple[list[Loadable], list[Refused]]:
    """What can be read, and what cannot.

    Files read in advance do not lock others out of the warehouse, but large ones would fill the memory.
    """
    if sum(each.size for each in landed) > READ_BEFORE_BYTES:
        return [*landed], []
    loads, refused = list[Loadable](), list[Refused]()
    for each in landed:
        try:
            loads.append(each.read())
        except _SliceRefusedError as stop:
            refused.append(Refused(stop.slice, stop.error))
    return loads, refused


def _check(
    site: Site, account: Account, landed: Sequence[LandedSlice], neighbours: Neighbours, *, allow_empty: bool
) -> Check:
    beside = neighbours.beside

    @cache
    def begin(connection: sa.Connection) -> None:
        # asked within the transaction, before it writes any record: the warehouse is opened only once
        beside.begin(connection, account.entity)
        for each in landed:
            _refuse_older(site, each, beside.record(each.slice))

    def check(connection: sa.Connection, load: SliceLoad) -> None:
        with _refused_for(load.slice), helping(account):
            begin(connection)
            refuse_beginning(site.landing, load)
            neighbours.refuse_foreign(connection, load)
            if not allow_empty:
                refuse_emptied(load, beside.record(load.slice))

    return check


def _refuse_older(site: Site, landed: LandedSlice, loaded: LoadRecord | None) -> None:
    """Raise `DataError` where the landing no longer has the pull that is loaded, only older ones."""
    pull, came = landed.pull, loaded.provenance if loaded is not None else None
    if came is None or came.landing_seal is None or not pull.was_landed_by(came.landed_at):
        return
    pulls = site.landing.pulls(pull.source, pull.entity, pull.month)
    if came.landing_seal not in {known.seal for known in pulls}:
        raise DataError(
            f"{landed.slice}: expected the pull landed at {came.landed_at.isoformat()} that is loaded, found "
            "only older ones in the landing; restore it from a backup, or run `scorewright rebuild --reseal` "
            "where there is none."
        )


def _new_slices(
    site: Site, account: Account, months: Sequence[Period], known: Mapping[Slice, Content], now: datetime
) -> Iterator[LandedSlice]:
    warned = set[str]()
    for pull in site.landing.latest_in(account.source, account.entity, months):
        landed = LandedSlice(site.book.sources[account.source], account, pull, now, warned)
        if known.get(landed.slice) != landed.content:
            yield landed


def content_of(source: Source, account: Account, pull: Pull) -> Content:
    """Everything that determines the slice's rows: another currency in the book gives other rows."""
    said = json.dumps(
        [
            account.currency_code,
            account.time_zone,
            account.options,
            account.query,
            account.printed_as,
            account.quarantine,
            # most accounts are crossed to nothing, and are not to be loaded anew
            *filter(None, [account.crossed_to]),
        ],
        sort_keys=True,
        default=str,
    )
    account_sha256 = hashlib.sha256(said.encode()).hexdigest()
    return Content(pull.content_sha256, source.reader, schema_sha256(source.facts), account_sha256)


def read_pull(source: Source, account: Account, pull: Pull, loaded_at: datetime) -> SliceLoad:
    """The landed files of a pull as rows to load; raises `BadFileError` and `DataError`."""
    with helping(account):
        conformed = read_slice(source, pull.dated_files, account, pull.month)
    files = tuple(
        LoadedFile(file.name, file.sha256, tally.rows_used)
        for file, tally in zip(pull.files, conformed.tallies, strict=True)
    )
    landed_at = datetime.fromisoformat(pull.landed_at)
    provenance = Provenance(source.version, account.time_zone, landed_at, pull.seal)
    which = Slice(account.source, account.entity, pull.month)
    return SliceLoad(which, content_of(source, account, pull), provenance, files, conformed, loaded_at)
