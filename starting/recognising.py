"""Which source an export file is of: the only place of `starting` that looks into a file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from etl.pulls import LandedFile
from etl.reading.door import MOST_MEGABYTES, kind_of, read_export
from etl.reading.sheet import find_header, read_rows
from etl.reading.text import Text, read_utf8
from etl.reading.workbook import read_page
from etl.sources import registry
from scoring.errors import BadFileError
from scoring.period import Period
from starting.accounts import Found

_SIGNS = {
    "google_ads": ("Customer ID", r"([\w-]+)"),
    "meta_ads": ("Account ID", r"(\w+)"),
    "ocean_engine": ("账户ID", r"(\w+)"),
    "facebook_pages": ("Post ID", r"(\d+)_"),
    "x": ("Tweet permalink", r"https?://[^/]+/(\w+)/"),
}
"""Where an export says whose it is, and how its account's id is read from there."""

_MONTH = re.compile(r"(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")
_DAYS = (
    re.compile(r"\b(?P<y>20\d\d)[-/.]?(?P<m>0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])\b"),
    re.compile(r"\b(?:0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>20\d\d)\b"),
)


def recognise(path: Path) -> Found | None:
    """What the file is by its header; None where it is no export of any source.

    Raises `BadFileError` for a file that cannot be read at all.
    """
    content = read_export(path, path.parent, MOST_MEGABYTES)
    file = LandedFile(path.name, hashlib.sha256(content).hexdigest(), len(content), path)
    fitting = _workbooks(file) if kind_of(content) else _texts(file)
    return next(fitting, None)


def _workbooks(file: LandedFile) -> Iterator[Found]:
    for name, module in registry().items():
        source: Any = module
        if hasattr(source, "SHEET"):
            try:
                read_page(file, source.SHEET, source.COLUMNS, source.TOTAL)
            except BadFileError:
                continue
            yield Found(file.path, name)


def _texts(file: LandedFile) -> Iterator[Found]:
    """The sources whose columns the file has, those with the most columns first."""
    text = read_utf8(file)
    for name, part, columns in sorted(_parts(), key=lambda each: -len(each[2])):
        if _has(text, columns):
            yield Found(file.path, name, part, _account(name, text), _month(file.path.stem, text))
    if _is_of_rates(text):
        yield Found(file.path, "fx_rates", month=_month(file.path.stem, text))


def _parts() -> Iterator[tuple[str, int, Sequence[str]]]:
    """Each file of each source, with its columns."""
    for name in registry():
        yield from ((name, part, columns) for part, columns in enumerate(columns_of(name)))


def columns_of(source: str) -> list[Sequence[str]]:
    """The columns that each of a source's files has, in their order."""
    module = registry()[source]
    return [value for name, value in vars(module).items() if name.endswith("COLUMNS")][: module.FILES]


def _has(text: Text, columns: Sequence[str]) -> bool:
    try:
        find_header(text, columns)
    except BadFileError:
        return False
    return True


def _is_of_rates(text: Text) -> bool:
    """Whether the columns are a date and currencies, of which every such file has others."""
    if not _has(text, ["Date"]):
        return False
    others = {*find_header(text, ["Date"]).cells} - {"", "Date"}
    return bool(others) and all(map(re.compile("[A-Z]{3}").fullmatch, others))


def _account(source: str, text: Text) -> str:
    """The id of the account that the file is of, if it says so."""
    column, pattern = _SIGNS.get(source, ("", ""))
    return _first(column, pattern, text) if column and _has(text, [column]) else ""


def _first(column: str, pattern: str, text: Text) -> str:
    """What the pattern finds in the first cell of the column that it fits."""
    sheet = read_rows(find_header(text, [column]), text, [column])
    found = next(filter(None, map(re.compile(pattern).match, sheet.column(column).to_pylist())), None)
    return "" if found is None else str(found[1])


def _month(stem: str, text: Text) -> Period | None:
    """The month in the file's name, or else the one that most days in it lie in."""
    if named := _MONTH.search(stem):
        return Period(int(named[1]), int(named[2]))
    content = bytes(text.content[:200_000]).decode("utf-8", "replace")
    days = [*_DAYS[0].finditer(content)] or [*_DAYS[1].finditer(content)]
    months = Counter(Period(int(day["y"]), int(day["m"])) for day in days)
    return months.most_common(1)[0][0] if months else None
