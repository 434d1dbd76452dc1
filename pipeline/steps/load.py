"""Read landed files and replace the slices whose content is new."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from etl.facts import schema_sha256
from etl.landing import Pull
from etl.quality.belonging import refuse_foreign
from etl.quality.emptiness import refuse_emptied
from etl.reading.quarantining import read_slice
from etl.sources import registry
from etl.sources.base import Account
from etl.warehouse import (
    Content,
    LoadedFile,
    Provenance,
    Slice,
    SliceLoad,
    load_records,
    loaded_contents,
    replace_slices,
)
from pipeline.site import Site
from scoring.period import Period

log = logging.getLogger(__name__)


def load(site: Site, period: Period, source: str, *, now: datetime, allow_empty: bool = False) -> int:
    """Replace every slice of `source` in the window whose landed content is not loaded yet.

    Returns how many slices changed. A bad file, one of another account and, unless `allow_empty`, one
    that would empty a month raise `BadFileError` before any slice of its account is touched; accounts
    before it stay replaced. Files are read before the warehouse is held.
    """
    known = loaded_contents(site.warehouse, source)
    changed = 0
    for account in site.book.accounts_of(source):
        loads = list(_new_slices(site, account, period, known, now))
        if loads:
            _refuse_wrong(site, source, loads, allow_empty=allow_empty)
            changed += replace_slices(site.warehouse, loads)
    log.info("load %s: %d slices new or changed up to %s", source, changed, period)
    return changed


def _refuse_wrong(site: Site, source: str, loads: Sequence[SliceLoad], *, allow_empty: bool) -> None:
    records = [
        record
        for record in load_records(site.warehouse, [load.slice.month for load in loads])
        if record.source == source
    ]
    keys = {account.entity: site.book.keys_of(account) for account in site.book.accounts_of(source)}
    refuse_foreign(site.warehouse, loads, records, keys)
    if not allow_empty:
        refuse_emptied(loads, records)


def _new_slices(
    site: Site, account: Account, period: Period, known: Mapping[Slice, Content], now: datetime
) -> Iterator[SliceLoad]:
    for month in site.months(account.source, period):
        pull = site.landing.latest(account.source, account.entity, month)
        if pull is not None:
            content = _content(account, pull)
            if known.get(Slice(account.source, account.entity, month)) != content:
                yield _read(account, pull, content, now)


def _content(account: Account, pull: Pull) -> Content:
    """All that decides what the slice's rows are: another currency in the book makes other rows."""
    source = registry()[account.source]
    said = json.dumps(
        [
            account.currency_code,
            account.time_zone,
            account.options,
            account.printed_as,
            account.quarantine,
        ],
        sort_keys=True,
        default=str,
    )
    account_sha256 = hashlib.sha256(said.encode()).hexdigest()
    return Content(pull.content_sha256, source.READER_VERSION, schema_sha256(source.FACTS), account_sha256)


def _read(account: Account, pull: Pull, content: Content, now: datetime) -> SliceLoad:
    conformed = read_slice(registry()[account.source], pull.files, account, pull.month)
    files = tuple(
        LoadedFile(file.name, file.sha256, tally.rows_used)
        for file, tally in zip(pull.files, conformed.tallies, strict=True)
    )
    provenance = Provenance(
        registry()[account.source].API_VERSION, account.time_zone, datetime.fromisoformat(pull.landed_at)
    )
    which = Slice(account.source, account.entity, pull.month)
    return SliceLoad(which, content, provenance, files, conformed, loaded_at=now)
