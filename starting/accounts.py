"""Export files as the accounts that they are of, each file with the name it gets in the exports folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from operator import attrgetter
from pathlib import Path

from etl.sources import registry
from scoring.errors import UsageError
from scoring.period import Period

MAIN = "main"
"""The id of an account whose exports do not say one."""


@dataclass(frozen=True, slots=True)
class Found:
    """An export file: its source and format, whose, and of which month.

    `content` is what it says if it is not on disk; `says_currency` is whether it names that of its
    amounts, or has none.
    """

    path: Path
    source: str
    form: str = ""
    entity: str = ""
    month: Period | None = None
    content: bytes | None = None
    says_currency: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """One account, the patterns of its files, and the files by their new names.

    `says_currency` is whether the files name the currency of their amounts.
    """

    source: str
    entity: str
    patterns: tuple[str, ...]
    contents: tuple[tuple[str, bytes], ...]
    newest: Period
    says_currency: bool = True


def accounts_of(found: Iterable[Found], last: Period) -> list[Account]:
    """The accounts of the files; `last` is the month of files that do not say theirs.

    Raises `UsageError` where two files are the same one, or one is missing beside another.
    """
    found = list(found)
    groups: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for each in found:
        groups[each.source, each.entity or _only_entity(each.source, found)].append(each)
    return [_account(source, entity, files, last) for (source, entity), files in groups.items()]


def _only_entity(source: str, found: Iterable[Found]) -> str:
    """The account of a file that does not say one: the only one that the source's other files name."""
    named = {each.entity for each in found if each.source == source} - {""}
    return named.pop() if len(named) == 1 else MAIN


def _account(source: str, entity: str, files: list[Found], last: Period) -> Account:
    patterns = _patterns(source, entity, files)
    placed: dict[str, Found] = {}
    months = {file.month for file in files if file.month} or {last}
    newest = max(months, key=attrgetter("start"))
    for file in files:
        month = file.month or newest
        name = patterns[file.form].replace("{month}", str(month))
        _refuse_double(source, file, placed.setdefault(name, file))
    _refuse_missing(source, patterns, placed, months)
    contents = tuple((name, _content(file)) for name, file in placed.items())
    says_currency = all(file.says_currency for file in files)
    return Account(source, entity, tuple(patterns.values()), contents, newest, says_currency)


def _patterns(source: str, entity: str, files: list[Found]) -> dict[str, str]:
    """The pattern of each format that the files have or need."""
    used = {file.form for file in files}
    forms = sorted(used | _joined(source, used))
    return {form: _pattern(source, entity, form, files, is_only=len(forms) == 1) for form in forms}


def _joined(source: str, used: Container[str]) -> set[str]:
    """The formats in which files of those used look something up: a contact's deals."""
    formats = [form for form in getattr(registry()[source], "formats", ()) if form.name in used]
    return {form.join.format for form in formats if form.join is not None}


def _refuse_double(source: str, file: Found, other: Found) -> None:
    if other is not file:
        raise UsageError(
            f"{file.path}: expected one file of {source} for each month, found {other.path.name}, too; "
            "leave one out."
        )


def _pattern(source: str, entity: str, form: str, files: list[Found], *, is_only: bool) -> str:
    """`hubspot/main/contacts {month}.csv`; a workbook may have all months in one file."""
    suffix = _suffix(form, files)
    stem = source if is_only else form.removeprefix(f"{source}_")
    month = "" if suffix == ".xlsx" and _have_all_months(files) else " {month}"
    return f"{source}/{entity}/{stem}{month}{suffix}"


def _suffix(form: str, files: Iterable[Found]) -> str:
    return next((file.path.suffix for file in files if file.form == form), ".csv")


def _have_all_months(files: Iterable[Found]) -> bool:
    """Whether no file is of one month."""
    return all(file.month is None for file in files)


def _refuse_missing(
    source: str, patterns: Mapping[str, str], placed: Container[str], months: Iterable[Period]
) -> None:
    """Half a month is not a month."""
    for month, (form, pattern) in product(months, patterns.items()):
        if pattern.replace("{month}", str(month)) not in placed:
            raise UsageError(
                f"{source}: expected its file of {form.removeprefix(f'{source}_')} for {month} beside the "
                "others, found none; name it, too, and if it has no rows, with its header alone."
            )


def _content(file: Found) -> bytes:
    return file.path.read_bytes() if file.content is None else file.content
