"""One load alone in a warehouse of its own: what each of its rows would bring in, by the same SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from book import Book
from etl.account import Account
from etl.landing import Pull
from pipeline.site import Site
from pipeline.steps.load import read_pull
from scoring.period import Period
from scoring.spans import Days
from tracing.landed import Key
from tracing.locating import row_key
from tracing.subject import TracedMeasure
from warehouse import (
    SliceLoad,
    SourceRow,
    Warehouse,
    create_schema,
    replace_measures,
    replace_slices,
    rows_of_teams,
    warehouse_in,
)
from warehouse.facts import fact_catalog


@dataclass(frozen=True)
class Scratch:
    """A load alone, with today's exchange rates and owners."""

    pull: Pull
    warehouse: Warehouse
    found: dict[tuple[str, Days, tuple[str, ...]], tuple[SourceRow, ...]] = field(default_factory=dict)

    def rows(self, measure: TracedMeasure, team_ids: tuple[str, ...], key: Key) -> Iterator[SourceRow]:
        """What the row known by `key` brings into the teams' measure; nothing if it does not count in it."""
        which = measure.base, measure.days, team_ids
        if which not in self.found:
            self.found[which] = rows_of_teams(self.warehouse, which[:2], team_ids)
        return (row for row in self.found[which] if row_key(measure.base, row) == key)


@contextmanager
def scratch(site: Site, pull: Pull) -> Iterator[Scratch]:
    """The load of a pull alone, in the folder for temporary files; raises what reading it raises."""
    # the load itself may be one of rates
    loads = {load.slice: load for load in (*_rates(site, pull), load_of(site, pull))}
    with filled(site.book, loads.values(), [pull.month]) as warehouse:
        yield Scratch(pull, warehouse)


@contextmanager
def filled(book: Book, loads: Iterable[SliceLoad], measured: Sequence[Period]) -> Iterator[Warehouse]:
    """A warehouse of these loads and the book's owners in the folder for temporary files.

    Owners come with the measures, so that at least one month is `measured`.
    """
    with TemporaryDirectory(prefix="scorewright-trace-") as folder:
        warehouse = warehouse_in(Path(folder) / "trace.duckdb")
        create_schema(warehouse)
        replace_slices(warehouse, loads)
        replace_measures(warehouse, measured, book.ownership, book.currency_code)
        yield warehouse


def load_of(site: Site, pull: Pull) -> SliceLoad:
    """The pull as it is loaded; raises what reading it raises."""
    account = site.book.account(pull.source, pull.entity)
    return read_pull(site.book.sources[pull.source], account, pull, datetime.fromisoformat(pull.landed_at))


def _rates(site: Site, pull: Pull) -> Iterator[SliceLoad]:
    """The rates of the months in which its rows can count."""
    months = _months(pull.month, 1 + site.book.sources[pull.source].lookback_months)
    for account, month in product(with_rates(site), months):
        yield from _latest(site, account, month)


def _latest(site: Site, account: Account, month: Period) -> Iterator[SliceLoad]:
    rates = site.landing.latest(account.source, account.entity, month)
    if rates is not None:
        yield load_of(site, rates)


def _months(first: Period, count: int) -> tuple[Period, ...]:
    last = first
    for _ in range(count - 1):
        last = Period.containing(last.end)
    return last.window(count)


def with_rates(site: Site) -> list[Account]:
    """The accounts with exchange rates."""
    sources = site.book.sources
    return [
        account
        for account in site.book.accounts
        if any(fact_catalog()[fact].is_everybodys for fact in sources[account.source].facts)
    ]
