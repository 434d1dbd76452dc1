"""Tries files by the formats of the product and of the book, and finds what helps with unknown ones."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from book import load_book
from disk import write_atomically
from disk.nearest import did_you_mean
from etl.account import Account
from etl.formats.definition import Format
from etl.formats.library import formats_of, shipped_formats
from etl.formats.recognition import Names
from etl.landing import LandedFile
from etl.reading.door import read_export, reading
from etl.sources.fx_rates import FxRates
from etl.sources.not_taken import accounts_taking
from scoring.errors import BadFileError, BookError, UsageError
from scoring.period import Cadence, Period
from settings import Settings
from trying.correcting import Aim, correct
from trying.folders import files_at
from trying.proposing import Proposal, propose
from trying.telling import NOBODY, table_of_rates
from trying.tried import Tried, almost, fault_of, try_file

_MOST_NEAR = 8
_DAYS = re.compile(rb"^\"?(\d{4})-(0[1-9]|1[0-2])-\d\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Help:
    """A format that would help: its name, its text, and how the file reads by it."""

    name: str
    text: str
    tried: Tried


@dataclass(frozen=True, slots=True)
class Trial:
    """A tried file, with what would help where no format fits."""

    tried: Tried
    help: Help | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How files are tried: by which formats, for whom, of which month; `saved` names a new format."""

    names: tuple[Names, ...]
    account: Account | None
    month: Period | None
    sources: frozenset[str]
    saved: str | None = None

    @property
    def new_source(self) -> str | None:
        """The source that a saved format may be the first of: it is called like its file."""
        return self.saved if self.account is None and self.saved not in self.sources else None


def terms(form: str | None, account: str | None, month: str | None, save: Path | None) -> Terms:
    """What the options say; raises `UsageError` for what there is not."""
    whose, formats = _book(account)
    wanted = form or _format_of(whose)
    _refuse_unknown(wanted, formats)
    names = tuple(Names(each) for each in formats.values() if _is_used(each, wanted, whose))
    sources = frozenset(each.source for each in formats.values())
    return Terms(names, whose, _month(month), sources, _stem(save))


def _refuse_unknown(form: str | None, formats: Collection[str]) -> None:
    if form not in (None, *formats):
        near = sorted(name for name in formats if str(form).casefold() in name)
        some = f", such as {', '.join(near[:_MOST_NEAR])}" if near else ""
        meant = "" if near else did_you_mean(str(form), formats)
        raise UsageError(
            f"--as: expected the name of a format{some}, found {form!r}{meant}; docs/reference/formats.md "
            "lists those that come with Scorewright, formats/ of the book has its own."
        )


def _format_of(account: Account | None) -> Any:
    """The format that the book names for the account."""
    return None if account is None else account.options.get("format")


def _is_used(form: Format, wanted: str | None, account: Account | None) -> bool:
    return wanted in (None, form.name) and (account is None or account.source == form.source)


def _is_meant(form: Format, account: Account | None) -> bool:
    """Whether the account takes any format, or names this one."""
    return _format_of(account) in (None, form.name)


def _month(text: str | None) -> Period | None:
    month = None if text is None else Period.parse(text)
    if month is not None and month.cadence is not Cadence.MONTH:
        raise UsageError(f"--month: expected a month such as 2026-10, found {text!r}; give YYYY-MM.")
    return month


def _stem(path: Path | None) -> str | None:
    if path is None:
        return None
    if path.suffix != ".yaml" or path.exists():
        found = "a file that there is" if path.exists() else path.name
        raise UsageError(f"--save: expected a new name that ends in .yaml, found {found}; choose another.")
    return path.stem


def _book(account: str | None) -> tuple[Account | None, Mapping[str, Format]]:
    """The account, and all formats: those of the book, too, where there is one."""
    try:
        config = Settings.from_environment(os.environ).config
    except UsageError:
        if account is not None:
            raise
        return None, shipped_formats()
    return (None if account is None else _account(config, account)), formats_of(config / "formats")


def _account(config: Path, wanted: str) -> Account:
    accounts = {each.name: each for each in load_book(config).accounts}
    if wanted not in accounts:
        raise UsageError(
            f"--account: expected one of {', '.join(accounts)}, found {wanted!r}"
            f"{did_you_mean(wanted, accounts)}; correct it or leave it out."
        )
    return accounts[wanted]


def trials(paths: Sequence[Path], how: Terms) -> Iterator[Trial]:
    """Try the files, and all files of folders; raises `UsageError` for a name that does not exist."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: expected a file or a folder, found none; correct its name.")
        yield from (_trial(file, name, how) for file, name in files_at(path))


def _trial(path: Path, name: str, how: Terms) -> Trial:
    real = path.resolve()
    try:
        content = read_export(real, real.parent)
    except BadFileError as error:
        return Trial(Tried(name, faults=(fault_of(error),)))
    file = LandedFile(
        name, sha256(content).hexdigest(), len(content), real, landed_on=datetime.now(UTC).date()
    )
    rates = table_of_rates(content)
    if rates is not None:
        return Trial(_rates(file, rates, how.month))
    taking = [] if how.account is not None else _taking(real)
    platforms = {each.source for each in taking}
    platform = platforms.pop() if len(platforms) == 1 else None
    tried = _tried(file, how, platform, taking[0] if len(taking) == 1 else how.account)
    return _with_help(tried, file, how, platform) if tried.wants_a_format else Trial(tried)


def _tried(file: LandedFile, how: Terms, platform: str | None, account: Account | None) -> Tried:
    """Tried by the formats of the platform under whose account it lies, and by all where none is close."""
    own = [each for each in how.names if each.format.source == platform and _is_meant(each.format, account)]
    tried = try_file(file, own, account, how.month) if own else None
    if tried is not None and _is_close(tried):
        return tried
    return try_file(file, how.names, how.account, how.month)


def _is_close(tried: Tried) -> bool:
    return tried.found is not None or tried.is_almost_known


def _rates(file: LandedFile, rates: bytes, month: Period | None) -> Tried:
    """Exchange rates, which no format can say; without a month, that of their newest day."""
    of = month or _newest_month(rates)
    tried = Tried(file.name, month=of, is_table=True, module=FxRates().name)
    try:
        if of is not None:
            FxRates().read([file], NOBODY, of)
    except BadFileError as error:
        return replace(tried, faults=(fault_of(error),))
    return tried


def _newest_month(content: bytes) -> Period | None:
    days = _DAYS.findall(content)
    return Period.parse(b"-".join(max(days)).decode()) if days else None


def _with_help(tried: Tried, file: LandedFile, how: Terms, platform: str | None) -> Trial:
    """What to add to the format that it almost has, or a format of its own."""
    aim = Aim(how.saved, how.new_source, platform)
    try:
        with reading([file]):
            found = correct(file, how.names, how.month, aim)
            if found is not None:
                return Trial(almost(file, found.missed), Help(found.name, found.text, found.tried))
            own = propose(file, how.sources, how.saved, how.month)
    except BadFileError:
        return Trial(tried)
    if own is None:
        return Trial(tried.as_unusable)
    return Trial(tried) if _is_rather(tried, own) else Trial(tried, Help(own.name, own.text, own.tried))


def _is_rather(tried: Tried, own: Proposal) -> bool:
    """Whether a table is rather one of something else that lacks a column, as mailings are no leads."""
    near = tried.search.closest
    if near is None or near.format.fact == own.format.fact:
        return False
    return tried.is_almost_known and near.found > len(own.format.named)


def _taking(path: Path) -> list[Account]:
    """The accounts of the book that take the file by its name; none where there is no book."""
    with suppress(UsageError, BookError):
        settings = Settings.from_environment(os.environ)
        exports = Path(settings.exports).resolve()
        if path.is_relative_to(exports):
            return accounts_taking(path.relative_to(exports).as_posix(), load_book(settings.config).accounts)
    return []


def save_format(path: Path, text: str) -> None:
    """Write a proposed format; raises `UsageError` where somebody else was there first."""
    try:
        write_atomically(path, text.encode(), replace=False)
    except FileExistsError:
        raise UsageError(f"--save: expected no {path} yet, found one; choose another name.") from None
