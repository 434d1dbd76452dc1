"""Proposes what to add to a format that a file almost has: the name of the column that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, product, starmap
from operator import attrgetter

from etl.formats.definition import Format
from etl.formats.fields import kind_of_field
from etl.formats.library import format_in
from etl.formats.recognition import Missed, Names, normal, readable
from etl.formats.unread import KINDS, likeness
from etl.landing import LandedFile
from etl.reading.document import Candidate, candidates
from etl.reading.records import Record
from scoring.errors import BadFileError
from scoring.period import Period
from trying.guessing import WANTED, Column, columns_of
from trying.proposing import comment, not_read, scalar
from trying.telling import is_signed_for
from trying.tried import Tried, try_file

_CENTS = re.compile(r"[.,][0-9]{1,2}\D*$")
_LEAST_FOUND, _MOST_LACKING, _ALIKE = 3, 3, 0.55


@dataclass(frozen=True, slots=True)
class Correction:
    """A format as it would have to be for a file, what it is `like`, and how the file then reads.

    `missed` is the row that is almost the header of that other one.
    """

    name: str
    text: str
    like: Format
    missed: Missed
    tried: Tried


@dataclass(frozen=True, slots=True)
class _Near:
    form: Format
    candidate: Candidate
    record: Record
    lacking: frozenset[str]
    missed: Missed

    @property
    def score(self) -> int:
        return self.missed.found - 3 * len(self.lacking)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is known of a format before it is made.

    `name` is that of the file it will be saved in, `source` a new one that it is to be of, and `platform` the
    source under whose account the export lies.
    """

    name: str | None = None
    source: str | None = None
    platform: str | None = None


_NO_AIM = Aim()


def correct(
    file: LandedFile, names: Iterable[Names], month: Period | None = None, aim: Aim = _NO_AIM
) -> Correction | None:
    """What would make the closest format fit; None where none is close, or the file still does not read."""
    with suppress(BadFileError):
        near = max(_near(file, [*names]), key=partial(_likeliness, aim), default=None)
        if near is not None and (columns := _columns(near, aim)).keys() >= near.lacking:
            return _corrected(file, near, columns, month, aim)
    return None


def _likeliness(aim: Aim, near: _Near) -> tuple[bool, bool, bool, int]:
    """Where a file lies, what only one platform writes around its rows, and its name, before its columns."""
    is_named = near.missed.is_of_file(near.candidate.table.file)
    is_there, is_signed = near.form.source == aim.platform, is_signed_for(near.missed, near.candidate)
    return is_there, is_signed, is_named, near.score


def _corrected(
    file: LandedFile, near: _Near, columns: Mapping[str, str], month: Period | None, aim: Aim
) -> Correction | None:
    """The format with other names of columns, if the file reads by it."""
    name = aim.name or f"{near.form.name}_own"
    text = _text(near, columns, name, _own_source(near.form, aim))
    tried = try_file(file, [Names(format_in(name, text))], month=month)
    return None if tried.read is None else Correction(name, text, near.form, near.missed, tried)


def _own_source(form: Format, aim: Aim) -> str | None:
    """The new source that the format is to be of; None where it stays with that of the one it is like.

    It stays where its file is called like a format of that source, or where files are looked up in others.
    """
    is_alone = form.fact is not None and form.join is None
    is_new = aim.source is not None and not aim.source.startswith(form.source)
    return aim.source if is_new and is_alone else None


def _near(file: LandedFile, known: Sequence[Names]) -> Iterator[_Near]:
    for candidate in candidates(file):
        found = starmap(partial(_missed, candidate), product(candidate.table.head(), known))
        yield from filter(None, found)


def _missed(candidate: Candidate, record: Record, names: Names) -> _Near | None:
    """The row as a header that lacks few columns of many."""
    header = names.header(record)
    if not isinstance(header, Missed) or header.found < _LEAST_FOUND:
        return None
    lacking = names.format.required - set(names.places(record.cells))
    if not 0 < len(lacking) <= min(_MOST_LACKING, header.found // 2):
        return None
    return _Near(names.format, candidate, record, lacking, header)


def _columns(near: _Near, aim: Aim) -> dict[str, str]:
    """Of the columns that mean nothing yet one for each field that lacks one."""
    free = _free_columns(near)
    found = _most_similar(near, free)
    if not found and any(_likeliness(aim, near)[:2]):
        return dict(_only_one_left(near, free))
    return found


def _most_similar(near: _Near, free: Iterable[Column]) -> dict[str, str]:
    """The most similar column for each field that is similar to any."""
    pairs = product(near.lacking, free)
    alike = [(_similarity(near.form, field, column), field, column.name) for field, column in pairs]
    found: dict[str, str] = {}
    for similarity, field, name in sorted(alike, reverse=True):
        if similarity >= _ALIKE and field not in found and name not in found.values():
            found[field] = name
    return found


def _similarity(form: Format, field: str, column: Column) -> float:
    """How much a column is like one of the field's: by its name, if its cells could be the field's at all."""
    kind = kind_of_field(form, field)
    is_telling = kind in (*KINDS, "currency")
    if is_telling and kind not in column.kinds:
        return 0
    if _has_a_name_of(form, field, column):
        return 1
    found = (likeness(normal(readable(name)), normal(column.name)) for name in form.names_of(field))
    return max(found, default=0) + 0.1 * is_telling


def _has_a_name_of(form: Format, field: str, column: Column) -> bool:
    """Whether the column has one of the names that are usual for the field, whatever the format."""
    wanted = WANTED.get(form.fact or "", ())
    return any(each.field == field and each.is_named(column) for each in wanted)


def _only_one_left(near: _Near, free: Iterable[Column]) -> Iterator[tuple[str, str]]:
    """The one field that a platform's own file lacks, and the one column left with an amount, of any name."""
    amounts = [*map(attrgetter("name"), filter(_has_cents, free))]
    lacking = [field for field in near.lacking if kind_of_field(near.form, field) == "amount"]
    if len(amounts) == 1 and len(lacking) == len(near.lacking) == 1:
        yield lacking[0], amounts[0]


def _has_cents(column: Column) -> bool:
    return "amount" in column.kinds and any(map(_CENTS.search, column.known))


def _free_columns(near: _Near) -> list[Column]:
    taken = {*chain.from_iterable(Names(near.form).places(near.record.cells).values())}
    body = near.candidate.table.body(near.record, range(len(near.record.cells)))
    return [each for each in columns_of(near.record, body) if each.place not in taken]


def _text(near: _Near, columns: Mapping[str, str], name: str, source: str | None) -> str:
    form = near.form
    account = "" if source is None else f" Then sources.yaml can name an account of {source}."
    lines = [
        *comment(
            f"{form.title} of {form.source} with other names of columns, guessed by their likeness. Look at "
            f"it and save it as formats/{name}.yaml in your book.{account}"
        ),
        f"like: {form.name}",
        *([] if source is None else [f"source: {source}"]),
        "status: assumed",
        "headers:",
        f"  {scalar(_language(near))}:",
        *_guesses(form, columns),
    ]
    left = [each.name for each in _free_columns(near) if each.name not in columns.values()]
    return "\n".join([*lines, *not_read(left)]) + "\n"


def _language(near: _Near) -> str:
    """The language of the format whose names most of the header's cells are."""
    cells, headers = {*map(normal, near.record.cells)}, near.form.headers
    names = {each: {*map(normal, chain.from_iterable(said.values()))} for each, said in headers.items()}
    return max(headers, key=lambda language: len(cells & names[language]))


def _guesses(form: Format, columns: Mapping[str, str]) -> Iterator[str]:
    for field, column in columns.items():
        yield f"    {field}: {scalar(column)}  # a guess: like {readable(form.names_of(field)[0])}"
