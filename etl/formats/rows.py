"""The rows of a table by the fields of its format, and which of them are data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.definition import Format, RowRule
from etl.formats.recognition import Header, Recognised
from etl.reading.records import Body, Record
from scoring.errors import NEW_EXPORT, BadFileError, BadRowError

ANY = "any"
LABEL = "#"
"""How the name of a column begins that is no field, and only looked at for the name of a total."""
_LABELLED = 3
MOST_SHOWN = 500
_BELOW = "below the table"


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

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self.table.column_names

    def column(self, field: str) -> pa.Array:
        """One field as text; a missing value is the empty text."""
        return self.table.column(field).combine_chunks()

    def where(self, mask: pa.Array) -> Rows:
        """Only the rows where `mask` is true."""
        count = pc.sum(mask).as_py() or 0
        if count == len(self):
            return self
        first = max(pc.index(mask, pa.scalar(True)).as_py(), 0)
        # totals come before or after all rows, so the rest is one slice that need not be copied
        if pc.sum(mask.slice(first, count)).as_py() == count:
            return self._cut(first, count)
        plain = {field: cells.filter(mask) for field, cells in self.plain.items()}
        return replace(self, table=self.table.filter(mask), numbers=self.numbers.filter(mask), plain=plain)

    def _cut(self, first: int, count: int) -> Rows:
        plain = {field: cells.slice(first, count) for field, cells in self.plain.items()}
        table, numbers = self.table.slice(first, count), self.numbers.slice(first, count)
        return replace(self, table=table, numbers=numbers, plain=plain)

    def with_added(self, added: Rows) -> Rows:
        """These rows and others of the same file."""
        if not len(added):
            return self
        plain = {
            field: pa.concat_arrays([cells, added.plain.get(field, _false(len(added)))])
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
            found=self._found(index, field) if found is None else found,
            hint=hint,
        )

    def unreadable(self, bad: pa.Array, field: str, expected: str) -> BadRowError:
        """The error that the cells of `field` where `bad` is true say nothing that can be used."""
        places = pc.indices_nonzero(bad).to_pylist()
        found = [(self.numbers[index].as_py(), self._found(index, field)) for index in places]
        return BadRowError(self.file, rows=found, column=self.header.name(field), expected=expected)

    def _found(self, index: int, field: str) -> str:
        return named(self.table.column(field)[index].as_py() if self.has(field) else "")


def named(cell: str | None) -> str:
    """A cell as a sentence says it; of a very long one its beginning."""
    if not cell:
        return "an empty cell"
    return repr(cell) if len(cell) <= MOST_SHOWN else f"{cell[:MOST_SHOWN]!r}… ({len(cell):,} characters)"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a table by what they are: `data`, those quarantined, and the others under their rules.

    `counted` are all rows below the header, `dropped` how many went under each rule.
    """

    data: Rows
    apart: Rows
    under: tuple[tuple[RowRule, Rows], ...]
    dropped: Mapping[str, int]
    counted: int
    below: tuple[Record, ...]
    is_ended: bool

    @property
    def set_aside(self) -> int:
        """How many rows went under a rule."""
        return sum(self.dropped.values())


def sort_rows(found: Recognised, left_out: frozenset[int]) -> Sorted:
    """Read the table below its header and tell data from all else.

    Raises `BadFileError` for a column that stands twice and differs, and `BadRowError` for rows of another
    number of cells that no rule explains.
    """
    positions = sorted({place for places in _places(found).values() for place in places})
    body = found.candidate.table.body(found.header.record, positions)
    rows = _rows(found, body)
    ragged = _padded(found, rows, body.ragged)
    apart, rows = _apart(rows, left_out)
    under: list[tuple[RowRule, Rows]] = []
    is_ragged_known = _false(len(ragged))
    for rule in found.format.rows:
        fitting, rows = _part(rows, found, rule)
        mask = pc.and_(_ragged_mask(body.ragged, ragged, rule), pc.invert(is_ragged_known))
        under.append((rule, fitting.with_added(ragged.where(mask))))
        is_ragged_known = pc.or_(is_ragged_known, mask)
    _refuse_ragged(found, body.ragged, is_ragged_known, left_out)
    _refuse_orphans(rows.with_added(apart), under)
    dropped = _counted(under)
    below = _held_below(found, body.below)
    counted = len(body.rows) + len(body.ragged) + len(below)
    if below:
        dropped[_BELOW] = len(below)
    return Sorted(rows, apart, tuple(under), dropped, counted, below, is_ended=body.is_ended)


def _places(found: Recognised) -> Mapping[str, tuple[int, ...]]:
    """Where each column is; the first ones of the file are read, too, where a total may be named in them."""
    places = dict(found.header.places)
    if any(ANY in rule.where for rule in found.format.rows):
        known = {place for some in places.values() for place in some}
        most = min(_LABELLED, len(found.header.record.cells))
        places |= {f"{LABEL}{place}": (place,) for place in range(most) if place not in known}
    return places


def _refuse_orphans(rows: Rows, under: Iterable[tuple[RowRule, Rows]]) -> None:
    """Raise `BadFileError` for a part or a dropped row that belongs to no other: that one has got lost."""
    for rule, dropped in under:
        if rule.by is None or not len(dropped):
            continue
        known = pc.is_in(dropped.column(rule.by), value_set=rows.column(rule.by))
        index = pc.index(known, pa.scalar(False)).as_py()
        if index >= 0:
            raise dropped.refusal(index, rule.by, "a row above it that this one belongs to")


def _counted(under: Iterable[tuple[RowRule, Rows]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for rule, rows in under:
        found[rule.name] += len(rows)
    return dict(+found)


def _rows(found: Recognised, body: Body) -> Rows:
    columns, plain = {}, {}
    for field, (place, *doubles) in _places(found).items():
        cells = pc.utf8_trim_whitespace(body.columns[place])
        for double in doubles:
            cells = _refuse_differing(found, body, field, cells, double)
        columns[field] = cells
        if place in body.plain:
            plain[field] = body.plain[place]
    return Rows(found.candidate.table.file, pa.table(columns), body.rows, found.header, plain)


def _refuse_differing(found: Recognised, body: Body, field: str, cells: pa.Array, double: int) -> pa.Array:
    """A column twice is harmless where its cells are the same, or there in one of them only."""
    other = pc.utf8_trim_whitespace(body.columns[double])
    both = pc.and_(pc.not_equal(cells, ""), pc.not_equal(other, ""))
    differs = pc.index(pc.and_(both, pc.not_equal(cells, other)), pa.scalar(True)).as_py()
    if differs >= 0:
        raise BadFileError(
            found.candidate.table.file,
            row=found.header.record.row,
            column=found.header.name(field),
            expected="this column once, or twice with the same cells",
            found=f"it twice with {named(cells[differs].as_py())} and {named(other[differs].as_py())} "
            f"in row {body.rows[differs].as_py()}",
            hint="export the report without one of them and rerun",
        )
    return pc.if_else(pc.equal(cells, ""), other, cells)


def _part(rows: Rows, found: Recognised, rule: RowRule) -> tuple[Rows, Rows]:
    """The rows under a rule, and the others."""
    mask = _mask(rows, rule)
    if rule.below_header:
        first = pc.equal(rows.numbers, found.header.record.row + 1)
        mask = pc.and_(mask, first)
    if not pc.any(mask).as_py():
        return rows.where(_false(len(rows))), rows
    return rows.where(mask), rows.where(pc.invert(mask))


def _mask(rows: Rows, rule: RowRule) -> pa.Array:
    mask = pa.repeat(pa.scalar(True), len(rows))
    for field, pattern in rule.where.items():
        mask = pc.and_(mask, _matches(rows, field, pattern))
    for field, pattern in rule.unless.items():
        mask = pc.and_(mask, pc.invert(_matches(rows, field, pattern)))
    return mask


def _matches(rows: Rows, field: str, pattern: re.Pattern[str]) -> pa.Array:
    if field == ANY:
        found = _false(len(rows))
        for name in rows.table.column_names:
            found = pc.or_(found, _matches(rows, name, pattern))
        return found
    if not rows.has(field):
        return _false(len(rows))
    encoded = pc.dictionary_encode(rows.column(field))
    hits = pa.array([bool(pattern.fullmatch(cell)) for cell in encoded.dictionary.to_pylist()], pa.bool_())
    return pc.take(hits, encoded.indices) if len(rows) else _false(0)


def _padded(found: Recognised, rows: Rows, ragged: Iterable[Record]) -> Rows:
    """Rows of another number of cells, cut or filled up to the header's."""
    listed = list(ragged)
    columns = {
        field: pa.array(
            [record.cells[place] if place < len(record.cells) else "" for record in listed], pa.string()
        )
        for field, (place, *_) in _places(found).items()
    }
    numbers = pa.array([record.row for record in listed], pa.int64())
    return replace(rows, table=pa.table(columns), numbers=numbers, plain={})


def _ragged_mask(ragged: Iterable[Record], padded: Rows, rule: RowRule) -> pa.Array:
    """Cells beyond the header count, too, where a rule looks at any."""
    mask = _mask(padded, rule)
    if ANY in rule.where and set(rule.where) == {ANY}:
        more = [any(rule.where[ANY].fullmatch(cell) for cell in record.cells) for record in ragged]
        mask = pc.or_(mask, pa.array(more, pa.bool_()))
    return mask


def _refuse_ragged(
    found: Recognised, ragged: Iterable[Record], known: pa.Array, left_out: frozenset[int]
) -> None:
    bad = [
        (record.row, str(len(record.cells)))
        for record, is_known in zip(ragged, known.to_pylist(), strict=True)
        if not is_known and record.row not in left_out
    ]
    if bad:
        expected = f"{len(found.header.record.cells)} cells"
        raise BadRowError(found.candidate.table.file, rows=bad, column=None, expected=expected)


def _apart(rows: Rows, left_out: frozenset[int]) -> tuple[Rows, Rows]:
    if not left_out:
        return rows.where(_false(len(rows))), rows
    is_out = pc.is_in(rows.numbers, value_set=pa.array(sorted(left_out), pa.int64()))
    return rows.where(is_out), rows.where(pc.invert(is_out))


def _held_below(found: Recognised, below: tuple[Record, ...]) -> tuple[Record, ...]:
    """What follows a blank row, where the format expects something there; raises `BadFileError`."""
    how = found.format.below
    odd = next((each for each in below if how == "refuse" or (how == "ignore" and is_row(found, each))), None)
    if odd is not None:
        raise torn(found, below[0])
    return below


def torn(found: Recognised, below: Record) -> BadFileError:
    """The error that a row stands below a blank one."""
    return BadFileError(
        found.candidate.table.file,
        row=below.row - 1,
        expected="another row, or the end of the table",
        found="a blank row and something below it",
    )


def is_row(found: Recognised, record: Record) -> bool:
    """Whether it looks like a row of the table rather than a line about the report."""
    return sum(map(bool, record.cells)) * 2 > len(found.header.places)


def refuse_unended(form: Format, sorted_rows: Sorted, file: str) -> None:
    """Raise `BadFileError` for a file without totals whose last line breaks off."""
    has_totals = any(rule.total and len(rows) for rule, rows in sorted_rows.under)
    if not has_totals and not sorted_rows.is_ended:
        raise BadFileError(
            file,
            expected="a last line that ends with a line break, as the platform writes it",
            found="one that breaks off",
            hint="the file is possibly cut off; export it again and rerun",
        )


def _false(length: int) -> pa.Array:
    return pa.repeat(pa.scalar(False), length)
