"""Rebuilds a warehouse from the landing, as of now or of an earlier time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from auditing.landing import FROM_BACKUP, audit_manifests, readable
from auditing.landing import reseal as reseal_landing
from disk.findings import Finding
from etl.account import Account
from etl.landing import Landing, Pull
from etl.quality.before_loading import Neighbours
from ledger import has_ledger
from pipeline.site import Site
from pipeline.steps.load import read_pull
from pipeline.steps.tabulate import follow
from scoring.errors import BadFileError, DataError, ScorewrightError, UsageError
from scoring.period import Period
from warehouse import (
    KnownPull,
    SliceLoad,
    Warehouse,
    create_schema,
    known_pulls,
    missing_rates,
    record_replaced,
    replace_measures,
    replace_slices,
    warehouse_in,
)
from warehouse.beside import Beside
from warehouse.facts import fact_catalog
from warehouse.scores import SCORES_LOCK

# The most rows held in memory at a time, if an account's months can be loaded one by one.
_ROWS_AT_A_TIME = 500_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result of a rebuild: counts of slices, of all their pulls, and of daily measures."""

    slices: int
    pulls: int
    measures: int


def rebuild(
    site: Site, as_of: datetime | None, to: Path | None, say: Say, *, reseal: bool = False
) -> Rebuilt:
    """Make the configured warehouse anew, or with `to` another file, from what was landed by `as_of`.

    The old file stays as it is until the new one is whole; it is only asked what pulls it knows. With
    `reseal` the landing is taken as it is, and sealed anew. Raises `UsageError` where `as_of` comes without
    `to`, `to` is there already, or a server still has its warehouse, and `DataError` where the landing is
    not what was sealed or lacks a pull that was loaded.
    """
    if to is None and as_of is not None:
        raise UsageError(
            "rebuild: expected --to FILE with --as-of, found none; "
            "an earlier state never replaces the warehouse."
        )
    _settle_landing(site, say, reseal=reseal)
    warehouse = site.warehouse if to is None else warehouse_in(to.resolve())
    with warehouse.made_anew(replace=to is None) as made:
        rebuilt = rebuild_into(site, made, as_of, say)
        _tabulate(site, made, as_of)
        return rebuilt


def _tabulate(site: Site, warehouse: Warehouse, as_of: datetime | None) -> None:
    """Write the tables of scores from the ledger, which does not say what was issued by a moment."""
    if as_of is None and has_ledger(site.settings.ledger_url):
        with warehouse.transaction(SCORES_LOCK) as connection:
            follow(connection, site.ledger)


def _settle_landing(site: Site, say: Say, *, reseal: bool) -> None:
    """Seal the landing as it is, or refuse one that is not as it was sealed."""
    if reseal:
        say(f"sealed anew: {reseal_landing(site.landing)} manifests")
    else:
        _refuse_changed_landing(site)


def _refuse_changed_landing(site: Site) -> None:
    audited = audit_manifests(site.landing)
    findings = [*audited.findings, *lost_pulls(site.landing, known_to(site))]
    if findings:
        more = f" (and {len(findings) - 1} more, see `scorewright verify --all`)" if findings[1:] else ""
        first = findings[0]
        raise DataError(f"{first.where}: {first.found}{more}; {first.heal}.")


def known_to(site: Site) -> Sequence[KnownPull]:
    """The pulls that the warehouse knows; none where it is too damaged to say."""
    # opening a warehouse would make its folder
    if not site.settings.home.exists():
        return []
    try:
        return known_pulls(site.warehouse)
    except (DataError, sa.exc.DBAPIError):
        return []


def lost_pulls(landing: Landing, known: Sequence[KnownPull]) -> Iterator[Finding]:
    """The pulls that were loaded and that the landing has no more, or no more as they were sealed."""
    kept = cache(lambda *which: tuple(readable(landing, *which)))
    for pull in dict.fromkeys(known):
        if not _is_among(kept(pull.source, pull.entity, pull.month), pull):
            where = f"landing of {pull.source}/{pull.entity} {pull.month}"
            yield Finding(where, "a pull that was loaded is not there, or not as it was sealed", FROM_BACKUP)


def _is_among(kept: Sequence[Pull], pull: KnownPull) -> bool:
    """Whether one of those kept is it; before there were seals, whether one has its content."""
    if pull.seal is None:
        return any(each.content_sha256 == pull.content_sha256 for each in kept)
    return any(each.seal == pull.seal for each in kept)


def rebuild_into(site: Site, warehouse: Warehouse, as_of: datetime | None, say: Say) -> Rebuilt:
    """Fill an empty warehouse with every slice of the landing, its history and all measures.

    Each slice has the rows of its newest pull by `as_of` that can be read; `loaded_at` is when that was
    landed, so two rebuilds give the same. `say` reports what had to be left out. Raises `DataError` if the
    landing lacks bytes, `UsageError` if nothing was landed by then.
    """
    known = _known(site, as_of)
    if not known:
        raise UsageError(
            f"{site.landing.root}: expected pulls landed by {as_of or 'now'}, found none; "
            "name a later moment or another home."
        )
    create_schema(warehouse, {month for _, _, month in known})
    fences = {source: _fence(site, warehouse, source, known) for source in site.book.source_names}
    of_accounts = _by_account(known)
    slices = sum(
        _load_account(site, fences[account.source], account, of_accounts[account.source, account.entity], say)
        for account in site.book.accounts
    )
    _tell_left_out(site, known, say)
    measures = _measure(site, warehouse, _measured_months(site, known), say)
    return Rebuilt(slices, sum(map(len, known.values())), measures)


Known = dict[tuple[str, str, Period], list[Pull]]


def _known(site: Site, as_of: datetime | None) -> Known:
    """The pulls of each slice that were landed by then, where there are any."""
    moment = as_of or datetime.max.replace(tzinfo=UTC)
    known: Known = {}
    for which in site.landing.slices():
        pulls = _landed_by(moment, site.landing.pulls(*which))
        if pulls:
            known[which] = pulls
    return known


def _landed_by(moment: datetime, pulls: Iterable[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.was_landed_by(moment)]


def _by_account(known: Known) -> defaultdict[tuple[str, str], list[list[Pull]]]:
    """The pulls of each slice of each account (source, entity)."""
    found: defaultdict[tuple[str, str], list[list[Pull]]] = defaultdict(list)
    for (source, entity, _), pulls in known.items():
        found[source, entity].append(pulls)
    return found


def _load_account(
    site: Site, fence: _Fence, account: Account, of_account: Sequence[Sequence[Pull]], say: Say
) -> int:
    if not of_account:
        return 0
    batches = _batches(site, account, _newest_of_each(site, account, of_account, say))
    slices = sum(_load_batch(site, fence, account, batch, say) for batch in batches)
    pulls = sum(map(len, of_account))
    say(f"{account.source}/{account.entity}: {slices} slices from {pulls} pulls")
    return slices


def _load_batch(site: Site, fence: _Fence, account: Account, batch: Sequence[Newest], say: Say) -> int:
    loads = _own(site, fence, account, batch, say)
    for _, replaced in loads:
        record_replaced(fence.warehouse, _history(site, account, replaced, say))
    return replace_slices(fence.warehouse, _loads_of(loads))


Newest = tuple[SliceLoad, Sequence[Pull]]


def _loads_of(batch: Iterable[Newest]) -> list[SliceLoad]:
    return [load for load, _ in batch]


def _newest_of_each(
    site: Site, account: Account, of_account: Iterable[Sequence[Pull]], say: Say
) -> Iterator[Newest]:
    """What is loaded of each slice that has a pull that can be read."""
    return filter(None, (_newest(site, account, pulls, say) for pulls in of_account))


def _newest(site: Site, account: Account, pulls: Sequence[Pull], say: Say) -> Newest | None:
    """The rows of the newest pull that can be read, and the pulls before it."""
    for number in reversed(range(len(pulls))):
        try:
            load = _read(site, account, pulls[number])
        except BadFileError as error:
            # it was landed, but no run ever loaded it
            _tell_refused(pulls[number], error, say)
            continue
        if (lost := _emptied(site, account, load, pulls[:number])) is None:
            return load, pulls[:number]
        _tell_refused(pulls[number], lost, say)
    return None


def _emptied(site: Site, account: Account, load: SliceLoad, before: Sequence[Pull]) -> BadFileError | None:
    """Why a run would not have loaded it without `--allow-empty`, which the landing does not record."""
    empty = [name for name, table in load.conformed.tables.items() if not table.num_rows]
    lost = next(_rows_before(site, account, empty, before), None)
    if lost is None:
        return None
    name, rows = lost
    return BadFileError(
        ", ".join(file.name for file in load.files),
        expected=f"rows of {load.slice}, which had {rows} in {name} before",
        found="none",
        hint="if the month is really empty, run it with --allow-empty",
    )


def _rows_before(
    site: Site, account: Account, empty: Sequence[str], before: Sequence[Pull]
) -> Iterator[tuple[str, int]]:
    """Which of the tables that are empty now had how many rows, the newest pull that can be read first."""
    for pull in reversed(before) if empty else ():
        try:
            tables = _read(site, account, pull).conformed.tables
        except (BadFileError, DataError):
            continue
        yield from _counted(tables, empty)


def _counted(tables: Mapping[str, pa.Table], names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Those of the tables that have rows, and how many."""
    return ((name, tables[name].num_rows) for name in names if tables[name].num_rows)


def _own(site: Site, fence: _Fence, account: Account, batch: Sequence[Newest], say: Say) -> Sequence[Newest]:
    """The loads without those that hold another account's rows, which no run would have loaded."""
    if fence.crossed_by(_loads_of(batch)) is None:
        return batch
    return list(filter(None, (_newest_own(site, account, newest, fence, say) for newest in batch)))


@dataclass(frozen=True, slots=True)
class _Fence:
    """What keeps the rows of a source's accounts apart while one of them is loaded."""

    warehouse: Warehouse
    neighbours: Neighbours

    def crossed_by(self, loads: Sequence[SliceLoad]) -> BadFileError | None:
        """Why the first of the loads that holds another account's rows is refused."""
        try:
            with self.warehouse.opened() as connection:
                self.neighbours.beside.begin(connection, loads[0].slice.entity)
                for load in loads:
                    self.neighbours.refuse_foreign(connection, load)
        except BadFileError as error:
            return error
        return None


def _fence(site: Site, warehouse: Warehouse, source: str, known: Known) -> _Fence:
    months = sorted({month for each, _, month in known if each == source})
    kind = site.book.sources[source].owner_keys
    neighbours = Neighbours(Beside(warehouse.facts, source, months), site.book.keys_by_entity(source), kind)
    return _Fence(warehouse, neighbours)


def _newest_own(site: Site, account: Account, newest: Newest, fence: _Fence, say: Say) -> Newest | None:
    """The newest pull of the slice without another account's rows, and the pulls before it."""
    found: Newest | None = newest
    while found is not None and (error := fence.crossed_by([found[0]])) is not None:
        load, before = found
        pulls = site.landing.pulls(load.slice.source, load.slice.entity, load.slice.month)
        _tell_refused(pulls[len(before)], error, say)
        found = _newest(site, account, before, say)
    return found


def _history(site: Site, account: Account, replaced: Sequence[Pull], say: Say) -> Iterator[SliceLoad]:
    """The pulls that were replaced since; for an unreadable one only its record is lost."""
    for pull in replaced:
        try:
            yield _read(site, account, pull)
        except (BadFileError, DataError) as error:
            _tell_refused(pull, error, say)


def _read(site: Site, account: Account, pull: Pull) -> SliceLoad:
    return read_pull(
        site.book.sources[account.source], account, pull, loaded_at=datetime.fromisoformat(pull.landed_at)
    )


def _tell_refused(pull: Pull, error: ScorewrightError, say: Say) -> None:
    say(f"left out: {pull.source}/{pull.entity} {pull.month} as landed at {pull.landed_at}: {error}")


def _batches(site: Site, account: Account, found: Iterable[Newest]) -> Iterator[list[Newest]]:
    """What is loaded in one transaction."""
    at_a_time = _rows_at_a_time(site, account)
    batch: list[Newest] = []
    for one in found:
        batch.append(one)
        if _rows_in(batch) >= at_a_time:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows_in(batch: Iterable[Newest]) -> int:
    return sum(load.rows.rows_loaded for load in _loads_of(batch))


def _rows_at_a_time(site: Site, account: Account) -> float:
    """How many rows are enough for a transaction.

    Where a row can turn up in another month, all months of the account are loaded in one: whatever was
    moved, each row is then in the one place where it was known last.
    """
    facts = (fact_catalog()[name] for name in site.book.sources[account.source].facts)
    return _ROWS_AT_A_TIME if all(fact.grain_names_its_month for fact in facts) else math.inf


def _tell_left_out(site: Site, known: Known, say: Say) -> None:
    """Accounts that the book no longer has cannot be read: their currency and zone are unknown."""
    for source, entity in sorted({which[:2] for which in known} - site.book.accounts_by_key.keys()):
        say(f"left out: {source}/{entity}, because sources.yaml does not (or no longer) have it")


def _measured_months(site: Site, known: Known) -> tuple[Period, ...]:
    """From the first to the last month; those that a source only looks back into do not count."""
    whole = {month for source, _, month in known if not _looks_back(site, source)}
    months = whole or {month for _, _, month in known}
    return min(months).through(max(months))


def _looks_back(site: Site, source: str) -> bool:
    return source in site.book.sources and site.book.sources[source].lookback_months > 0


def _measure(site: Site, warehouse: Warehouse, months: Sequence[Period], say: Say) -> int:
    """All measures in one scan; if that is refused, month by month, skipping those that are refused."""
    ownership, home = site.book.ownership, site.book.currency_code
    try:
        rows = replace_measures(warehouse, months, ownership, home)
    except DataError:
        rows = sum(_measure_month(site, warehouse, month, say) for month in months)
    for missing in missing_rates(warehouse, months):
        say(f"left out: amounts in the measures of {missing.month}: {missing.sentence(home)}")
    return rows


def _measure_month(site: Site, warehouse: Warehouse, month: Period, say: Say) -> int:
    try:
        return replace_measures(warehouse, [month], site.book.ownership, site.book.currency_code)
    except DataError as error:
        say(f"left out: the measures of {month}: {error}")
        return 0
