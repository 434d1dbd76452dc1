"""Which files a book can begin with: those that its first run will read, and why the others are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress, filterfalse
from operator import attrgetter
from pathlib import Path

from etl.sources import fx_rates
from scoring.errors import BadFileError, RefusedError, UsageError
from scoring.period import Period
from starting.accounts import Account, Found, UnfitError, accounts_of, told_apart
from starting.first_reading import Codes, Reader
from starting.recognising import recognise
from starting.sample import sample_of
from starting.settling import OPTIONS, Options, said_of, told
from starting.wishes import Wishes
from trying.folders import files_at

USUAL = "EUR"
"""The reporting currency where neither a wish nor a file names one."""
NOTHING = "refusals; nothing was written"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The accounts of a new book, what is wished, with a currency, and what was left out and why.

    `empty` are the files without a row for the month that the book begins with, `filled` the fields of which
    the rows have a value; None where all have.
    """

    accounts: Sequence[Account]
    wishes: Wishes
    left_out: tuple[LeftOut, ...] = ()
    empty: tuple[Found, ...] = ()
    filled: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why files were left out, and what they are called."""

    sentence: str
    names: tuple[str, ...]


class NothingToReadError(RefusedError):
    """Every file was left out; `left` says why."""

    def __init__(self, left: Sequence[LeftOut]) -> None:
        self.left = tuple(left)
        super().__init__(_sentences(left), exit_code=BadFileError.exit_code, told=NOTHING)


def _sentences(left: Iterable[LeftOut]) -> list[str]:
    return [each.sentence for each in left]


def of_a_sample(wishes: Wishes, last: Period) -> Chosen:
    """The invented exports of the last month."""
    accounts = accounts_of(sample_of(last), last)
    return Chosen(accounts, replace(wishes, currency_code=wishes.currency_code or USUAL))


def choose(paths: Sequence[Path], wishes: Wishes, last: Period) -> Chosen:
    """The accounts of all files that a run reads; `last` is the month of those that do not say theirs.

    Raises `RefusedError` with a sentence for each file where there is none, `UsageError` for empty folders.
    """
    left: list[LeftOut] = []
    found, reader = told_apart([*_recognised(paths, wishes, left)]), Reader(wishes.time_zone)
    while found:
        try:
            accounts = accounts_of(found, last)
            wished = _in_a_currency(accounts, wishes, reader)
            empty = _empty(accounts, wished, reader)
            return Chosen(accounts, wished, tuple(left), empty, reader.filled)
        except UnfitError as error:
            left.append(LeftOut(str(error), tuple(map(attrgetter("called"), error.files))))
            found = [each for each in found if each not in error.files]
    if not left:
        raise UsageError(f"{', '.join(map(str, paths))}: expected export files, found an empty folder.")
    raise NothingToReadError(left)


def _empty(accounts: Sequence[Account], wishes: Wishes, reader: Reader) -> tuple[Found, ...]:
    """The files without a row; raises `UsageError` where the first card would have nothing to score."""
    month, others = newest_month(accounts), [*filterfalse(_has_rates, accounts)]
    rows = {each: reader.rows_of(each, month, wishes.currency_code) for each in others}
    files = [file for each in others if not rows[each] for file in each.files_of(month)]
    if others and not any(rows.values()):
        names = ", ".join(map(attrgetter("called"), files))
        raise UsageError(
            f"{names}: expected rows for a first card of {month}, found an empty export, which a run reads "
            "as a month in which nothing happened; name one of a month with rows, too."
        )
    return tuple(files)


def files_with_options(paths: Iterable[Path], wishes: Wishes) -> list[tuple[Path, str, Options]]:
    """Every file by its path, with how it is called and what is said of it."""
    files = [*chain.from_iterable(map(files_at, paths))]
    wanted = {option: getattr(wishes, option) for option in OPTIONS}
    said = said_of([name for _, name in files], wanted)
    return [(path, name, said[name]) for path, name in files]


def _recognised(paths: Iterable[Path], wishes: Wishes, left: list[LeftOut]) -> Iterator[Found]:
    """What each file is; of one that is nothing, the sentence goes to `left`."""
    for path, name, options in files_with_options(paths, wishes):
        try:
            yield _known(path, name, options)
        except BadFileError as error:
            left.append(LeftOut(told(error), (name,)))


def _known(path: Path, name: str, options: Options) -> Found:
    found = recognise(path, name, options)
    if found is None:
        raise BadFileError(
            name,
            expected="an export of one of the sources, with the columns of its header",
            found="none of them",
            hint="see what it is with `scorewright try`, which may propose a format for it",
        )
    return found


def newest_month(accounts: Iterable[Account]) -> Period:
    """The newest month that can be scored; a table of exchange rates alone is of none."""
    accounts = list(accounts)
    scored = [*filterfalse(_has_rates, accounts)] or accounts
    return max((each.newest for each in scored), key=attrgetter("start"))


def months_of(accounts: Sequence[Account]) -> list[Period]:
    """All months that can be scored of some of the accounts, the first one first."""
    scored = [*filterfalse(_has_rates, accounts)] or accounts
    return sorted({*chain.from_iterable(map(attrgetter("held"), scored))}, key=attrgetter("start"))


def _has_rates(account: Account) -> bool:
    return account.source == fx_rates.NAME


def _in_a_currency(accounts: Sequence[Account], wishes: Wishes, reader: Reader) -> Wishes:
    """The wishes with the reporting currency: the one wished for, or the one that most files name.

    Raises `UnfitError` for files that no run would read, and for amounts that it could not convert.
    """
    others = [*filterfalse(_has_rates, accounts)]
    read = [reader.currencies_of(each, wishes.currency_code or USUAL) for each in others]
    # the others have the book's, whichever it is
    foreign = [*compress(read, map(attrgetter("says_currency"), others))]
    home = wishes.currency_code or _most_named(foreign)
    rates = reader.rates_of(filter(_has_rates, accounts), chain(*read), home)
    for account, codes in zip(filter(attrgetter("says_currency"), others), foreign, strict=True):
        _refuse_unconverted(account, codes, rates, home)
    return replace(wishes, currency_code=home)


def _most_named(read: Iterable[Codes]) -> str:
    """The currency that most files have amounts in, of as many the first by its code."""
    named = Counter(chain.from_iterable(chain.from_iterable(map(dict.values, map(dict, read)))))
    return min(named, key=lambda code: (-named[code], code), default=USUAL)


def _refuse_unconverted(account: Account, codes: Codes, rates: Codes, home: str) -> None:
    """Raise `UnfitError` for amounts that have no rate: the first card would be held."""
    for month, own in codes.items():
        lacking = sorted(own - {home} - rates[month])
        if lacking:
            files = account.files_of(month)
            names = ", ".join(map(attrgetter("called"), files))
            raise UnfitError(
                f"{names}: expected amounts in {home}, found {lacking[0]} without exchange rates for {month}"
                "; name a table that quotes both, too, such as the ECB's eurofxref-hist.csv, or begin with "
                f"--currency {lacking[0]}.",
                files,
            )
