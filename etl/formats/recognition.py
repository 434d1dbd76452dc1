"""Which format a table has: its header is searched by names, in any language that the format knows."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from etl.formats.definition import Format, LookAlike
from etl.reading.document import Candidate
from etl.reading.records import Record

_ANY = re.compile("")
_SURENESS = ("verified", "code", "assumed")
_DROPPED = dict.fromkeys(map(ord, "\u00ad\ufeff\u200b\u200e\u200f"))
_ALIKE = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " "})


@lru_cache(maxsize=2**14)  # each row of a head is held against every format
def normal(cell: str) -> str:
    """A header's cell without what differs between copies of it: case, blanks, soft hyphens, apostrophes."""
    plain = unicodedata.normalize("NFKC", cell.translate(_DROPPED).translate(_ALIKE))
    return " ".join(plain.split()).casefold()


@dataclass(frozen=True, slots=True)
class Header:
    """A header row that fits a format.

    `places` are the positions of each field's columns, the first of them read, the others doubles of it;
    `said` is what the names of columns themselves say, such as a currency.
    """

    record: Record
    places: Mapping[str, tuple[int, ...]]
    language: str
    said: Mapping[str, str]

    def name(self, field: str) -> str:
        """How the file itself calls the field; the field's own name where it has no column."""
        return self.record.cells[self.places[field][0]] if field in self.places else field


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table, its format, and where its header is."""

    format: Format
    candidate: Candidate
    header: Header

    def first_cells(self, place: int) -> Iterator[str]:
        """The cells at a position of the first rows below the header."""
        for record in self.candidate.table.head():
            if record.row > self.header.record.row and place < len(record.cells):
                yield record.cells[place]

    @property
    def is_broken_down(self) -> bool:
        """Whether there are columns that part a row of the fact into several."""
        names = {normal(name) for name in self.format.breakdowns}
        return any(normal(cell) in names for cell in self.header.record.cells)


@dataclass(frozen=True, slots=True)
class Missed:
    """A row that comes close to a format's header: the format, the row, and the columns it lacks."""

    format: Format
    record: Record
    lacking: tuple[str, ...]
    found: int


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A row that is the header of another table than the format's, as the format itself knows."""

    format: Format
    record: Record
    other: LookAlike


@dataclass(frozen=True)
class Names:
    """The names of a format's columns, ready to be looked up."""

    format: Format

    @cached_property
    def _plain(self) -> Mapping[str, Mapping[str, tuple[str, int]]]:
        """For each language the field of each name, and the place of the name among those of the field."""
        return {
            language: {
                normal(name): (field, place)
                for field, names in fields.items()
                for place, name in enumerate(names)
                if not _is_pattern(name)
            }
            for language, fields in self.format.headers.items()
        }

    @cached_property
    def _patterns(self) -> Mapping[str, list[tuple[re.Pattern[str], str, int]]]:
        return {
            language: [
                (re.compile(name[1:-1], re.IGNORECASE), field, place)
                for field, names in fields.items()
                for place, name in enumerate(names)
                if _is_pattern(name)
            ]
            for language, fields in self.format.headers.items()
        }

    @cached_property
    def _all_plain(self) -> frozenset[str]:
        return frozenset(itertools.chain.from_iterable(self._plain.values()))

    @cached_property
    def _needs_a_plain_name(self) -> bool:
        """Whether patterns alone cannot make a header."""
        by_pattern = {field for found in self._patterns.values() for _, field, _ in found}
        return not self.format.required <= by_pattern

    def may_name(self, record: Record) -> bool:
        """Whether the row can have columns of the format; most rows of a table have none."""
        return not self._needs_a_plain_name or not self._all_plain.isdisjoint(map(normal, record.cells))

    def header(self, record: Record) -> Header | Missed:
        """The row as a header of the format, or what it lacks to be one."""
        parts = _side_by_side(record) if self.format.side_by_side else [record]
        tries = [self._header(record, part) for part in parts]
        fitting = (each for each in tries if isinstance(each, Header))
        missed = (each for each in tries if isinstance(each, Missed))
        nothing = Missed(self.format, record, (), 0)
        return next(fitting, None) or max(missed, key=lambda each: each.found, default=nothing)

    def _header(self, whole: Record, record: Record) -> Header | Missed:
        """What the cells of a record make of the whole row."""
        cells = [normal(cell) for cell in record.cells]
        language, places, said = self._in_languages(cells, record.cells)
        lacking = sorted(self.format.required - set(places)) or self._lacks_either(places)
        if lacking or self._is_another(cells):
            return Missed(self.format, whole, tuple(self._named(lacking, language)), len(places))
        return Header(whole, places, language, said)

    def _in_languages(
        self, cells: Sequence[str], raw: Sequence[str]
    ) -> tuple[str, Mapping[str, tuple[int, ...]], Mapping[str, str]]:
        """The language that explains most of the row, and its fields, with those that only others know."""
        found = {language: self._found(language, cells, raw) for language in self.format.headers}
        language = max(found, key=lambda each: len(found[each].places))
        places, said = dict(found[language].places), dict(found[language].said)
        for other in found.values():
            free = {name: at for name, at in other.places.items() if name not in places}
            places |= free
            said = {**other.said, **said} if free else said
        return language, places, said

    def _lacks_either(self, places: Mapping[str, tuple[int, ...]]) -> list[str]:
        either = self.format.either
        return [] if not either or any(name in places for name in either) else [either[0]]

    def mistaken(self, record: Record) -> Mistaken | None:
        """The row as the header of a table that is only like the format's, if it is one."""
        cells = {normal(cell) for cell in record.cells if cell} if self._look_alikes else set()
        for other, names, patterns in self._look_alikes:
            has_all = names <= cells and all(any(map(each.fullmatch, cells)) for each in patterns)
            if has_all and not set(other.lacks) & self._fields(record):
                return Mistaken(self.format, record, other)
        return None

    @cached_property
    def _look_alikes(self) -> list[tuple[LookAlike, frozenset[str], list[re.Pattern[str]]]]:
        """Each table that is only like the format's, with its columns by name and those by pattern."""
        return [
            (
                other,
                frozenset(normal(name) for name in other.columns if not _is_pattern(name)),
                [re.compile(name[1:-1], re.IGNORECASE) for name in other.columns if _is_pattern(name)],
            )
            for other in self.format.not_this
        ]

    def _fields(self, record: Record) -> set[str]:
        """The fields for which the row has a name in any language."""
        cells = [normal(cell) for cell in record.cells]
        found = (self._found(language, cells, record.cells) for language in self.format.headers)
        return {name for each in found for name in each.places}

    def places(self, cells: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
        """The fields whose names stand in a row, and where, in the language that has the most of them."""
        normalised = [normal(cell) for cell in cells]
        found = [self._found(language, normalised, cells).places for language in self.format.headers]
        return max(found, key=len)

    def _found(self, language: str, cells: Sequence[str], raw: Sequence[str]) -> _Found:
        best: dict[str, tuple[int, list[int]]] = {}
        said: dict[str, str] = {}
        for position, cell in enumerate(cells):
            match = self._match(language, cell, raw[position]) if cell else None
            if match is None:
                continue
            name, place, groups = match
            known = best.get(name)
            if known is None or place < known[0]:
                best[name] = (place, [position])
            elif place == known[0]:
                known[1].append(position)
            said |= groups
        return _Found({name: tuple(places) for name, (_, places) in best.items()}, said)

    def _match(self, language: str, cell: str, raw: str) -> tuple[str, int, dict[str, str]] | None:
        plain = self._plain[language].get(cell)
        if plain is not None:
            return *plain, {}
        for pattern, name, place in self._patterns[language]:
            match = pattern.fullmatch(" ".join(raw.translate(_ALIKE).split()))
            if match is not None:
                return name, place, {group: text for group, text in match.groupdict().items() if text}
        return None

    def _is_another(self, cells: Iterable[str]) -> bool:
        return bool({normal(name) for name in self.format.without} & set(cells))

    def _named(self, fields: Iterable[str], language: str) -> Iterator[str]:
        for name in fields:
            for each in (language, *self.format.headers):
                if name in self.format.headers[each]:
                    yield readable(self.format.headers[each][name][0])
                    break


def _side_by_side(record: Record) -> Iterator[Record]:
    """The row once for each run of cells that are not empty, with only that run in it."""
    empty = [place for place, cell in enumerate(record.cells) if not normal(cell)]
    for before, after in itertools.pairwise([-1, *empty, len(record.cells)]):
        if after - before > 1:
            kept = tuple(cell if before < at < after else "" for at, cell in enumerate(record.cells))
            yield Record(kept, record.row, record.end)


@dataclass(frozen=True, slots=True)
class _Found:
    places: Mapping[str, tuple[int, ...]]
    said: Mapping[str, str]


@dataclass(slots=True)
class Search:
    """What came of holding a file's tables against formats."""

    fits: list[Recognised] = field(default_factory=list)
    closest: Missed | None = None
    mistaken: Mistaken | None = None
    other_sheets: list[str] = field(default_factory=list)
    wanted_sheet: str = ""

    def note(self, missed: Missed) -> None:
        """Keep a row that comes closer to a header than those before."""
        if missed.found and (self.closest is None or _is_closer(missed, self.closest)):
            self.closest = missed

    def best(self) -> list[Recognised]:
        """The formats that explain the most columns of their header; where several do, the surest first."""
        most = max((len(each.header.places) for each in self.fits), default=0)
        alike = [each for each in self.fits if len(each.header.places) == most]
        return sorted(alike, key=lambda each: _SURENESS.index(each.format.status))


def search(candidates: Iterable[Candidate], names: Sequence[Names]) -> Search:
    """Hold every table against every format; of a text only its first reading that fits any."""
    found = Search()
    settled: str | None = None
    for candidate in candidates:
        encoding = candidate.decoded.encoding if candidate.decoded else None
        if settled is not None and encoding != settled:
            break
        if _fit(candidate, names, found) and encoding is not None:
            settled = encoding
    return found


def _fit(candidate: Candidate, names: Sequence[Names], found: Search) -> bool:
    """Whether the table has the header of any of the formats."""
    head = candidate.table.head()
    before = len(found.fits)
    for each in names:
        if not _may_hold(each.format, candidate):
            found.other_sheets.append(candidate.part)
            found.wanted_sheet = (each.format.sheet or each.format.member or _ANY).pattern
            continue
        header = _header(each, head, found)
        if header is not None:
            found.fits.append(Recognised(each.format, candidate, header))
    return len(found.fits) > before


def _header(names: Names, head: Iterable[Record], found: Search) -> Header | None:
    """The first row that is the format's header; what comes close to one is noted in `found`.

    Below a row that names more columns it is that of a second table, and the first one has been damaged.
    """
    most = 0
    for record in head:
        mistaken = names.mistaken(record)
        if mistaken is not None:
            found.mistaken = found.mistaken or mistaken
            return None
        if not names.may_name(record):
            continue
        header = names.header(record)
        if isinstance(header, Header):
            return header if len(header.places) >= most else None
        most = max(most, header.found)
        found.note(header)
    return None


def _may_hold(form: Format, candidate: Candidate) -> bool:
    if "in a zip" in candidate.kind:
        return form.member is None or bool(form.member.search(candidate.part))
    if candidate.part and form.sheet is not None:
        return bool(form.sheet.fullmatch(candidate.part))
    return True


def _is_closer(one: Missed, other: Missed) -> bool:
    return (len(one.lacking), -one.found) < (len(other.lacking), -other.found)


def readable(name: str) -> str:
    """The name of a column as a person would write it, also where the format has a pattern for it."""
    if not _is_pattern(name):
        return name
    plain = re.sub(r"\(\?P<currency>[^)]*\)", "EUR", name[1:-1])
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[?*+]|\[(.)[^\]]*\]", r"\1", plain))


def _is_pattern(name: str) -> bool:
    return len(name) > 2 and name.startswith("/") and name.endswith("/")
