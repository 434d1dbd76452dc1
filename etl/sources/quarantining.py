"""Skips unreadable rows, as many as the account's book allows, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from etl.account import Account
from etl.landing import LandedFile
from etl.reading.door import reading
from etl.sources import Source
from scoring.errors import BadFileError, BadRowError
from scoring.period import Period
from scoring.text import numbered
from warehouse.conformed import Conformed, QuarantinedRow

_MANY = 10_000
Apart = dict[tuple[str, int], QuarantinedRow]


def read_slice(source: Source, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """What the source reads from a pull and where, without up to `account.quarantine` rows of each file.

    Every attempt leaves out the rows that the ones before could not read, until what is left can be
    read, totals included. Raises `BadFileError` where more rows are bad than the account allows (it
    names the first and how many there are), where what is left does not hold together, and where the
    reader breaks on the files.
    """
    with reading(files):
        if account.quarantine:
            return _read_without_bad_rows(source, files, account, month)
        return source.read(files, account, month)


def _read_without_bad_rows(
    source: Source, files: Sequence[LandedFile], account: Account, month: Period
) -> Conformed:
    apart: Apart = {}
    while True:
        try:
            conformed = source.read(_without(files, apart), account, month)
        except BadRowError as error:
            _refuse_most(error, account.quarantine)
            _set_apart(apart, error)
        except BadFileError as error:
            _refuse_too_many(apart, account.quarantine)
            raise _with_rows(error, apart) from None
        else:
            _refuse_too_many(apart, account.quarantine)
            return replace(conformed, quarantined=tuple(apart[key] for key in sorted(apart)))


def _without(files: Sequence[LandedFile], apart: Apart) -> list[LandedFile]:
    rows = _by_file(apart)
    return [replace(file, left_out=frozenset(rows.get(file.name, ()))) for file in files]


def _set_apart(apart: Apart, error: BadRowError) -> None:
    for row, found in error.rows:
        if (error.file, row) in apart:
            raise error  # a reader that does not skip the row would loop for ever
        apart[error.file, row] = _bad_row(error, row, found)


def _bad_row(error: BadRowError, row: int, found: str) -> QuarantinedRow:
    return QuarantinedRow(error.file, row, error.column or "", error.expected, found)


def _refuse_too_many(apart: Apart, allowed: int) -> None:
    for file, rows in _by_file(apart).items():
        if len(rows) > allowed:
            raise _too_many(apart[file, min(rows)], len(rows), allowed)


def _refuse_most(error: BadRowError, allowed: int) -> None:
    """Raise `BadFileError` where so many rows are bad for one reason that nobody asks for the other ones."""
    if len(error.rows) > allowed + _MANY:
        raise _too_many(_bad_row(error, *error.rows[0]), len(error.rows), allowed)


def _too_many(row: QuarantinedRow, count: int, allowed: int) -> BadFileError:
    return BadFileError(
        row.file,
        row=row.row,
        column=row.column or None,
        expected=row.expected,
        found=row.found,
        hint=f"{numbered(count, 'row')} cannot be read and the account's quarantine allows {allowed}: "
        "export the report again and rerun",
    )


def _by_file(apart: Apart) -> Mapping[str, Sequence[int]]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for file, row in apart:
        rows[file].append(row)
    return rows


def _with_rows(error: BadFileError, apart: Apart) -> BadFileError:
    """The error, which the skipped rows may have caused: a total that no longer adds up."""
    if not apart:
        return error
    row = apart[min(apart)]
    place = f"row {row.row}" + (f", column {row.column!r}" if row.column else "")
    count = len(apart)
    rows = f"{count} row that cannot be read ({row.file}, {place})"
    if count > 1:
        rows = f"{numbered(count, 'row')} that cannot be read (the first is {row.file}, {place})"
    return BadFileError(
        error.file,
        row=error.row,
        column=error.column,
        expected=error.expected,
        found=error.found,
        hint=f"{rows} may be why; export the report again and rerun",
    )
