"""The warehouse held against the landing: each load read again from its files, each measure made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import starmap
from typing import Protocol

from auditing.landing import readable
from auditing.rebuilding import known_to, lost_pulls
from disk.findings import Finding
from etl.account import Account
from etl.landing import Pull
from pipeline.site import Site
from pipeline.steps.load import content_of, read_pull
from scoring.errors import BadFileError, DataError
from warehouse import (
    Recorded,
    Slice,
    audit_files,
    audit_load,
    audit_measures,
    audit_records,
    audit_schema,
    recorded_loads,
)

REBUILD = "run `scorewright rebuild`, which makes the warehouse anew from the landing"


class Found(Protocol):
    """What is counted and found."""

    findings: list[Finding]

    def count(self, kind: str, number: int) -> None:
        """Note that so many of a kind were looked at."""
        ...


def audit_warehouse(site: Site, found: Found) -> None:
    """Hold each load record, each row and each measure against the landing."""
    if not site.settings.home.exists() or not site.warehouse.exists():
        if site.landing.slices():
            found.findings.append(Finding("warehouse", "lost", REBUILD))
        return
    audit_schema(site.warehouse)
    found.findings += lost_pulls(site.landing, known_to(site))
    if damaged := audit_files(site.warehouse):
        found.findings += _all_at(damaged)
        return
    found.findings += _all_at(audit_records(site.warehouse))
    found.findings += _all_at(_of_loads(site, found))
    months, faults = audit_measures(site.warehouse, site.book.ownership, site.book.currency_code)
    found.count("months of measures", months)
    found.findings += _all_at(faults)


def _all_at(faults: Iterable[str]) -> Iterator[Finding]:
    return (Finding("warehouse", fault, REBUILD) for fault in faults)


def _of_loads(site: Site, found: Found) -> Iterator[str]:
    """What of the loads is wrong, and which are missing; an account that the book has no more is left out."""
    loads = recorded_loads(site.warehouse)
    found.count("loads", len(loads))
    for load in loads:
        account = site.book.accounts_by_key.get((load.slice.source, load.slice.entity))
        if account is not None:
            yield from (f"{load.slice}: {fault}" for fault in _of_load(site, account, load, found))
    yield from _not_loaded(site, {load.slice for load in loads})


def _of_load(site: Site, account: Account, load: Recorded, found: Found) -> Iterator[str]:
    pull = _pull_of(site, load)
    if pull is None:
        return  # told as a lost pull
    if content_of(site.book.sources[account.source], account, pull) == load.content:
        yield from _of_rows(site, account, load, pull, found)
    elif load.is_newest:
        yield "loaded by another reader, or as the book was then; the next run of its month loads it anew"


def _of_rows(site: Site, account: Account, load: Recorded, pull: Pull, found: Found) -> Iterator[str]:
    """What of a load is not as its pull is read now."""
    try:
        read = read_pull(site.book.sources[account.source], account, pull, datetime.now(UTC))
    except (BadFileError, DataError):
        if load.is_newest:
            yield "its landed files can no longer be read"
        return
    found.count("rows of slices", read.rows.rows_loaded if load.is_newest else 0)
    yield from audit_load(site.warehouse, load, read)


def _pull_of(site: Site, load: Recorded) -> Pull | None:
    pulls = readable(site.landing, load.slice.source, load.slice.entity, load.slice.month)
    return next((pull for pull in pulls if _is_of(load, pull)), None)


def _is_of(load: Recorded, pull: Pull) -> bool:
    return pull.content_sha256 == load.content.sha256 and (load.seal is None or pull.seal == load.seal)


def _not_loaded(site: Site, loaded: set[Slice]) -> Iterator[str]:
    """The slices that were landed, can be read, and are not in the warehouse."""
    for which in starmap(Slice, site.landing.slices()):
        if which not in loaded and _has_rows(site, which):
            yield f"{which}: landed, and not loaded"


def _has_rows(site: Site, which: Slice) -> bool:
    """Whether a run would load rows of it; none of an account that the book has no more."""
    account = site.book.accounts_by_key.get((which.source, which.entity))
    if account is None:
        return False
    pulls = [*readable(site.landing, which.source, which.entity, which.month)]
    if not pulls:
        return False
    try:
        source = site.book.sources[account.source]
        return read_pull(source, account, pulls[-1], datetime.now(UTC)).rows.rows_loaded > 0
    except (BadFileError, DataError):
        return False
