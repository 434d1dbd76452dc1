"""Checks what an export says about its account against the account it was found under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pyarrow.compute as pc

from etl.account import Account
from etl.reading.sheet import Sheet
from scoring.errors import BadFileError

_HINT = "put each account's own export in its place and rerun"


def refuse_others(
    file: str, account: Account, found: Iterable[str], expected: str, *, row: int | None = None, where: str
) -> None:
    """Raise `BadFileError` if any sign found is not the `expected` one."""
    for sign in found:
        if sign != expected:
            raise BadFileError(
                file,
                row=row,
                column=where,
                expected=f"the file of {_named(account, expected)}",
                found=f"that of {sign}" if sign else "one that does not name its account",
                hint=_HINT,
            )


def hold_printed(file: str, account: Account, found: str | None, where: str) -> None:
    """Check the text at `where` against the account's `printed_as`, if the book has one.

    Raises `BadFileError` if it differs, or the line is missing.
    """
    if account.printed_as is not None:
        refuse_others(file, account, [found or ""], account.printed_as, where=where)


def hold_columns(
    sheet: Sheet, account: Account, *, ids: Sequence[str] = (), names: Sequence[str] = ()
) -> None:
    """Check the columns in which a platform may print the account, if the file has them.

    `ids` are columns with the account's id, compared without its prefix and hyphens (`412-558-9031` is
    `4125589031`, `act_12` is `12`); `names` print it as the book says in `printed_as`.
    """
    for name in sheet.table.column_names:
        if name in ids:
            refuse_cells(sheet, name, account, bare_id(account.entity), bare=True)
        elif name in names and account.printed_as is not None:
            refuse_cells(sheet, name, account, account.printed_as)


def refuse_cells(sheet: Sheet, column: str, account: Account, expected: str, *, bare: bool = False) -> None:
    """Raise `BadFileError` for the first cell of `column` that names another account; totals name none."""
    for sign in pc.unique(sheet.column(column)).to_pylist():
        said = bare_id(sign) if bare else sign
        # totals name none, some with a dash
        if said not in ("", expected) and sign not in ("-", "--"):
            row = sheet.rows[pc.index(sheet.column(column), sign).as_py()].as_py()
            refuse_others(sheet.file, account, [sign], expected, row=row, where=column)


def bare_id(text: str) -> str:
    """An account's id without prefix and hyphens."""
    return re.sub(r"\W", "", text.removeprefix("act_"))


def _named(account: Account, expected: str) -> str:
    return account.entity if bare_id(account.entity) == expected else f"{account.entity} ({expected})"
