"""What a file is, how it would load, and all that is wrong with it, each with the step that helps.

No warehouse is needed, and no book: without an account the file is taken to be of whoever it names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, filterfalse, product, starmap
from operator import attrgetter, itemgetter

from etl.account import Account
from etl.formats.definition import LookAlike
from etl.formats.fields import fields_of_kind
from etl.formats.reading import FileRead
from etl.formats.recognition import Columns, Missed, Mistaken, Names, Recognised, Search, is_pattern, search
from etl.formats.source import likely_encodings, refuse_several, refuse_unsure, unknown
from etl.landing import LandedFile
from etl.reading.days import DAY_FIRST, MONTH_FIRST, fitting_orders, moments_in
from etl.reading.document import Candidate, candidates
from etl.reading.door import reading
from etl.reading.records import Record
from scoring.errors import BadFileError, BadRowError, BookError
from scoring.period import Period
from trying.lenient import Attempt, read_with_faults
from trying.telling import (
    NOBODY,
    Cells,
    account_of,
    cells_of,
    dated_cells,
    dated_field,
    is_signed,
    is_signed_for,
    is_told,
    month_of,
    said_order,
)

_MOST_WORDS = 8
_ANY_MONTH = Period(2026, 1)
_NO_DAYS = "a column with days"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and what to do. `rows` counts the rows that it spoils."""

    expected: str
    found: str
    step: str
    row: int | None = None
    column: str | None = None
    rows: int = 1

    @property
    def is_of_days(self) -> bool:
        """Whether the file has no column with days."""
        return self.expected.startswith(_NO_DAYS)


_NO_FORMAT = Fault(
    "a table with the header row of a known format", "none", "save a format for it in the book's formats/"
)

_NOTHING_COUNTED = Fault(
    "a table that figures can be made of: with a day in each row, and an id or a number to count",
    "none",
    "export it with the day of each row, or a report by day, and rerun",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a file.

    `found` is None for a file of no known format, `read` where nothing of it can be read; `also` are other
    formats that fit as well. `order` is how it writes days.
    """

    file: str
    found: Recognised | None = None
    also: tuple[str, ...] = ()
    account: Account | None = None
    month: Period | None = None
    order: str | None = None
    read: FileRead | None = None
    faults: tuple[Fault, ...] = ()
    search: Search = field(default_factory=Search)
    is_table: bool = False
    """Whether it could be read at all, if only as a table of no known format."""
    module: str = ""
    """The source whose module reads it, where no format does."""
    is_told: bool = True
    """Whether anything but names that other platforms have, too, says of which platform it is."""

    @property
    def wants_a_format(self) -> bool:
        """Whether it is a table of which nothing is known."""
        return self.is_table and self.found is None and not self.module and self.search.mistaken is None

    @property
    def is_almost_known(self) -> bool:
        """Whether it has most columns of a format, or is known to be a table that is only like one."""
        closest = self.search.closest
        has_most = closest is not None and 0 < 2 * len(closest.lacking) <= closest.found
        return self.search.mistaken is not None or has_most

    @property
    def as_unusable(self) -> Tried:
        """The same of a table of which no format can be made, either."""
        return replace(self, faults=(_NOTHING_COUNTED,)) if self.faults == (_NO_FORMAT,) else self

    @property
    def verdict(self) -> str:
        """What became of it in a few words."""
        if self.found is None and not self.module:
            return "unknown" if self.is_table else "not read"
        count = len(self.faults)
        return {0: "reads", 1: "1 fault"}.get(count, f"{count} faults")


def try_file(
    file: LandedFile, names: Sequence[Names], account: Account | None = None, month: Period | None = None
) -> Tried:
    """Read a file by whichever format has the names of its columns, for the account where there is one.

    Never raises `BadFileError`: what is wrong with the file are its faults.
    """
    try:
        with reading([file]):
            return _recognised(file, names, account, month)
    except BadFileError as error:
        return Tried(file.name, faults=(fault_of(error),))


def _recognised(
    file: LandedFile, names: Sequence[Names], account: Account | None, month: Period | None
) -> Tried:
    found = _searched(file, names, account)
    best = found.best()
    if not best:
        return _unrecognised(file, found, names)
    tried = _tried(file, found, best, account, month)
    missed = _of_platform(tried, best[0], found) if tried.faults else None
    told = replace(tried, is_told=account is not None or is_told(best[0], names))
    return told if missed is None else almost(file, missed)


def _unrecognised(file: LandedFile, found: Search, names: Sequence[Names]) -> Tried:
    found.mistaken = found.mistaken and _look_alike(file, names)
    return Tried(file.name, faults=(_unknown(file, found, names),), search=found, is_table=True)


def _of_platform(tried: Tried, best: Recognised, search: Search) -> Missed | None:
    """The format of the platform that wrote the lines around the rows, if the file almost has its columns.

    Another one, such as that of any sheet, may happen to have them all, and then reads a total as a row.
    """
    if is_signed(best):
        return None
    close = filter(partial(_is_close, best), search.missed)
    signed = (each for each in close if is_signed_for(each, best.candidate))
    return min(signed, key=Missed.distance, default=None)


def _is_close(best: Recognised, missed: Missed) -> bool:
    return _has_more(missed) and 2 * missed.found > len(best.header.places)


def _has_more(missed: Missed) -> bool:
    """Whether it lacks some columns, and has more of them."""
    return 0 < len(missed.lacking) < missed.found


def almost(file: LandedFile, missed: Missed) -> Tried:
    """A file of which it is known what format it almost has."""
    search = Search(missed=[missed])
    return Tried(file.name, faults=(_unknown(file, search, ()),), search=search, is_table=True)


def _searched(file: LandedFile, names: Sequence[Names], account: Account | None) -> Search:
    likely = likely_encodings((each.format for each in names), account or NOBODY)
    return search(candidates(file, likely), names)


def _tried(
    file: LandedFile,
    search: Search,
    best: Sequence[Recognised],
    account: Account | None,
    month: Period | None,
) -> Tried:
    found = best[0]
    cells = cells_of(found)
    whose = account or account_of(found, cells)
    month = month or month_of(found, cells, whose)
    order = said_order(dated_cells(found, cells), found.format, whose, month)
    also = tuple(sorted({*map(attrgetter("format.name"), best)} - {found.format.name}))
    tried = Tried(file.name, found, also, whose, month, order, search=search, is_table=True)
    doubts = _of_recognition(file, found, search)
    read, faults = _read(Attempt(file, found, whose, month or _ANY_MONTH))
    # without a row it is an empty month, of whichever it is kept for
    if month is None and (any(cells.values()) or faults):
        return replace(tried, faults=(*doubts, *_without_month(file, found, cells, whose)))
    return replace(tried, read=read, faults=(*doubts, *faults))


def _read(attempt: Attempt) -> tuple[FileRead | None, list[Fault]]:
    try:
        read, errors = read_with_faults(attempt)
    except BookError as error:
        return None, [Fault("settings that it can be read with", "none", str(error))]
    return read, [*_told(errors, attempt.found)]


def _without_month(file: LandedFile, found: Recognised, cells: Cells, account: Account) -> list[Fault]:
    """That nothing says the month, and what else is wrong: for that it is read as if the days were known."""
    if mixed := _mixed_days(dated_cells(found, cells)):
        return [replace(mixed, column=found.header.name(str(dated_field(found))))]
    guessed = replace(account, options={"days": MONTH_FIRST, "whole_month": True, **account.options})
    month = month_of(found, cells, guessed)
    form = found.format.model_copy(update={"other_months": "set_aside"})
    attempt = Attempt(file, replace(found, format=form), guessed, month or _ANY_MONTH)
    others = [*filterfalse(attrgetter("is_of_days"), _read(attempt)[1])]
    if others and _hides_days(found, cells, month):
        return others
    return [_no_month(found, cells), *others]


def _mixed_days(cells: Iterable[str]) -> Fault | None:
    """That some days can only begin with the month, and others only with the day."""
    firsts: dict[str, str] = {}
    for cell in cells:
        orders = fitting_orders(moments_in([cell]), lambda _: True)
        if len(orders) == 1:
            firsts.setdefault(orders[0], cell)
    if len(firsts) < 2:
        return None
    return Fault(
        "days that are all written alike",
        f"{firsts[MONTH_FIRST]!r}, which begins with the month, and {firsts[DAY_FIRST]!r}, which does not",
        "write them as 2026-04-15, or export the report again, and rerun",
    )


def _hides_days(found: Recognised, cells: Cells, month: Period | None) -> bool:
    """Whether no day can be read at all: what is wrong with them, or with the file, is told anyway."""
    return not cells or (dated_field(found) is not None and month is None)


def _unknown(file: LandedFile, found: Search, names: Sequence[Names]) -> Fault:
    """That no format fits; what the closest lacks is told only where it is close."""
    near = found.closest
    if found.mistaken is not None:
        return fault_of(unknown(file, found))
    if near is not None and _has_more(near):
        step = f"export the report with it, or name the column in a format that is `like: {near.format.name}`"
        return replace(fault_of(unknown(file, found)), step=step)
    return next(_misnamed(file, names), _NO_FORMAT)


def _look_alike(file: LandedFile, names: Sequence[Names]) -> Mistaken | None:
    """A row that is the header of another table than a format's, if it has half of what that format needs.

    Of all platforms some take any table by week for one of theirs; a column that only one has tells enough,
    and so do lines above the table.
    """
    # one table after the other: a later one may be none
    tables = candidates(file)
    rows = chain.from_iterable(product([each], each.table.head(), names) for each in tables)
    return next(filter(None, starmap(_near_mistake, rows)), None)


def _near_mistake(candidate: Candidate, record: Record, names: Names) -> Mistaken | None:
    mistaken = names.mistaken(record)
    if mistaken is None or _is_near(names, record, mistaken):
        return mistaken
    return mistaken if is_signed_for(Missed(names.format, record, (), 0), candidate) else None


def _is_near(names: Names, record: Record, mistaken: Mistaken) -> bool:
    needed, places, columns = names.format.required, names.places(record.cells), mistaken.other.columns
    is_by_name = not any(map(is_pattern, columns))
    has_half = 2 * len(needed & places.keys()) >= len(needed) and _is_told_by(mistaken.other, record, places)
    return has_half or (is_by_name and bool(places) and len(places) + len(columns) > 2)


def _is_told_by(other: LookAlike, record: Record, places: Mapping[str, Sequence[int]]) -> bool:
    """Whether a column tells the other table, such as `Week`; measures that all platforms have tell none.

    Those alone make a chart of the platform where nothing else stands beside them.
    """
    fields = {*chain.from_iterable(places.values())}
    others = tuple(cell for place, cell in enumerate(record.cells) if cell and place not in fields)
    return not others or Columns(other.columns).have_a_pattern_of(others)


def _misnamed(file: LandedFile, names: Sequence[Names]) -> Iterator[Fault]:
    """Tables that have a format's header on a sheet, or in a part of a zip, of another name than it wants."""
    wanted = {each.format.name: each.format.part for each in names}
    free = [Names(each.format.model_copy(update={"sheet": None, "member": None})) for each in names]
    for each in search(candidates(file), free).best():
        if (pattern := wanted[each.format.name]) is not None:
            expected = f"a sheet or file inside whose name fits {pattern.pattern}, for {each.format.title!r}"
            yield Fault(expected, each.candidate.part, "rename it, or export it again, and rerun")


def _of_recognition(file: LandedFile, found: Recognised, search: Search) -> tuple[Fault, ...]:
    """Several formats of the platform fit, or several sheets; the encoding is not sure."""
    alike = [each for each in search.best() if each.format.source == found.format.source]
    try:
        refuse_several(file, alike)
        refuse_unsure(file, found)
    except BadFileError as error:
        return (fault_of(error, found),)
    return ()


def _no_month(found: Recognised, cells: Cells) -> Fault:
    name = dated_field(found)
    day = next(filter(None, dated_cells(found, cells)), None)
    if name is None or day is None:
        none = "an export of which nothing says the month" if name is None else "no day at all"
        return Fault("the month that the file is of", none, "name it with `--month`, such as 2026-10")
    return Fault(
        "days of which the month is known",
        repr(day),
        "name the month with `--month`, or say `days: month_first` or `days: day_first` at the account in "
        "sources.yaml",
        column=found.header.name(name),
    )


def _told(errors: Sequence[BadFileError], found: Recognised) -> Iterator[Fault]:
    """The faults; what came after rows were left out may be because of them."""
    bad = 0
    for error in errors:
        fault = fault_of(error, found)
        if isinstance(error, BadRowError):
            bad += len(error.rows)
        elif bad:
            fault = _after(fault, bad)
        yield fault


def _after(fault: Fault, bad: int) -> Fault:
    """A fault that was found when some rows had been set apart; what can be read of them counts in totals."""
    rows = "the bad row" if bad == 1 else f"the {bad} bad rows"
    return replace(fault, step=f"{fault.step} ({rows} above may be why: mend those first)")


def fault_of(error: BadFileError, found: Recognised | None = None) -> Fault:
    """An error as a fault of a file."""
    if not isinstance(error, BadRowError):
        return Fault(error.expected, error.found, error.hint, error.row, error.column)
    step = error.hint if found is None else _words_step(error, found)
    return Fault(error.expected, error.found, step, error.row, error.column, len(error.rows))


def _words_step(error: BadRowError, found: Recognised) -> str:
    """The setting that names words which the format does not know; else what the error says."""
    field = _field_with_words(error, found)
    if not field:
        return error.hint
    first, *others = found.format.rule(field).words or ("true", "false")
    words = list(dict.fromkeys(map(_unquoted, map(itemgetter(1), error.rows))))[:_MOST_WORDS]
    setting = f"`words: {{{field}: {{{first}: [{words[0]!r}]}}}}` if {words[0]!r} means {first}"
    more = f" ({', '.join(map(repr, words[1:]))} likewise)" if words[1:] else ""
    other = f"or the same with {' or '.join(others)}{more}"
    return f"say at the account in sources.yaml what it means: {setting}, {other}"


def _field_with_words(error: BadFileError, found: Recognised) -> str:
    """The field with words that an error is about; nothing where it is about something else."""
    of_words = fields_of_kind(found, "word", "flag")
    return next((name for name in of_words if found.header.name(name) == error.column), "")


def _unquoted(found: str) -> str:
    """A cell as it stands in the file; errors have it in quotes."""
    with suppress(ValueError, SyntaxError):
        return str(ast.literal_eval(found))
    return ""
