"""Reads the files of a new book as its first run will: nothing is begun with that it would refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account as BookAccount
from etl.formats.numbers import NO_CURRENCY
from etl.pulls import LandedFile, sha256_of
from etl.reading.door import reading
from etl.sources import fx_rates, registry
from scoring.errors import BadFileError, BookError
from scoring.period import Period
from starting.accounts import Account, Found, UnfitError
from starting.settling import told
from warehouse.conformed import Conformed
from warehouse.facts import FactSpec, fact_catalog

Codes = Mapping[Period, frozenset[str]]
"""The currencies of an account's amounts, or those that have a rate, by month."""


class Reader:
    """Reads the files of an account for a month once, however often accounts are put together anew.

    Without a file that is left out the others are the same accounts as before.
    """

    def __init__(self, time_zone: str) -> None:
        self._time_zone = time_zone
        self._known: dict[tuple[Account, Period, str], _Read | UnfitError] = {}

    def currencies_of(self, account: Account, home: str) -> Codes:
        """The currencies that its amounts have; raises `UnfitError` with what a run would say."""
        return {month: self._codes(account, month, home) for month in account.months}

    def rows_of(self, account: Account, month: Period, home: str) -> int:
        """How many rows a run would load of it for a month; none where it has no file of the month."""
        return self._read(account, month, home).rows if account.files_of(month) else 0

    @property
    def filled(self) -> frozenset[str]:
        """The fields of facts in which any row that was read has a value."""
        return frozenset().union(*(read.filled for read in self._known.values() if isinstance(read, _Read)))

    def rates_of(self, accounts: Iterable[Account], months: Iterable[Period], home: str) -> Codes:
        """The currencies with a rate in `home`; raises `UnfitError` for a table with none of the months."""
        found = dict.fromkeys(months, frozenset[str]())
        for account in accounts:
            found |= self._rates(account, [*found], home)
        return found

    def _rates(self, account: Account, months: Sequence[Period], home: str) -> dict[Period, frozenset[str]]:
        found: dict[Period, frozenset[str]] = {}
        for month in months:
            with suppress(UnfitError):
                found[month] = self._codes(account, month, home)
        if not found:
            self._codes(account, account.newest, home)
        return found

    def _codes(self, account: Account, month: Period, home: str) -> frozenset[str]:
        return self._read(account, month, home).codes

    def _read(self, account: Account, month: Period, home: str) -> _Read:
        asked = account, month, home
        if asked not in self._known:
            self._known[asked] = _told(*asked, self._time_zone)
        found = self._known[asked]
        if isinstance(found, UnfitError):
            raise found
        return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of files for a month: the currencies of rates or of amounts, how many rows, and in which
    fields any of them has a value."""

    codes: frozenset[str]
    rows: int
    filled: frozenset[str] = frozenset()


def _told(account: Account, month: Period, home: str, time_zone: str) -> _Read | UnfitError:
    """What was read, or what is wrong with the files."""
    try:
        read = _read(account, month, time_zone, home)
    except UnfitError as error:
        return error
    codes = _quoted(read) if fx_rates.FACT in read.tables else _currencies(read)
    filled = {name for table in read.tables.values() for name in table.column_names if _has_any(table[name])}
    return _Read(codes, sum(map(len, read.tables.values())), frozenset(filled))


def _has_any(cells: pa.ChunkedArray) -> bool:
    return bool(cells.null_count < len(cells))


def _quoted(read: Conformed) -> frozenset[str]:
    return frozenset(read.tables[fx_rates.FACT]["currency_code"].to_pylist())


def _read(account: Account, month: Period, time_zone: str, home: str) -> Conformed:
    files = account.files_of(month)
    landed = [*map(_landed, files)]
    try:
        with reading(landed):
            return registry()[account.source].read(landed, _in_the_book(account, time_zone, home), month)
    except (BadFileError, BookError) as error:
        raise UnfitError(told(error, account.options), _at_fault(files, error)) from None


def _at_fault(files: Sequence[Found], error: BadFileError | BookError) -> Sequence[Found]:
    """The file that the error names, or else all of them."""
    bad = error.file if isinstance(error, BadFileError) else None
    return [each for each in files if each.called == bad] or files


def _landed(file: Found) -> LandedFile:
    content = file.path.read_bytes()
    return LandedFile(file.called, sha256_of(content), len(content), file.path)


def _in_the_book(account: Account, time_zone: str, home: str) -> BookAccount:
    """The account as the book will have it."""
    is_crossed = account.source == fx_rates.NAME and home != fx_rates.BASE
    return BookAccount(
        account.source,
        account.entity,
        None if account.says_currency else home,
        time_zone,
        account.patterns,
        dict(account.options),
        crossed_to=home if is_crossed else None,
    )


def _currencies(read: Conformed) -> frozenset[str]:
    found = (_of_amounts(fact_catalog()[fact], table) for fact, table in read.tables.items())
    return frozenset().union(*found) - {NO_CURRENCY}


def _of_amounts(fact: FactSpec, table: pa.Table) -> frozenset[str]:
    """The currencies of the rows that have an amount, on a day on which it counts."""
    if not fact.amounts:
        return frozenset()
    amounts = pc.coalesce(*(table[name] for name in fact.amounts))
    counts = pc.and_(amounts.is_valid(), table[fact.converted].is_valid())
    return frozenset(filter(None, table["currency_code"].filter(counts).to_pylist()))
