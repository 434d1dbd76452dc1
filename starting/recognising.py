"""Which format an export file has: the only place of `starting` that looks into a file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

from etl.account import Account
from etl.formats.recognition import Names, Recognised, search
from etl.formats.signs import ACCOUNT_ID, groups_in
from etl.formats.source import FormatSource
from etl.pulls import LandedFile
from etl.reading.days import DAY_FIRST, MONTH_FIRST, moments_in
from etl.reading.document import candidates
from etl.reading.door import MOST_MEGABYTES, read_export
from etl.sources import registry
from scoring.errors import BadFileError
from scoring.period import Period
from starting.accounts import Found
from starting.settling import Options
from trying.telling import (
    Cells,
    account_of,
    cells_of,
    dated_cells,
    dated_field,
    is_told,
    month_of,
    months_of,
    table_of_rates,
)
from trying.tried import try_file

_MONTH = re.compile(r"(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?![-_. ]?\d)")
"""A month in a file's name; a day there may be the one on which it was downloaded."""
_DAYS = (
    re.compile(r"\b(?P<y>20\d\d)[-/.]?(?P<m>0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])\b"),
    re.compile(r"\b(?:0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<m>0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/(?P<y>20\d\d)\b"),
    re.compile(r"\b(?:1[3-9]|2\d|3[01])/(?P<m>0?[1-9]|1[0-2])/(?P<y>20\d\d)\b"),
)


def recognise(path: Path, name: str = "", options: Options = ()) -> Found | None:
    """What the file is by its header; None where it is no export of any source. `name` is how it is called.

    `options` are what is known of it. Raises `BadFileError` for a file that cannot be read at all, and for
    another report of a platform than the one that is needed.
    """
    content = read_export(path, path.parent, MOST_MEGABYTES)
    file = LandedFile(name or path.name, hashlib.sha256(content).hexdigest(), len(content), path)
    found = next(iter(search(candidates(file), known_formats()).best()), None)
    if found is not None:
        return replace(_of_a_format(path, file.name, found, options), name=name)
    if table_of_rates(content) is not None:
        return Found(path, "fx_rates", name=name)
    _refuse_known(file)
    return None


def _refuse_known(file: LandedFile) -> None:
    """Raise `BadFileError` for a report of a platform of which it is known that another one is needed."""
    tried = try_file(file, known_formats())
    if tried.search.mistaken is not None:
        (fault,) = tried.faults
        raise BadFileError(
            file.name, expected=fault.expected, found=fault.found, row=fault.row, hint=fault.step
        )


def _of_a_format(path: Path, called: str, found: Recognised, options: Options) -> Found:
    cells = cells_of(found)
    account = replace(account_of(found, cells), options=dict(options))
    return Found(
        path,
        found.format.source,
        found.format.name,
        _account_in(found),
        _month(path, called, found, cells, account),
        says_currency=account.currency_code is None,
        # what others look up says nothing of their months: a deal is won later than its contact came
        rows_in=frozenset(months_of(found, cells, account) if found.format.fact else ()),
        is_list=found.format.other_months == "set_aside",
        options=options,
        is_told=is_told(found, known_formats()),
    )


def _account_in(found: Recognised) -> str:
    """The id of the account that a file is of, if one of its first rows says so."""
    patterns = {ACCOUNT_ID: re.compile("(?P<entity>.+)"), **found.format.signs.within}
    for field, pattern in patterns.items():
        cells = chain.from_iterable(map(found.first_cells, found.header.places.get(field, ())[:1]))
        for entity in groups_in(pattern.search, cells, "entity"):
            return entity
    return ""


@cache
def known_formats() -> tuple[Names, ...]:
    """The names of the columns of every shipped format."""
    made = (source for source in registry().values() if isinstance(source, FormatSource))
    return tuple(chain.from_iterable(source.names for source in made))


def _month(path: Path, called: str, found: Recognised, cells: Cells, account: Account) -> Period | None:
    """The month of the file's name, of its rows, or of whatever days it has; None where it may have any.

    Rows that another file looks up are of that one's month.
    """
    form = found.format
    if form.other_months == "set_aside":
        return None
    named = _in_name(path)
    if named or form.fact is None:
        return named
    month = month_of(found, cells, account)
    if month is None:
        _refuse_unsure_days(called, found, cells)
    return month or _in_text(_begin_of(found))


def _begin_of(found: Recognised) -> str:
    """The begin of a file of text; nothing of a workbook."""
    decoded = found.candidate.decoded
    return "" if decoded is None else bytes(decoded.content[:200_000]).decode("utf-8", "replace")


def _refuse_unsure_days(called: str, found: Recognised, cells: Cells) -> None:
    """Raise `BadFileError` where the days that decide the month can be read in two ways."""
    unsure = next((cell for cell in dated_cells(found, cells) if [*moments_in([cell])]), None)
    if unsure is not None:
        raise BadFileError(
            called,
            column=found.header.name(str(dated_field(found))),
            expected="days of which the month is known",
            found=repr(unsure),
            hint=f"say `days: {MONTH_FIRST}` or `days: {DAY_FIRST}` at the account in sources.yaml and rerun",
        )


def _in_name(path: Path) -> Period | None:
    named = _MONTH.search(path.stem)
    return Period(int(named[1]), int(named[2])) if named else None


def _in_text(text: str) -> Period | None:
    """The month that most days of a text lie in."""
    months = Counter(Period(int(day["y"]), int(day["m"])) for day in _days_in(text))
    return months.most_common(1)[0][0] if months else None


def _days_in(text: str) -> list[re.Match[str]]:
    """The days, by the first way of writing them that the text has."""
    return next(filter(None, ([*pattern.finditer(text)] for pattern in _DAYS)), [])
