"""Rows that a format looks up in another file of the pull, each once, such as the won deals of a contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.cells import ids
from etl.formats.columns import first
from etl.formats.definition import Joined
from etl.formats.reading import LINE, FileRead
from etl.formats.recognition import readable
from scoring.errors import BadFileError
from warehouse.catalog import finding_without, unsaid_by

NOTHING_LOOKED_UP = "nothing_looked_up"
_REPEATED = "rows that stand twice"
_NO_KEY = "name the field with an id under `key` in the format"
_Row = tuple[object, ...]
_HOW: Mapping[str, str] = {"first": "min", "sum": "sum", "same": "min"}


def looked_up_once(reads: Sequence[FileRead]) -> list[FileRead]:
    """The files of a pull, those that another format looks up without rows that stood in them before.

    Raises `BadFileError` for two rows of one id that are not alike, and for alike ones without an id.
    """
    joins = filter(None, map(attrgetter("found.format.join"), reads))
    seen = {join.format: _Seen(join) for join in joins}
    return [_without_repeated(each, seen.get(each.found.format.name)) for each in reads]


@dataclass(slots=True)
class _Seen:
    """The rows so far: of each id, or of a row without one, what is looked up."""

    join: Joined
    rows: dict[object, _Row] = field(default_factory=dict)

    def is_new(self, read: FileRead, index: int, row: _Row) -> bool:
        """Whether a row was not there before; raises `BadFileError` where that cannot be told."""
        own_id = row[0]
        known = self.rows.setdefault(row if own_id is None else own_id, row)
        if known is row:
            return True
        if own_id is None:
            raise _untold(read, index)
        if known != row:
            raise _unlike(read, index)
        return False


def _without_repeated(read: FileRead, seen: _Seen | None) -> FileRead:
    if seen is None:
        return read
    is_new = [seen.is_new(read, index, row) for index, row in enumerate(_rows_of(read, seen.join))]
    return read.kept(pa.array(is_new, pa.bool_()), _REPEATED)


def _rows_of(read: FileRead, join: Joined) -> Iterator[_Row]:
    """Of each row its id, by what it is looked up, and what is taken from it."""
    table, nothing = read.table, [None] * read.table.num_rows
    names = [read.found.format.key, join.theirs, *join.take]
    columns = (table[name].to_pylist() if name in table.column_names else nothing for name in names)
    return zip(*columns, strict=True)


def _unlike(read: FileRead, index: int) -> BadFileError:
    """The error that there is another row of the same id."""
    own = read.found.format.key
    expected = f"one row for each {read.rows.header.name(own)}"
    found = f"a second, other one for {read.rows.cell(index, own)}"
    hint = "two exports may be of different days: take only the newest and rerun"
    return read.rows.refusal(index, own, expected, found, hint)


def _untold(read: FileRead, index: int) -> BadFileError:
    """The error that two alike rows may be one row twice, for they have no id."""
    form = read.found.format
    step = f"export it with the column {readable(form.names_of(form.key)[0])}" if form.key else _NO_KEY
    return BadFileError(
        read.rows.file,
        row=read.rows.numbers[index].as_py(),
        expected="rows that differ, or an id for each",
        found="one that is like another in all that is read",
        hint=f"{step}, which tells one row twice from two, and rerun",
    )


def joined(read: FileRead, reads: Sequence[FileRead]) -> FileRead:
    """The file's rows with what its format looks up; raises `BadFileError` where that file is missing.

    Rows of the other file that no row of this one asks for are left alone: a deal may belong to a contact of
    another month.
    """
    join = read.found.format.join
    if join is None:
        return read
    others = [each for each in reads if each.found.format.name == join.format]
    return _with(join, others, read) if others else _without(join, read)


def _with(join: Joined, others: Sequence[FileRead], read: FileRead) -> FileRead:
    found = _grouped(join, others)
    asked = _asked(join, read)
    lines = tuple((each.rows.file, _lines(join, each, asked)) for each in others)
    table = read.table
    for name in join.take:
        field = table.schema.field(name)
        values = _looked_up(found, join.theirs, name, asked).cast(field.type)
        table = table.set_column(table.column_names.index(name), field, values)
    findings = (*read.findings, *_nothing_found(found[join.theirs], asked))
    return replace(read, table=table, looked_up=lines, findings=findings)


def _nothing_found(keys: pa.ChunkedArray, asked: pa.Array) -> Iterator[str]:
    """That not one row meets another: ids may be written in two ways, or a file is of other days."""
    is_found = pc.is_in(asked.drop_null(), value_set=keys.combine_chunks().drop_null())
    if len(is_found) and len(keys) and not pc.any(is_found).as_py():
        yield NOTHING_LOOKED_UP


def _looked_up(found: pa.Table, key: str, name: str, asked: pa.Array) -> pa.Array:
    """A column of a table with one row for each key, for the keys that are asked for."""
    place = pc.index_in(asked, value_set=found[key].combine_chunks())
    return found[name].combine_chunks().take(place)


def _lines(join: Joined, other: FileRead, asked: pa.Array) -> pa.Array:
    """The rows of another file that each row looks up."""
    whole = other.table.select([join.theirs]).append_column(LINE, other.rows.numbers)
    found = whole.group_by(join.theirs, use_threads=False).aggregate([(LINE, "list")])
    return _looked_up(found, join.theirs, f"{LINE}_list", asked)


def _without(join: Joined, read: FileRead) -> FileRead:
    """The file alone, where the other need not be there."""
    if join.optional or join.alone:
        codes = {*map(finding_without, join.take)} & {*unsaid_by(str(read.found.format.fact))}
        return replace(read, findings=(*read.findings, *sorted(codes)))
    raise BadFileError(
        read.rows.file,
        expected=f"a file of {join.format} beside it",
        found="none",
        hint="export it, too, even where only its header is left, name both at the account in sources.yaml, "
        "and rerun",
    )


def _asked(join: Joined, read: FileRead) -> pa.Array:
    """What each row looks up; raises `BadFileError` for a file that does not say it."""
    if join.ours in read.table.column_names:
        return read.table[join.ours].combine_chunks()
    if read.rows.has(join.ours):
        return ids(read.rows, join.ours, read.found.format.rule(join.ours))
    raise BadFileError(
        read.rows.file,
        row=read.found.header.record.row,
        column=read.found.format.names_of(join.ours)[0],
        expected=f"this column, by which rows of {join.format} are looked up",
        found="a header row without it",
    )


def _grouped(join: Joined, others: Sequence[FileRead]) -> pa.Table:
    """A row for each value of the field they are looked up by."""
    whole = _whole(join, others)
    how = [(name, _HOW[kind]) for name, kind in join.take.items()]
    same = [name for name, kind in join.take.items() if kind == "same"]
    most = [(name, "max") for name in same]
    found = whole.group_by(join.theirs, use_threads=False).aggregate([*how, *most])
    for name in same:
        _refuse_unlike(join, others, found, name)
    return pa.table({join.theirs: found[join.theirs], **{name: found[f"{name}_{by}"] for name, by in how}})


def _whole(join: Joined, others: Sequence[FileRead]) -> pa.Table:
    """The rows of all files, with what is looked up."""
    return pa.concat_tables([each.table.select([join.theirs, *join.take]) for each in others])


def _refuse_unlike(join: Joined, others: Sequence[FileRead], found: pa.Table, name: str) -> None:
    """Amounts of one row in two currencies cannot be added up."""
    at = first(pc.not_equal(found[f"{name}_min"], found[f"{name}_max"]).combine_chunks())
    if at >= 0:
        key, usual = found[join.theirs][at].as_py(), found[f"{name}_min"][at].as_py()
        for other in others:
            _refuse_other(join, other, name, key, usual)


def _refuse_other(join: Joined, other: FileRead, name: str, key: object, usual: object) -> None:
    """Raise `BadFileError` for the first row of a key that is not as usual."""
    keys = other.table[join.theirs]
    is_of_key = pc.is_in(keys, value_set=pa.array([key], keys.type))
    is_other = pc.and_(is_of_key, pc.not_equal(other.table[name], usual)).combine_chunks()
    other.rows.refuse_first(is_other, name, f"the same for all rows of {join.theirs} {key}, {usual}")
