"""The rows of a table by the fields of its format, and which of them are data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, compress
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import all_of, count_true, first
from etl.formats.definition import RowRule
from etl.formats.notes import NO_ROWS, without_note
from etl.formats.recognition import Header, Recognised, unmarked
from etl.reading.records import POSSIBLY_CUT_OFF, Body, Record
from scoring.errors import NEW_EXPORT, BadFileError, BadRowError

ANY = "any"
LABEL = "#"
"""How the name of a column begins that is no field, and only looked at for the name of a total."""
_LABELLED = 3
MOST_SHOWN = 500
_BELOW = "below the table"
_VALUE = "a value, and no error or formula that no program has worked out"
Places = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as texts by field; `numbers` are their places in the file, `header` says how it calls a field.

    `plain` says which cells are numbers or days to the program that wrote the file.
    """

    file: str
    table: pa.Table
    numbers: pa.Array
    header: Header
    plain: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def has(self, field: str | None) -> bool:
        """Whether the file has a column for the field."""
        return field in self.table.column_names

    @property
    def fields(self) -> list[str]:
        """Its fields, without the columns that are only looked at."""
        return [name for name in self.table.column_names if not name.startswith(LABEL)]

    def has_plain(self, field: str) -> bool:
        """Whether any cell of the field is a number or a day to the program that wrote the file."""
        return field in self.plain and bool(pc.any(self.plain[field]).as_py())

    def column(self, field: str) -> pa.Array:
        """One field as text; a missing value is the empty text."""
        return self.table.column(field).combine_chunks()

    def cell(self, index: int, field: str) -> str:
        """The cell of one row; an empty one where the file has no column for the field."""
        return str(self.table.column(field)[index].as_py() or "") if self.has(field) else ""

    def where(self, mask: pa.Array) -> Rows:
        """Only the rows where `mask` is true."""
        count = count_true(mask)
        if count == len(self):
            return self
        begin = max(first(mask), 0)
        # totals come before or after all rows, so the rest is one slice that need not be copied
        if count_true(mask.slice(begin, count)) == count:
            return self._cut(begin, count)
        plain = {field: cells.filter(mask) for field, cells in self.plain.items()}
        return replace(self, table=self.table.filter(mask), numbers=self.numbers.filter(mask), plain=plain)

    def each(self) -> Iterator[Rows]:
        """Every row for itself."""
        return (self._cut(index, 1) for index in range(len(self)))

    def _cut(self, begin: int, count: int) -> Rows:
        plain = {field: cells.slice(begin, count) for field, cells in self.plain.items()}
        table, numbers = self.table.slice(begin, count), self.numbers.slice(begin, count)
        return replace(self, table=table, numbers=numbers, plain=plain)

    def with_added(self, added: Rows) -> Rows:
        """These rows and others of the same file."""
        if not len(added):
            return self
        plain = {
            field: pa.concat_arrays([cells, added.plain.get(field, all_of(False, len(added)))])
            for field, cells in self.plain.items()
        }
        return replace(
            self,
            table=pa.concat_tables([self.table, added.table]),
            numbers=pa.concat_arrays([self.numbers, added.numbers]),
            plain=plain,
        )

    def refusal(
        self, index: int, field: str, expected: str, found: str | None = None, hint: str = NEW_EXPORT
    ) -> BadFileError:
        """The error that the cell at position `index` does not fit the rest of the file."""
        return BadFileError(
            self.file,
            row=self.numbers[index].as_py(),
            column=self.header.name(field),
            expected=expected,
            found=named(self.cell(index, field)) if found is None else found,
            hint=hint,
        )

    def refuse_first(self, bad: pa.Array, field: str, expected: str) -> None:
        """Raise `BadFileError` for the first cell of `field` where `bad` is true."""
        index = first(bad)
        if index >= 0:
            raise self.refusal(index, field, expected)

    def unreadable(self, bad: pa.Array, field: str, expected: str, hint: str = NEW_EXPORT) -> BadRowError:
        """The error that the cells of `field` where `bad` is true say nothing that can be used."""
        places, column = pc.indices_nonzero(bad).to_pylist(), self.header.name(field)
        found = [(self.numbers[index].as_py(), named(self.cell(index, field))) for index in places]
        return BadRowError(self.file, rows=found, column=column, expected=expected, hint=hint)

    def without_value(self, bad: pa.Array, field: str) -> BadRowError:
        """The error that rows lack what they must have; one with little else is no row of the table."""
        found = {self.numbers[at].as_py(): self._little(at) for at in pc.indices_nonzero(bad).to_pylist()}
        if not all(found.values()):
            return self.unreadable(bad, field, "a value")
        expected = f"a row of the table, with a value for {self.header.name(field)}"
        return BadRowError(self.file, rows=[*found.items()], column=None, expected=expected)

    def _little(self, index: int) -> str:
        """What stands in a row of which most cells are empty, such as a subtotal; nothing for others."""
        cells = [*filter(None, map(partial(self.cell, index), self.fields))]
        is_little = 2 * len(cells) < len(self.fields)
        return f"a row with little in it, {named(next(iter(cells), ''))}" if is_little else ""

    def parsed(
        self,
        field: str,
        cells: pa.Array,
        parse: Callable[[str], Any],
        expected: str,
        hint: str = NEW_EXPORT,
    ) -> dict[str, Any]:
        """Each different cell with what `parse` makes of it, in the order of a dictionary encoding.

        Raises `BadRowError` for the rows with a cell for which it raises `ValueError`.
        """
        encoded = pc.dictionary_encode(cells)
        values, bad = {}, []
        for position, cell in enumerate(encoded.dictionary.to_pylist()):
            try:
                values[cell] = parse(cell)
            except ValueError:
                bad.append(position)
        if bad:
            is_bad = pc.is_in(encoded.indices, value_set=pa.array(bad, encoded.indices.type))
            raise self.unreadable(pc.fill_null(is_bad, False), field, expected, hint)
        return values

    def taken(
        self,
        field: str,
        cells: pa.Array,
        parse: Callable[[str], Any],
        kind: pa.DataType,
        expected: str,
        hint: str = NEW_EXPORT,
    ) -> pa.Array:
        """What `parse` makes of the cells, as a column; raises `BadRowError` like `parsed`."""
        values = self.parsed(field, cells, parse, expected, hint)
        return pc.take(pa.array([*values.values()], kind), pc.dictionary_encode(cells).indices)


def rows_of(
    file: str, header: Header, records: Sequence[Record], places: Places, missing: str | None = ""
) -> Rows:
    """Records as rows, each cut or filled up to the columns at `places`."""
    columns = {field: _column(records, place, missing) for field, (place, *_) in places.items()}
    numbers = pa.array([record.row for record in records], pa.int64())
    return Rows(file, pa.table(columns), numbers, header, {})


def _column(records: Sequence[Record], place: int, missing: str | None) -> pa.Array:
    return pa.array([record.cell(place, missing) for record in records], pa.string())


def named(cell: str | None) -> str:
    """A cell as a sentence says it; of a very long one its beginning."""
    if not cell:
        return "an empty cell"
    return repr(cell) if len(cell) <= MOST_SHOWN else f"{cell[:MOST_SHOWN]!r}… ({len(cell):,} characters)"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a table by what they are: `data`, those quarantined, and the others under their rules.

    `under` has those rules that any row is under; `counted` are all rows below the header, `dropped` how many
    went under each rule.
    """

    data: Rows
    apart: Rows
    under: tuple[tuple[RowRule, Rows], ...]
    dropped: Mapping[str, int]
    counted: int
    below: tuple[Record, ...]
    is_ended: bool

    @property
    def totals(self) -> list[tuple[RowRule, Rows]]:
        """The rows of totals."""
        return [(rule, rows) for rule, rows in self.under if rule.total is not None]

    def informs(self, rule: RowRule) -> bool:
        """Whether a difference to these totals is told and refuses nothing."""
        return rule.informs or rule.informs_beside in {each.name for each, _ in self.under}

    @property
    def is_excerpt(self) -> bool:
        """Whether a row says that not all rows are listed."""
        return any(rule.excerpt for rule, _ in self.under)

    @property
    def having_numbers(self) -> list[Rows]:
        """All rows in which numbers are written."""
        return [self.data, self.apart, *(rows for _, rows in (*self.totals, *self.parts))]

    @property
    def parts(self) -> list[tuple[RowRule, Rows]]:
        """The rows that are parts of others."""
        return [(rule, rows) for rule, rows in self.under if rule.parts is not None]


def sort_rows(found: Recognised, left_out: frozenset[int]) -> Sorted:
    """Read the table below its header and tell data from all else.

    Raises `BadFileError` for a column that stands twice and differs, and `BadRowError` for rows of another
    number of cells that no rule explains.
    """
    places = _places(found)
    whole = found.candidate.table.body(found.header.record, sorted(set(chain(*places.values()))))
    body, notes = without_note(found, whole)
    rows = _rows(found, body, places)
    _refuse_second_header(rows)
    ragged = rows_of(rows.file, rows.header, body.ragged, places, missing=None)
    is_out = pc.is_in(rows.numbers, value_set=pa.array(sorted(left_out), pa.int64()))
    apart, rows = rows.where(is_out), rows.where(pc.invert(is_out))
    under: list[tuple[RowRule, Rows]] = []
    is_known, is_ragged_known = all_of(False, len(rows)), all_of(False, len(ragged))
    cells, ragged_cells = _Cells(rows), _Cells(ragged)
    for rule in found.format.rows:
        is_under = pc.and_(_data_mask(cells, rule), pc.invert(is_known))
        is_ragged = pc.and_(_ragged_mask(body, ragged_cells, rule), pc.invert(is_ragged_known))
        fitting = rows.where(is_under).with_added(_filled(ragged.where(is_ragged)))
        is_known, is_ragged_known = pc.or_(is_known, is_under), pc.or_(is_ragged_known, is_ragged)
        if len(fitting):
            under.append((rule, fitting))
    rows = rows.where(pc.invert(is_known))
    _refuse_valueless(rows, body, places)
    _refuse_stump(found, body, ragged.where(is_ragged_known))
    _refuse_ragged(found, body.ragged, is_ragged_known, left_out)
    _refuse_orphans(rows.with_added(apart), under)
    _refuse_below(found, body.below)
    dropped: Counter[str] = Counter()
    for rule, fitting in under:
        dropped[rule.name] += len(fitting)
    dropped[_BELOW] += len(body.below)
    dropped[NO_ROWS] += notes
    counted = len(body.rows) + len(body.ragged) + len(body.below) + notes
    return Sorted(rows, apart, tuple(under), dict(+dropped), counted, body.below, is_ended=body.is_ended)


def _refuse_valueless(rows: Rows, body: Body, places: Places) -> None:
    """Raise `BadRowError` for cells of data that a workbook shows, and that have no value."""
    for field in rows.fields:
        cells = body.valueless_at(places[field][0])
        bad = rows.numbers.filter(pc.is_in(rows.numbers, value_set=pa.array([*cells], pa.int64())))
        if len(bad):
            found = [(row, cells[row]) for row in bad.to_pylist()]
            raise BadRowError(rows.file, rows=found, column=rows.header.name(field), expected=_VALUE)


def _places(found: Recognised) -> Places:
    """Where each column is; the first ones of the file are read, too, where a total may be named in them."""
    places = dict(found.header.places)
    if any(ANY in rule.where for rule in found.format.rows):
        most = min(_LABELLED, len(found.header.record.cells))
        for place in sorted({*range(most)} - {*chain(*places.values())}):
            places[f"{LABEL}{place}"] = (place,)
    return places


def _refuse_orphans(rows: Rows, under: Iterable[tuple[RowRule, Rows]]) -> None:
    """Raise `BadFileError` for a part or a dropped row that belongs to no other: that one has got lost."""
    for rule, dropped in under:
        if rule.by is not None:
            known = pc.is_in(dropped.column(rule.by), value_set=rows.column(rule.by))
            dropped.refuse_first(pc.invert(known), rule.by, "a row above it that this one belongs to")


def _rows(found: Recognised, body: Body, places: Places) -> Rows:
    columns, plain = {}, {}
    for field, (place, *doubles) in places.items():
        cells = pc.utf8_trim_whitespace(body.columns[place])
        for double in doubles:
            cells = _refuse_differing(found, body, field, cells, double)
        columns[field] = cells
        if place in body.plain:
            plain[field] = body.plain[place]
    return Rows(found.file, pa.table(columns), body.rows, found.header, plain)


def _refuse_second_header(rows: Rows) -> None:
    """Raise `BadFileError` for a row that repeats the header: a second report was put below the first."""
    is_header = all_of(True, len(rows))
    for field in filter(rows.has, rows.header.places):
        is_header = pc.and_(is_header, pc.equal(rows.column(field), rows.header.name(field)))
    index = first(is_header)
    if index >= 0:
        raise BadFileError(
            rows.file,
            row=rows.numbers[index].as_py(),
            expected="one report with one header",
            found="its header once more, as of a second report",
            hint="export each report into a file of its own and rerun",
        )


def _refuse_differing(found: Recognised, body: Body, field: str, cells: pa.Array, double: int) -> pa.Array:
    """A column twice is harmless where its cells are the same, or there in one of them only."""
    other = pc.utf8_trim_whitespace(body.columns[double])
    both = pc.and_(pc.not_equal(cells, ""), pc.not_equal(other, ""))
    differs = first(pc.and_(both, pc.not_equal(cells, other)))
    if differs >= 0:
        raise BadFileError(
            found.file,
            row=found.header.record.row,
            column=found.header.name(field),
            expected="this column once, or twice with the same cells",
            found=f"it twice with {named(cells[differs].as_py())} and {named(other[differs].as_py())} "
            f"in row {body.rows[differs].as_py()}",
            hint="export the report without one of them and rerun",
        )
    return pc.if_else(pc.equal(cells, ""), other, cells)


@dataclass(frozen=True)
class _Cells:
    """The cells of rows for the rules: the different ones of a column are looked for once for all of them."""

    rows: Rows

    @cached_property
    def _different(self) -> dict[str, tuple[list[str], pa.Array]]:
        return {}

    def _of(self, name: str) -> tuple[list[str], pa.Array]:
        """The different cells of a column without invisible marks, and which of them stands in each row."""
        if name not in self._different:
            encoded = pc.dictionary_encode(self.rows.column(name))
            self._different[name] = [*map(unmarked, encoded.dictionary.to_pylist())], encoded.indices
        return self._different[name]

    def fit(self, field: str, pattern: re.Pattern[str]) -> pa.Array:
        """In which rows a field fits, or where it is `any`, one of all; what the file lacks fits nowhere."""
        found = all_of(False, len(self.rows))
        for name in self.rows.table.column_names if len(self.rows) else ():
            if field in (name, ANY):
                found = pc.or_(found, self._fit(name, pattern))
        return found

    def _fit(self, name: str, pattern: re.Pattern[str]) -> pa.Array:
        cells, places = self._of(name)
        hits = [bool(pattern.fullmatch(cell)) for cell in cells]
        if not any(hits):
            return all_of(False, len(places))
        return pc.fill_null(pc.take(pa.array(hits, pa.bool_()), places), False)


def _mask(cells: _Cells, rule: RowRule) -> pa.Array:
    """Which rows are under a rule."""
    mask = all_of(True, len(cells.rows))
    for field, pattern in rule.where.items():
        mask = pc.and_(mask, cells.fit(field, pattern))
    for field, pattern in rule.unless.items():
        mask = pc.and_(mask, pc.invert(cells.fit(field, pattern)))
    return mask


def _data_mask(cells: _Cells, rule: RowRule) -> pa.Array:
    """The same of rows with as many cells as the header, of which a rule may want the one below it only."""
    mask = _mask(cells, rule)
    is_below = pc.equal(cells.rows.numbers, cells.rows.header.record.row + 1)
    return pc.and_(mask, is_below) if rule.below_header else mask


def _filled(ragged: Rows) -> Rows:
    """Rows with the empty text for cells that are not there."""
    columns = {name: pc.fill_null(ragged.column(name), "") for name in ragged.table.column_names}
    return replace(ragged, table=pa.table(columns))


def _ragged_mask(body: Body, ragged: _Cells, rule: RowRule) -> pa.Array:
    """Which rows of another number of cells are under a rule: a cell that is not there fits no pattern.

    Cells beyond the header count, too, where a rule looks at any. A stump is never a total.
    """
    mask = _mask(ragged, rule)
    if set(rule.where) == {ANY}:
        more = [any(map(rule.where[ANY].fullmatch, map(unmarked, record.cells))) for record in body.ragged]
        mask = pc.or_(mask, pa.array(more, pa.bool_()))
    if rule.total is not None and body.stump is not None:
        mask = pc.and_(mask, pc.not_equal(ragged.rows.numbers, body.stump))
    return mask


def _refuse_stump(found: Recognised, body: Body, known: Rows) -> None:
    """Raise `BadFileError` for a last line that breaks off before its last cell, and is no line of words."""
    if body.stump is not None and body.stump not in known.numbers.to_pylist():
        raise BadFileError(
            found.file,
            row=body.stump,
            expected=f"{len(found.header.record.cells)} cells, as the header has",
            found="a last line that breaks off",
            hint=POSSIBLY_CUT_OFF,
        )


def _refuse_ragged(
    found: Recognised, ragged: Iterable[Record], known: pa.Array, left_out: frozenset[int]
) -> None:
    unknown = compress(ragged, pc.invert(known).to_pylist())
    bad = [(record.row, str(len(record.cells))) for record in unknown if record.row not in left_out]
    if bad:
        expected = f"{len(found.header.record.cells)} cells"
        raise BadRowError(found.file, rows=bad, column=None, expected=expected)


def _refuse_below(found: Recognised, below: Sequence[Record]) -> None:
    """Raise `BadFileError` for what follows a blank row, where the format expects nothing of the kind."""
    is_odd = {"refuse": bool(below), "ignore": any(is_row(found, each) for each in below), "totals": False}
    if is_odd[found.format.below]:
        raise torn(found, below[0])


def torn(found: Recognised, below: Record) -> BadFileError:
    """The error that a row stands below a blank one."""
    return BadFileError(
        found.file,
        row=below.row - 1,
        expected="another row, or the end of the table",
        found="a blank row and something below it",
    )


def is_row(found: Recognised, record: Record) -> bool:
    """Whether it looks like a row of the table rather than a line about the report."""
    return sum(map(bool, record.cells)) * 2 > len(found.header.places)
