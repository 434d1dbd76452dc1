"""Export files as the accounts that they are of, each file with the name it gets in the exports folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from operator import attrgetter
from pathlib import Path

from etl.sources import registry
from scoring.errors import UsageError
from scoring.period import Period
from starting.settling import Options, Value

MAIN = "main"
"""The id of an account whose exports do not say one."""


@dataclass(frozen=True, slots=True)
class Found:
    """An export file: its source and format, whose, and of which month.

    `content` is what it says if it is not on disk; `says_currency` is whether it names that of its
    amounts, or has none. `name` is its name within the folder that was named. Where it may have any month,
    `rows_in` are those that it has rows in; of a list, a run takes those of its month. `options` are what
    was said of it.
    """

    path: Path
    source: str
    form: str = ""
    entity: str = ""
    month: Period | None = None
    content: bytes | None = None
    says_currency: bool = True
    name: str = ""
    rows_in: frozenset[Period] = frozenset()
    is_list: bool = False
    options: Options = ()
    is_told: bool = True
    """Whether anything but names that other platforms have, too, says of which platform it is."""

    @property
    def is_of_all(self) -> bool:
        """Whether it is the one list of several months."""
        return self.is_list and self.month is None and len(self.rows_in) > 1

    @property
    def called(self) -> str:
        """The name by which a person knows it."""
        return self.name or self.path.name


_ONLY_OF_MONTH = "file of {} for each month of an account", "leave one out"
_ONLY_LIST = "list of {} with all months of an account", "put the rows into one file, or leave one out"


class UnfitError(UsageError):
    """Files that no book can begin with: what is wrong with them, and which they are."""

    def __init__(self, sentence: str, files: Iterable[Found]) -> None:
        self.files = tuple(files)
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with its new name, and the month that it is of; None where it has all of them."""

    name: str
    month: Period | None
    file: Found


@dataclass(frozen=True, slots=True)
class Account:
    """One account, the patterns of its files, and the files by their new names.

    `says_currency` is whether the files name the currency of their amounts, `options` what was said of them.
    """

    source: str
    entity: str
    patterns: tuple[str, ...]
    placed: tuple[Placed, ...]
    newest: Period
    says_currency: bool = True
    options: Options = ()

    @property
    def contents(self) -> Iterator[tuple[str, bytes]]:
        """What is to be written, under which names."""
        return ((each.name, _content(each.file)) for each in self.placed)

    @property
    def held(self) -> frozenset[Period]:
        """Every month that a run could read from it: those of its files, and of rows in one of all months."""
        of_all = (each.file.rows_in for each in self.placed if each.file.is_of_all)
        return frozenset(self.months).union(*of_all)

    @property
    def months(self) -> list[Period]:
        """The months that it has files of; of a file of all months the newest."""
        named = {each.month for each in self.placed if each.month}
        return sorted(named, key=attrgetter("start")) or [self.newest]

    @property
    def untold(self) -> list[str]:
        """Its files of which nothing tells the platform, with the one that they are taken to be of."""
        files = (each.file for each in self.placed if not each.file.is_told)
        return [f"{each.called} (as of {self.source})" for each in files]

    def files_of(self, month: Period) -> list[Found]:
        """The files that a run reads for the month."""
        return [each.file for each in self.placed if each.month in (None, month)]


def told_apart(found: Sequence[Found]) -> list[Found]:
    """The files, where several are lists of one month each, as files of their months."""
    times = Counter(map(_kind, found))
    return [_in_its_month(each) if times[_kind(each)] > 1 else each for each in found]


def _kind(file: Found) -> tuple[str, str, str]:
    return file.source, file.form, file.entity


def _in_its_month(file: Found) -> Found:
    is_of_one = file.is_list and len(file.rows_in) == 1
    return replace(file, month=next(iter(file.rows_in))) if is_of_one else file


def accounts_of(found: Iterable[Found], last: Period) -> list[Account]:
    """The accounts of the files; `last` is the month of files that do not say theirs.

    Raises `UnfitError` where two files are the same one, or one is missing beside another.
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
    months = {file.month for file in files if file.month} or {_newest(files, last)}
    newest = max(months, key=attrgetter("start"))
    placed = _all_placed(source, files, patterns, newest)
    _refuse_missing(source, patterns, placed, months)
    says_currency = all(file.says_currency for file in files)
    return Account(
        source,
        entity,
        tuple(patterns.values()),
        tuple(placed.values()),
        newest,
        says_currency,
        _options(source, files),
    )


def _all_placed(
    source: str, files: Iterable[Found], patterns: Mapping[str, str], newest: Period
) -> dict[str, Placed]:
    """The files by their new names; raises `UnfitError` where two would have the same one."""
    placed: dict[str, Placed] = {}
    for file in files:
        each = _placed(file, patterns[file.form], newest)
        _refuse_double(source, each, placed.setdefault(each.name, each))
    return placed


def _options(source: str, files: Iterable[Found]) -> Options:
    """What was said of any of the files; raises `UsageError` where it was not the same of all."""
    found = dict[str, Value]()
    for name, value in chain.from_iterable(map(attrgetter("options"), files)):
        if found.setdefault(name, value) != value:
            raise UsageError(
                f"--{name}: expected the same for all files of an account of {source}, "
                f"found {found[name]} and {value}; begin with some of the files."
            )
    return tuple(found.items())


def _newest(files: Iterable[Found], last: Period) -> Period:
    """The last month, or the newest one before it that files of all months have rows in."""
    rows_in = set[Period]().union(*(file.rows_in for file in files))
    past = [month for month in rows_in if month.start <= last.start]
    return max(past, key=attrgetter("start"), default=last)


def _placed(file: Found, pattern: str, newest: Period) -> Placed:
    month = (file.month or newest) if "{month}" in pattern else None
    return Placed(pattern.replace("{month}", str(month)), month, file)


def _patterns(source: str, entity: str, files: list[Found]) -> dict[str, str]:
    """The pattern of each format that the files have or need."""
    used = {file.form for file in files}
    forms = sorted(used | _joined(source, used))
    return {form: _pattern(source, entity, form, files, is_only=len(forms) == 1) for form in forms}


def _joined(source: str, used: Container[str]) -> set[str]:
    """The formats in which files of those used must look something up."""
    formats = [form for form in getattr(registry()[source], "formats", ()) if form.name in used]
    joins = filter(None, map(attrgetter("join"), formats))
    return {join.format for join in joins if not (join.optional or join.alone)}


def _refuse_double(source: str, one: Placed, other: Placed) -> None:
    if other is not one:
        wanted, step = _ONLY_LIST if one.file.is_of_all or other.file.is_of_all else _ONLY_OF_MONTH
        expected = wanted.format(source)
        raise UnfitError(
            f"{one.file.called}: expected one {expected}, found {other.file.called}, too; {step}.", [one.file]
        )


def _pattern(source: str, entity: str, form: str, files: list[Found], *, is_only: bool) -> str:
    """`hubspot/main/contacts {month}.csv`; a workbook, a table of rates or a list may have all months."""
    suffix = _suffix(form, files)
    stem = source if is_only else form.removeprefix(f"{source}_")
    may_have_all = suffix == ".xlsx" or not form or _is_list_of_all(form, files)
    month = "" if may_have_all and _have_all_months(files) else " {month}"
    return f"{source}/{entity}/{stem}{month}{suffix}"


def _suffix(form: str, files: Iterable[Found]) -> str:
    return next((file.path.suffix for file in files if file.form == form), ".csv")


def _is_list_of_all(form: str, files: Iterable[Found]) -> bool:
    """Whether a run for any of several months finds rows of its own in the files of a format."""
    return any(file.is_of_all for file in files if file.form == form)


def _have_all_months(files: Iterable[Found]) -> bool:
    """Whether no file is of one month."""
    return all(file.month is None for file in files)


def _refuse_missing(
    source: str, patterns: Mapping[str, str], placed: Mapping[str, Placed], months: Iterable[Period]
) -> None:
    """Half a month is not a month."""
    for month, (form, pattern) in product(months, patterns.items()):
        if pattern.replace("{month}", str(month)) not in placed:
            raise _alone(source, form.removeprefix(f"{source}_"), month, placed.values())


def _alone(source: str, missing: str, month: Period, placed: Iterable[Placed]) -> UnfitError:
    """The error for the files of a month that lack another one."""
    files = [each.file for each in placed if each.month in (None, month)]
    names = ", ".join(map(attrgetter("called"), files))
    return UnfitError(
        f"{names}: expected the file of {missing} of {source} for {month} beside it, found none that a run "
        "could read; name it, too, and if it has no rows, with its header alone.",
        files,
    )


def _content(file: Found) -> bytes:
    return file.path.read_bytes() if file.content is None else file.content
