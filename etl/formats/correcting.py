"""Proposes what to add to a format that a file almost has: the name of the column that it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import chain, product, starmap

from etl.formats.definition import Format
from etl.formats.fields import kind_of_field
from etl.formats.guessing import Column, columns_of
from etl.formats.library import format_in
from etl.formats.proposing import comment, scalar
from etl.formats.recognition import Missed, Names, normal, readable
from etl.formats.trying import Tried, try_file
from etl.landing import LandedFile
from etl.reading.document import Candidate, candidates
from etl.reading.records import Record
from scoring.errors import BadFileError
from scoring.period import Period

_LEAST_FOUND, _MOST_LACKING, _ALIKE = 3, 3, 0.55


@dataclass(frozen=True, slots=True)
class Correction:
    """A format as it would have to be for a file, what it is `like`, and how the file then reads."""

    name: str
    text: str
    like: Format
    tried: Tried


@dataclass(frozen=True, slots=True)
class _Near:
    form: Format
    candidate: Candidate
    record: Record
    lacking: frozenset[str]
    found: int

    @property
    def score(self) -> int:
        return self.found - 3 * len(self.lacking)


def correct(file: LandedFile, names: Iterable[Names], month: Period | None = None) -> Correction | None:
    """What would make the closest format fit; None where none is close, or the file still does not read."""
    with suppress(BadFileError):
        near = max(_near(file, [*names]), key=lambda each: each.score, default=None)
        if near is not None and (columns := _columns(near)).keys() >= near.lacking:
            return _corrected(file, near.form, columns, month)
    return None


def _corrected(
    file: LandedFile, form: Format, columns: Mapping[str, str], month: Period | None
) -> Correction | None:
    """The format with other names of columns, if the file reads by it."""
    name, text = f"{form.name}_own", _text(form, columns)
    tried = try_file(file, [Names(format_in(name, text))], month=month)
    return None if tried.read is None else Correction(name, text, form, tried)


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
    return _Near(names.format, candidate, record, lacking, header.found)


def _columns(near: _Near) -> dict[str, str]:
    """The most similar of the columns that mean nothing yet, for each field that lacks one."""
    free, found = _free_columns(near), dict[str, str]()
    pairs = product(near.lacking, free)
    alike = [(_similarity(near.form, field, column), field, column.name) for field, column in pairs]
    for likeness, field, name in sorted(alike, reverse=True):
        if likeness >= _ALIKE and field not in found and name not in found.values():
            found[field] = name
    return found


def _free_columns(near: _Near) -> list[Column]:
    taken = {*chain.from_iterable(Names(near.form).places(near.record.cells).values())}
    body = near.candidate.table.body(near.record, range(len(near.record.cells)))
    return [each for each in columns_of(near.record, body) if each.place not in taken]


def _similarity(form: Format, field: str, column: Column) -> float:
    """How much a column is like one of the field's: by its name, if its cells could be the field's at all."""
    kind = kind_of_field(form, field)
    is_telling = kind in ("day", "count", "amount", "currency")
    if is_telling and kind not in column.kinds:
        return 0
    likenesses = (_alike(normal(readable(name)), normal(column.name)) for name in form.names_of(field))
    return max(likenesses, default=0) + 0.1 * is_telling


def _alike(one: str, other: str) -> float:
    """From 0 to 1: by words if one has all words of the other, else by letters."""
    words, others = set(one.split()), set(other.split())
    if words <= others or others <= words:
        return 0.9
    return SequenceMatcher(None, one, other).ratio()


def _text(form: Format, columns: Mapping[str, str]) -> str:
    language = next(iter(form.headers))
    lines = [
        *comment(
            f"{form.title} of {form.source} with other names of columns, guessed by their likeness. Look at "
            f"it and save it as formats/{form.name}_own.yaml in your book."
        ),
        f"like: {form.name}",
        "headers:",
        f"  {scalar(language)}:",
    ]
    for field, column in columns.items():
        lines.append(f"    {field}: {scalar(column)}  # a guess: like {readable(form.names_of(field)[0])}")
    return "\n".join(lines) + "\n"
