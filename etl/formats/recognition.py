"""Which format a table has: its header is searched by names, in any language that the format knows."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, reduce
from itertools import chain, groupby, islice, pairwise, takewhile
from math import inf
from typing import TypeVar

from etl.formats.definition import Format, LookAlike
from etl.reading.days import without_zone
from etl.reading.document import Candidate
from etl.reading.records import SEARCHED_ROWS, Record

_ANY = re.compile("")
_WORD = re.compile("[a-z]+|[0-9]+")
_Kind = TypeVar("_Kind")
_SURENESS = ("verified", "code", "assumed")
_DROPPED = dict.fromkeys(map(ord, "\u00ad\ufeff\u200b\u200e\u200f"))
_MISREAD_MARK = "\u00ef\u00bb\u00bf"
"""The mark of UTF-8 at the beginning of a file, as a program that read it as Latin-1 saved it."""
_ALIKE = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " "})


def unmarked(cell: str) -> str:
    """A cell without marks that nobody sees, such as soft hyphens."""
    return cell if cell.isascii() else cell.translate(_DROPPED)


@lru_cache(maxsize=2**14)  # the cells of headers come again with each file
def normal(cell: str) -> str:
    """A header's cell without what differs between copies of it: case, blanks, soft hyphens, apostrophes."""
    # most cells are plain ASCII, which the rest would leave as it is
    plain = cell if cell.isascii() else _without_variants(cell)
    return " ".join(plain.split()).casefold()


def _without_variants(cell: str) -> str:
    return unicodedata.normalize("NFKC", unmarked(cell).removeprefix(_MISREAD_MARK).translate(_ALIKE))


@lru_cache(maxsize=2**10)  # each row of a head is held against every format
def _names_in(cells: tuple[str, ...]) -> frozenset[str]:
    """The cells of a row as a header's cells."""
    return frozenset(map(normal, cells))


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

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.candidate.table.file

    def first_cells(self, place: int) -> Iterator[str]:
        """The cells at a position of the first rows below the header."""
        for record in self.candidate.table.head():
            if record.row > self.header.record.row and place < len(record.cells):
                yield record.cells[place]

    @property
    def proves_its_encoding(self) -> bool:
        """Whether the header has a known name with letters that other encodings write in other bytes."""
        names = {*map(normal, chain.from_iterable(map(self.format.names_of, self.header.places)))}
        found = map(normal, self.header.record.cells)
        return any(not name.isascii() and name in names for name in found)

    @property
    def is_broken_down(self) -> bool:
        """Whether there are columns that part a row of the fact into several."""
        names = {*map(normal, self.format.breakdowns)}
        return not names.isdisjoint(map(normal, self.header.record.cells))


@dataclass(frozen=True, slots=True)
class Missed:
    """A row that comes close to a format's header: the format, the row, and the columns it lacks."""

    format: Format
    record: Record
    lacking: tuple[str, ...]
    found: int

    def distance(self) -> tuple[bool, int, int]:
        """How far it is from the header: by the columns it lacks, each for three of those that it has.

        What lacks none has a column that only another format has: that one's is the header to look for.
        """
        return not self.lacking, len(self.lacking) * _FOR_EACH - self.found, len(self.lacking)

    def is_of_file(self, name: str) -> bool:
        """Whether the file is called like the platform, and has more of the columns than it lacks."""
        return 0 < len(self.lacking) < self.found and is_named_after(name, self.format.source)


_FOR_EACH = 3
"""A format that lacks one column more is nearer only if more than so many more of its columns are there."""


def is_named_after(file: str, source: str) -> bool:
    """Whether a file, or a folder that it lies in, has the words of a platform's name, as of `google_ads`."""
    own, words = (_WORD.findall(each.casefold()) for each in (source, file))
    return {*own} <= {*words}


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A row that is the header of another table than the format's, as the format itself knows."""

    format: Format
    record: Record
    other: LookAlike


@dataclass(frozen=True, slots=True)
class _Found:
    """The fields that the cells of a row name, and where; `said` is what the names themselves say."""

    places: Mapping[str, tuple[int, ...]]
    said: Mapping[str, str]

    def completed_by(self, other: _Found) -> _Found:
        """With the fields that only another language knows."""
        free = {name: at for name, at in other.places.items() if name not in self.places}
        return _Found({**self.places, **free}, {**other.said, **self.said}) if free else self


@dataclass(frozen=True)
class _Language:
    """The names of a format's columns in one language: the field of each, and its place among the field's."""

    fields: Mapping[str, Sequence[str]]

    @cached_property
    def plain(self) -> Mapping[str, tuple[str, int]]:
        """The field of each name that is no pattern."""
        return {normal(name): (field, at) for name, field, at in self._each() if not is_pattern(name)}

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str, int]]:
        """The fields of those that are."""
        return [(_compiled(name), field, at) for name, field, at in self._each() if is_pattern(name)]

    def _each(self) -> Iterator[tuple[str, str, int]]:
        for called, names in self.fields.items():
            yield from ((name, called, at) for at, name in enumerate(names))

    def found(self, cells: Sequence[str]) -> _Found:
        """The fields whose names stand in the cells; of a field those columns with its most telling name."""
        places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        said: dict[str, str] = {}
        for position, cell in enumerate(cells):
            for name, at, groups in self._match(cell):
                places[name].append((at, position))
                said |= groups
        return _Found({name: _most_telling(some) for name, some in places.items()}, said)

    def _match(self, cell: str) -> Iterator[tuple[str, int, dict[str, str]]]:
        """The field that a cell names, if any, with or without the zone of its times behind it."""
        found, bare = [*self._match_whole(cell)], without_zone(cell)
        yield from found if found or bare == cell else self._match_whole(bare)

    def _match_whole(self, cell: str) -> Iterator[tuple[str, int, dict[str, str]]]:
        plain = normal(cell)
        if plain in self.plain:
            yield *self.plain[plain], {}
        elif plain:
            yield from islice(self._by_pattern(" ".join(cell.translate(_ALIKE).split())), 1)

    def _by_pattern(self, cell: str) -> Iterator[tuple[str, int, dict[str, str]]]:
        for pattern, name, at in self.patterns:
            if match := pattern.fullmatch(cell):
                yield name, at, {group: text for group, text in match.groupdict().items() if text}


def _most_telling(found: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The positions of those columns that are called by the first of the names that any has."""
    best, _ = min(found)
    return tuple(position for at, position in found if at == best)


@dataclass(frozen=True)
class Columns:
    """Names and patterns of columns, all of which a header must have."""

    names: Sequence[str]

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset(normal(name) for name in self.names if not is_pattern(name))

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [*map(_compiled, filter(is_pattern, self.names))]

    def are_in(self, cells: tuple[str, ...]) -> bool:
        """Whether the cells of a row have each of them."""
        names = _names_in(cells)
        return self._plain <= names and all(_fits_any(each, names) for each in self._patterns)

    def have_a_pattern_of(self, cells: tuple[str, ...]) -> bool:
        """Whether any cell fits one of the patterns."""
        return any(_fits_any(each, _names_in(cells)) for each in self._patterns)


@lru_cache(maxsize=2**10)  # formats of a source have patterns in common, and each row is held against all
def _fits_any(pattern: re.Pattern[str], names: frozenset[str]) -> bool:
    return any(map(pattern.fullmatch, filter(None, names)))


@dataclass(frozen=True)
class Names:
    """The names of a format's columns, ready to be looked up."""

    format: Format

    @cached_property
    def _languages(self) -> Mapping[str, _Language]:
        return {language: _Language(fields) for language, fields in self.format.headers.items()}

    @cached_property
    def _others(self) -> frozenset[str]:
        """The columns that only another format of the source has."""
        return frozenset(map(normal, self.format.without))

    @cached_property
    def spaced(self) -> Names:
        """The same names with blanks for underscores."""
        headers = {
            language: {called: tuple(map(_spaced, some)) for called, some in fields.items()}
            for language, fields in self.format.headers.items()
        }
        without = tuple(map(_spaced, self.format.without))
        return Names(self.format.model_copy(update={"headers": headers, "without": without}))

    @cached_property
    def _found(self) -> Callable[[tuple[str, ...]], Mapping[str, _Found]]:
        """What the cells of a row name in each language; the same headers come again with each file."""
        return lru_cache(maxsize=2**6)(self._found_in)

    def _found_in(self, cells: tuple[str, ...]) -> Mapping[str, _Found]:
        return {name: language.found(cells) for name, language in self._languages.items()}

    @cached_property
    def _all_plain(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(each.plain for each in self._languages.values()))

    @cached_property
    def _needs_a_plain_name(self) -> bool:
        """Whether patterns alone cannot make a header."""
        by_pattern = {field for each in self._languages.values() for _, field, _ in each.patterns}
        return not self.format.required <= by_pattern

    def held(self, record: Record) -> Header | Missed | Mistaken | None:
        """What a row is to the format; None for most rows of a table, which can have none of its columns."""
        return self.mistaken(record) or (self.header(record) if self._may_name(record) else None)

    def _may_name(self, record: Record) -> bool:
        return not self._needs_a_plain_name or not self._all_plain.isdisjoint(_names_in(record.cells))

    def header(self, record: Record) -> Header | Missed:
        """The row as a header of the format, or what it lacks to be one."""
        parts = _side_by_side(record) if self.format.side_by_side else [record]
        tries = [self._header(record, part) for part in parts]
        return max(tries, key=_nearness, default=Missed(self.format, record, (), 0))

    def _header(self, whole: Record, part: Record) -> Header | Missed:
        """What the cells of a part make of the whole row, in the language that explains most of it."""
        found = self._found(part.cells)
        language = max(found, key=lambda each: len(found[each].places))
        best = reduce(_Found.completed_by, found.values(), found[language])
        lacking = sorted(self.format.required - best.places.keys()) or self._lacks_either(best.places)
        if lacking or not self._others.isdisjoint(_names_in(part.cells)):
            named = tuple(self._named(name, language) for name in lacking)
            return Missed(self.format, whole, named, len(best.places))
        return Header(whole, best.places, language, best.said)

    def _lacks_either(self, places: Mapping[str, tuple[int, ...]]) -> Sequence[str]:
        either = self.format.either
        return either[:1] if places.keys().isdisjoint(either) else ()

    def _named(self, field: str, language: str) -> str:
        names = self.format.headers[language].get(field) or self.format.names_of(field)
        return readable(names[0])

    def mistaken(self, record: Record) -> Mistaken | None:
        """The row as the header of a table that is only like the format's, if it is one."""
        for other, columns, lacks in self._look_alikes:
            if columns.are_in(record.cells) and self._lacks(record, lacks):
                return Mistaken(self.format, record, other)
        return None

    @cached_property
    def _look_alikes(self) -> list[tuple[LookAlike, Columns, Columns]]:
        return [(other, Columns(other.columns), Columns(other.lacks)) for other in self.format.not_this]

    def _lacks(self, record: Record, lacks: Columns) -> bool:
        """Whether the row has a name for none of the fields, in any language, and no column of a pattern."""
        found = self._found(record.cells).values()
        is_named = any(not each.places.keys().isdisjoint(lacks.names) for each in found)
        return not is_named and not lacks.have_a_pattern_of(record.cells)

    def places(self, cells: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
        """The fields whose names stand in a row, and where, in the language that has the most of them."""
        return max((found.places for found in self._found(cells).values()), key=len)


def _nearness(header: Header | Missed) -> float:
    return inf if isinstance(header, Header) else header.found


def _side_by_side(record: Record) -> Iterator[Record]:
    """The row once for each run of cells that are not empty, with only that run in it."""
    empty = [place for place, cell in enumerate(record.cells) if not normal(cell)]
    for before, after in pairwise([-1, *empty, len(record.cells)]):
        if after - before > 1:
            left, right = ("",) * (before + 1), ("",) * (len(record.cells) - after)
            yield Record((*left, *record.cells[before + 1 : after], *right), record.row, record.end)


@dataclass(slots=True)
class Search:
    """What came of holding a file's tables against formats; `file` is what it is called."""

    fits: list[Recognised] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    mistaken: Mistaken | None = None
    other_sheets: list[str] = field(default_factory=list)
    wanted_sheet: str = ""
    file: str = ""

    @property
    def closest(self) -> Missed | None:
        """The row that comes closest to a header of the platform that the file is called like, or of any.

        None where none has any of the columns.
        """
        some = (each for each in self.missed if each.found)
        return min(some, key=lambda each: (not each.is_of_file(self.file), *each.distance()), default=None)

    def note(self, tried: Sequence[Header | Missed | Mistaken]) -> None:
        """Keep the rows that come close to a header, and the first that is another table's."""
        self.missed += _of_kind(Missed, tried)
        self.mistaken = self.mistaken or next(iter(_of_kind(Mistaken, tried)), None)

    def note_sheet(self, name: str, form: Format) -> None:
        """Keep the name of a sheet, or of a file inside, that is not the one a format wants."""
        self.other_sheets.append(name)
        self.wanted_sheet = (form.part or _ANY).pattern

    def best(self) -> list[Recognised]:
        """The formats that explain the most columns of their header; where several do, the surest first."""
        sound = [each for each in self.fits if not self._is_rather_another(each)]
        most = max(map(_explained, sound), default=0)
        alike = [each for each in sound if _explained(each) == most]
        return sorted(alike, key=lambda each: _SURENESS.index(each.format.status))

    def _is_rather_another(self, fit: Recognised) -> bool:
        """Whether an assumed format has fewer of the columns than another one that lacks but some.

        A list of leads would be found in orders that lack the amount paid back.
        """
        row, own = fit.header.record, _explained(fit)
        others = (each for each in self.missed if each.record == row and each.lacking)
        return fit.format.status == "assumed" and any(
            each.found > own + _MORE * len(each.lacking) for each in others
        )


_MORE = 2
"""How many columns more a format must have in a file for each one that it lacks there."""


def _explained(found: Recognised) -> int:
    return len(found.header.places)


def search(candidates: Iterable[Candidate], names: Sequence[Names]) -> Search:
    """Hold every table against every format; of each text only its first reading that fits any."""
    found, is_read = Search(), set[str]()
    for (member, encoding), alike in groupby(candidates, key=_reading):
        is_fitting = member not in is_read and _fit_alike(alike, names, found)
        if is_fitting and encoding is not None:
            is_read.add(member)
        if "" in is_read:  # no zip, and nothing further in it
            break
    return found


def _reading(candidate: Candidate) -> tuple[str, str | None]:
    """Which text a table is of, and in which encoding it was read."""
    return candidate.member, candidate.decoded.encoding if candidate.decoded else None


def _fit_alike(alike: Iterable[Candidate], names: Sequence[Names], found: Search) -> bool:
    """Whether any of the tables fits a format; all that do are noted."""
    before = len(found.fits)
    for candidate in alike:
        _fit(candidate, names, found)
    return len(found.fits) > before


def _fit(candidate: Candidate, names: Sequence[Names], found: Search) -> None:
    """Note the formats of which the table has the header.

    A database writes `order_date` for what a report calls `Order date`: where no format fits otherwise, the
    names of its columns are compared without regard to that.
    """
    head, before = candidate.table.head(), len(found.fits)
    found.file = candidate.table.file
    for each in names:
        if not _may_hold(each.format, candidate):
            found.note_sheet(candidate.part, each.format)
        elif header := _header(each, head, found):
            found.fits.append(Recognised(each.format, candidate, header))
    if candidate.has_keys and len(found.fits) == before:
        _fit_spaced(candidate, head[0], names, found)


def _fit_spaced(candidate: Candidate, keys: Record, names: Iterable[Names], found: Search) -> None:
    spaced = Record(tuple(map(_spaced, keys.cells)), keys.row, keys.end)
    for each in filter(_may_be_spaced, names):
        if _may_hold(each.format, candidate) and (header := _header(each.spaced, [spaced], found)):
            found.fits.append(Recognised(each.format, candidate, replace(header, record=keys)))


def _may_be_spaced(names: Names) -> bool:
    """Not for ads: in tables of their platforms money is in other units than in reports, as in millionths."""
    return names.format.fact != "fct_ad_daily"


def _spaced(name: str) -> str:
    return name if is_pattern(name) else name.replace("_", " ")


def _header(names: Names, head: Iterable[Record], found: Search) -> Header | None:
    """The row that is the format's header, of several the one with the most columns; others go to `found`.

    Below a row that names more columns it is that of a second table, and the first one has been damaged.
    """
    tried = [*_tried(names, head)]
    found.note(tried)
    best = max(_of_kind(Header, tried), key=lambda header: len(header.places), default=None)
    return None if best is None or _is_below_a_damaged_one(best, tried) else best


def _of_kind(kind: type[_Kind], tried: Iterable[object]) -> list[_Kind]:
    return [each for each in tried if isinstance(each, kind)]


def _tried(names: Names, head: Iterable[Record]) -> Iterator[Header | Missed | Mistaken]:
    """What each row is to the format, up to its header; to the end where a file may have several tables."""
    for record in _searched(names.format, head):
        found = names.held(record)
        if found is not None:
            yield found
        if isinstance(found, Header | Mistaken) and not names.format.has_several_tables:
            return


def _searched(form: Format, head: Iterable[Record]) -> Iterable[Record]:
    """The rows among which a header is searched."""
    first = takewhile(lambda record: record.row <= SEARCHED_ROWS, head)
    return head if form.has_several_tables else first


def _is_below_a_damaged_one(header: Header, tried: Iterable[Header | Missed | Mistaken]) -> bool:
    above = takewhile(lambda each: each is not header, tried)
    return any(each.found > len(header.places) for each in _of_kind(Missed, above))


def _may_hold(form: Format, candidate: Candidate) -> bool:
    return _is_wanted_member(form, candidate.member) and _is_wanted_sheet(form, candidate.sheet)


def _is_wanted_member(form: Format, name: str) -> bool:
    return not name or form.member is None or bool(form.member.search(name))


def _is_wanted_sheet(form: Format, name: str) -> bool:
    return not name or form.sheet is None or bool(form.sheet.fullmatch(name))


def readable(name: str) -> str:
    """The name of a column as a person would write it, also where the format has a pattern for it."""
    if not is_pattern(name):
        return name
    plain = re.sub(r"\(\?P<currency>[^)]*\)", "EUR", name[1:-1])
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[?*+]|\[(.)[^\]]*\]", r"\1", plain))


def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(name[1:-1], re.IGNORECASE)


def is_pattern(name: str) -> bool:
    """Whether the name of a column is a pattern between slashes."""
    return len(name) > 2 and name.startswith("/") and name.endswith("/")
