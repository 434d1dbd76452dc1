"""Whose file it is: what an export says about its account against the account it was found under."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import takewhile
from operator import attrgetter

import pyarrow as pa

from etl.account import Account
from etl.formats.cells import ids
from etl.formats.columns import first, of_each_cell
from etl.formats.definition import FieldRule, Format
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from scoring.errors import BadFileError

ACCOUNT_ID, ACCOUNT_NAME = "account_id", "account_name"
_HINT = "put each account's own export in its place and rerun"
NO_NAME = ("", "-", "--")
Finder = Callable[[str], re.Match[str] | None]


def refuse_others(found: Recognised, rows: Rows, account: Account) -> None:
    """Raise `BadFileError` where the file names another account: in a column, a line or an address.

    Ids are compared without prefix and hyphens (`412-558-9031` is `4125589031`, `act_12` is `12`).
    """
    if rows.has(ACCOUNT_ID):
        ids(rows, ACCOUNT_ID, FieldRule())
        entity = bare_id(account.entity)
        _refuse_unlike(rows, ACCOUNT_ID, partial(_unless_own, bare_id, entity), account, entity)
    if account.printed_as is not None:
        _refuse_other_name(found, rows, account, account.printed_as)
    for field, pattern in found.format.signs.within.items():
        if rows.has(field):
            _refuse_within(rows, field, pattern, account)


def _refuse_other_name(found: Recognised, rows: Rows, account: Account, printed_as: str) -> None:
    """The name in a column, and in a line above the header."""
    if rows.has(ACCOUNT_NAME):
        _refuse_unlike(rows, ACCOUNT_NAME, partial(_unless_own, str, printed_as), account, printed_as)
    pattern = found.format.signs.line
    if pattern is not None:
        names = groups_in(pattern.fullmatch, lines_above(found), "name")
        name = next(names, "").strip()
        if name != printed_as:
            raise _refusal(rows.file, account, name, printed_as, where=_said(pattern))


def groups_in(find: Finder, texts: Iterable[str], group: str) -> Iterator[str]:
    """What a group of a pattern is in those texts in which the pattern is found; nothing if it has none."""
    matches = filter(None, map(find, texts))
    return (match[group] for match in matches if group in match.re.groupindex)


def lines_above(found: Recognised) -> Iterable[str]:
    """The lines above the header."""
    head, begin = found.candidate.table.head(), found.header.record.row
    return map(attrgetter("line"), takewhile(lambda record: record.row < begin, head))


def prints_a_name(form: Format) -> bool:
    """Whether the format prints the name that the book gives as `printed_as`."""
    signs = form.signs
    within = any("name" in pattern.groupindex for pattern in signs.within.values())
    return bool(signs.names or signs.line or within)


def _said(pattern: re.Pattern[str]) -> str:
    """What stands before the name in the line."""
    return re.split(r"[\\(\[:]", pattern.pattern)[0].strip() or "above the header"


def _refuse_within(rows: Rows, field: str, pattern: re.Pattern[str], account: Account) -> None:
    """What names no account at all says nothing about its id, but should print its name."""
    if "entity" in pattern.groupindex:
        _refuse_unlike(
            rows, field, partial(_group, pattern, "entity", account.entity), account, account.entity
        )
    elif account.printed_as is not None:
        _refuse_unlike(rows, field, partial(_group, pattern, "name", ""), account, account.printed_as)


def _refuse_unlike(
    rows: Rows, field: str, said: Callable[[str], str], account: Account, expected: str
) -> None:
    signs = of_each_cell(rows.column(field), said, pa.string())
    own = expected.casefold()
    index = first(of_each_cell(signs, lambda sign: sign.casefold() != own, pa.bool_()))
    if index >= 0:
        raise _cell_refusal(rows, index, field, account, signs[index].as_py(), expected)


def _unless_own(plain: Callable[[str], str], expected: str, cell: str) -> str:
    """A cell; one that names nobody, such as that of a total, contradicts nothing."""
    return expected if cell in NO_NAME or plain(cell) == expected else cell


def _group(pattern: re.Pattern[str], group: str, unsaid: str, cell: str) -> str:
    return next(groups_in(pattern.search, [cell], group), "") or unsaid


def _cell_refusal(
    rows: Rows, index: int, field: str, account: Account, sign: str, expected: str
) -> BadFileError:
    row = rows.numbers[index].as_py()
    return _refusal(rows.file, account, sign, expected, row=row, where=rows.header.name(field))


def _refusal(
    file: str, account: Account, sign: str, expected: str, *, row: int | None = None, where: str
) -> BadFileError:
    return BadFileError(
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
