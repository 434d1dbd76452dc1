"""Whose file it is: what an export says about its account against the account it was found under."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import ids
from etl.formats.definition import FieldRule, Format
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from scoring.errors import BadFileError

ACCOUNT_ID, ACCOUNT_NAME = "account_id", "account_name"
_HINT = "put each account's own export in its place and rerun"
_NO_NAME = ("", "-", "--")


def refuse_others(found: Recognised, rows: Rows, account: Account) -> None:
    """Raise `BadFileError` where the file names another account: in a column, a line or an address.

    Ids are compared without prefix and hyphens (`412-558-9031` is `4125589031`, `act_12` is `12`).
    """
    signs = found.format.signs
    if rows.has(ACCOUNT_ID):
        ids(rows, ACCOUNT_ID, FieldRule())
        _refuse_cells(rows, ACCOUNT_ID, account, bare_id(account.entity), bare=True)
    if account.printed_as is not None:
        if rows.has(ACCOUNT_NAME):
            _refuse_cells(rows, ACCOUNT_NAME, account, account.printed_as)
        if signs.line is not None:
            name = _in_lines(found, signs.line)
            _refuse(rows.file, account, [name], account.printed_as, where=_said(signs.line))
    for field, pattern in signs.within.items():
        if rows.has(field):
            _refuse_within(rows, field, pattern, account)


def account_in(found: Recognised) -> str:
    """The id of the account that a file is of, if one of its first rows says so."""
    patterns = {ACCOUNT_ID: re.compile("(?P<entity>.+)"), **found.format.signs.within}
    for field, pattern in patterns.items():
        places = found.header.places.get(field, ())
        for cell in found.first_cells(places[0]) if places and "entity" in pattern.groupindex else ():
            if match := pattern.search(cell):
                return match["entity"]
    return ""


def lines_above(found: Recognised) -> Iterable[str]:
    """The lines above the header."""
    for record in found.candidate.table.head():
        if record.row >= found.header.record.row:
            return
        yield ",".join(record.cells).rstrip(",")


def prints_a_name(form: Format) -> bool:
    """Whether the format prints the name that the book gives as `printed_as`."""
    signs = form.signs
    within = any("name" in pattern.groupindex for pattern in signs.within.values())
    return bool(signs.names or signs.line or within)


def _in_lines(found: Recognised, pattern: re.Pattern[str]) -> str:
    for line in lines_above(found):
        match = pattern.fullmatch(line)
        if match is not None:
            return match["name"].strip()
    return ""


def _said(pattern: re.Pattern[str]) -> str:
    """What stands before the name in the line."""
    return re.split(r"[\\(\[:]", pattern.pattern)[0].strip() or "above the header"


def _refuse_cells(rows: Rows, field: str, account: Account, expected: str, *, bare: bool = False) -> None:
    """Raise `BadFileError` for the first cell that names another account; totals name none."""
    cells = rows.column(field)
    for sign in pc.unique(cells).to_pylist():
        said = bare_id(sign) if bare else sign
        if said != expected and sign not in _NO_NAME:
            row = rows.numbers[pc.index(cells, sign).as_py()].as_py()
            _refuse(rows.file, account, [sign], expected, row=row, where=rows.header.name(field))


def _refuse_within(rows: Rows, field: str, pattern: re.Pattern[str], account: Account) -> None:
    """What names no account at all says nothing about its id, but should print its name."""
    if "entity" in pattern.groupindex:
        _refuse_unlike(rows, field, pattern, account, "entity", account.entity)
    elif account.printed_as is not None:
        _refuse_unlike(rows, field, pattern, account, "name", account.printed_as)


def _refuse_unlike(
    rows: Rows, field: str, pattern: re.Pattern[str], account: Account, group: str, expected: str
) -> None:
    cells = pc.dictionary_encode(rows.column(field))
    unsaid = expected if group == "entity" else ""
    said = [_group(pattern, cell, group) or unsaid for cell in cells.dictionary.to_pylist()]
    others = pa.array([each.casefold() != expected.casefold() for each in said], pa.bool_())
    index = pc.index(pc.take(others, cells.indices), pa.scalar(True)).as_py()
    if index >= 0:
        found = said[cells.indices[index].as_py()]
        row = rows.numbers[index].as_py()
        _refuse(rows.file, account, [found], expected, row=row, where=rows.header.name(field))


def _group(pattern: re.Pattern[str], cell: str, group: str) -> str:
    match = pattern.search(cell)
    return match[group] if match else ""


def _refuse(
    file: str, account: Account, found: Iterable[str], expected: str, *, row: int | None = None, where: str
) -> None:
    for sign in found:
        if sign != expected and not (row is not None and sign.casefold() == expected.casefold()):
            raise BadFileError(
                file,
                row=row,
                column=where,
                expected=f"the file of {_named(account, expected)}",
                found=f"that of {sign}" if sign else "one that does not name its account",
                hint=_HINT,
            )


def bare_id(text: str) -> str:
    """An account's id without prefix and hyphens."""
    return re.sub(r"\W", "", text.removeprefix("act_"))


def _named(account: Account, expected: str) -> str:
    return account.entity if bare_id(account.entity) == expected else f"{account.entity} ({expected})"
