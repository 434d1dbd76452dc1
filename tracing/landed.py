"""The rows of a landed pull, read again by the reader that loads them, each with its lines in the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from etl.landing import Landing, Pull
from etl.pulls import LandedFile
from etl.sources.quarantining import read_slice
from pipeline.site import Site
from pulling.helping import helping
from scoring.evidence import FileEvidence
from scoring.period import Period
from warehouse import LoadedFile, Slice
from warehouse.conformed import Conformed, Lines
from warehouse.facts import fact_catalog

Key = tuple[str, ...]
"""What a row is known by, whichever load it came with: source, account, fact, and the values of its grain."""

_BATCH = 1 << 12
_OF_ACCOUNT = ("source", "entity")
"""What the grain of every fact begins with."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rows of a file that a row came from, as a spreadsheet counts them; `sheet` is of a workbook."""

    file: str
    sheet: str | None
    rows: tuple[int, ...]

    def has(self, file: str, row: int) -> bool:
        """Whether this row of the file is one of them."""
        return self.file == file and row in self.rows


@dataclass(frozen=True, slots=True)
class LandedRow:
    """A row of a fact as the landed files give it; `values` are the fact's columns without the slice's."""

    slice: Slice
    fact: str
    values: Mapping[str, Any]
    places: tuple[Place, ...]

    @property
    def key(self) -> Key:
        """What it is known by."""
        return key_of(self.fact, self.slice.source, self.slice.entity, self.values)

    @property
    def name(self) -> str:
        """What tells it from the others of its account, to be read by a person."""
        return " · ".join(self.key[3:])


def key_of(fact: str, source: str, entity: str, values: Mapping[str, Any]) -> Key:
    """What a row with these values is known by."""
    spec = fact_catalog()[fact]
    of_slice = {"source": source, "entity": entity, "slice_month": Period.containing(values[spec.dated])}
    said = {**values, **of_slice}
    return (source, entity, fact, *(str(said.get(name)) for name in spec.grain[len(_OF_ACCOUNT) :]))


def read_again(site: Site, pull: Pull) -> Conformed:
    """The pull as a load reads it; raises `BadFileError`, and `DataError` where the landing lost a file."""
    account = site.book.account(pull.source, pull.entity)
    with helping(account):
        return read_slice(site.book.sources[pull.source], pull.dated_files, account, pull.month)


def landed_rows(site: Site, pull: Pull) -> Iterator[LandedRow]:
    """Every row of the pull; raises what `read_again` raises."""
    yield from rows_in(Slice(pull.source, pull.entity, pull.month), read_again(site, pull))


def rows_in(which: Slice, conformed: Conformed) -> Iterator[LandedRow]:
    """The rows of a slice that was read."""
    for fact, table in conformed.tables.items():
        for begin in range(0, table.num_rows, _BATCH):
            rows = table.slice(begin, _BATCH).to_pylist()
            places = _places(conformed.lines.get(fact, ()), begin, len(rows))
            for values, where in zip(rows, places, strict=True):
                yield LandedRow(which, fact, values, where)


def pull_of(landing: Landing, which: Slice, content_sha256: str) -> Pull | None:
    """The pull with this content; None where the landing has none. Raises `DataError` for a changed one."""
    pulls = landing.pulls(which.source, which.entity, which.month)
    return next((pull for pull in pulls if pull.content_sha256 == content_sha256), None)


def contents_of(files: Iterable[LandedFile | LoadedFile | FileEvidence]) -> list[tuple[str, str]]:
    """The names and contents of files, by which two pulls are the same."""
    return [(file.name, file.sha256) for file in files]


def days_in(values: Mapping[str, Any]) -> tuple[date, ...]:
    """The days on which a row can count, such as those of a lead's stages."""
    return tuple(value for value in values.values() if isinstance(value, date))


def _places(lines: Sequence[Lines], begin: int, count: int) -> list[tuple[Place, ...]]:
    """The places of each row, file by file."""
    by_file = [_in_file(of_file, begin, count) for of_file in lines]
    found = zip(*by_file, strict=True) if by_file else ((),) * count
    return [tuple(filter(None, places)) for places in found]


def _in_file(lines: Lines, begin: int, count: int) -> list[Place | None]:
    """The place of each row in one file."""
    numbers: pa.Array = lines.rows.slice(begin, count)
    return [_place(lines, said) for said in numbers.to_pylist()]


def _place(lines: Lines, said: int | list[int] | None) -> Place | None:
    if said is None:
        return None
    return Place(lines.file, lines.sheet, tuple(said) if isinstance(said, list) else (said,))
