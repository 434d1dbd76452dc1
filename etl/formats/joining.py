"""Rows that a format looks up in another file of the pull, such as the won deals of a contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.definition import Joined
from etl.formats.reading import FileRead
from scoring.errors import BadFileError

_LINE = "line of the file"
_HOW: Mapping[str, str] = {"first": "min", "sum": "sum", "same": "min"}


def joined(read: FileRead, reads: Sequence[FileRead]) -> FileRead:
    """The file's rows with what its format looks up; raises `BadFileError` where that file is missing.

    Rows of the other file that no row of this one asks for are left alone: a deal may belong to a contact of
    another month.
    """
    join = read.found.format.join
    if join is None:
        return read
    others = [each for each in reads if each.found.format.name == join.format]
    if not others:
        _refuse_missing(join, read)
        return read
    found = _grouped(join, others)
    place = pc.index_in(_asked(join, read), value_set=found[join.theirs].combine_chunks())
    lines = tuple((each.rows.file, _lines(join, each, read)) for each in others)
    table = read.table
    for name in join.take:
        values = found[name].combine_chunks().take(place)
        at = table.column_names.index(name)
        field = table.schema.field(name)
        table = table.set_column(at, field, values.cast(field.type))
    return replace(read, table=table, looked_up=lines)


def _lines(join: Joined, other: FileRead, read: FileRead) -> pa.Array:
    """The rows of another file that each row looks up."""
    whole = other.table.select([join.theirs]).append_column(_LINE, other.rows.numbers)
    found = whole.group_by(join.theirs, use_threads=False).aggregate([(_LINE, "list")])
    place = pc.index_in(_asked(join, read), value_set=found[join.theirs].combine_chunks())
    return found[f"{_LINE}_list"].combine_chunks().take(place)


def _refuse_missing(join: Joined, read: FileRead) -> None:
    if not join.optional:
        raise BadFileError(
            read.rows.file,
            expected=f"a file of {join.format} beside it",
            found="none",
            hint="export it, too, name both at the account in sources.yaml, and rerun",
        )


def _asked(join: Joined, read: FileRead) -> pa.Array:
    """What each row looks up; raises `BadFileError` for a file that does not say it."""
    if join.ours in read.table.column_names:
        return read.table[join.ours].combine_chunks()
    if read.rows.has(join.ours):
        return read.rows.column(join.ours)
    named = next(fields[join.ours] for fields in read.found.format.headers.values() if join.ours in fields)
    raise BadFileError(
        read.rows.file,
        row=read.found.header.record.row,
        column=named[0],
        expected=f"this column, by which rows of {join.format} are looked up",
        found="a header row without it",
    )


def _grouped(join: Joined, others: Sequence[FileRead]) -> pa.Table:
    """A row for each value of the field they are looked up by."""
    whole = pa.concat_tables([each.table.select([join.theirs, *join.take]) for each in others])
    how = [(name, _HOW[kind]) for name, kind in join.take.items()]
    same = [name for name, kind in join.take.items() if kind == "same"]
    found = whole.group_by(join.theirs, use_threads=False).aggregate(
        [*how, *((name, "max") for name in same)]
    )
    for name in same:
        _refuse_unlike(join, others, found, name)
    named = {name: found[f"{name}_{_HOW[kind]}"] for name, kind in join.take.items()}
    return pa.table({join.theirs: found[join.theirs], **named})


def _refuse_unlike(join: Joined, others: Sequence[FileRead], found: pa.Table, name: str) -> None:
    """Amounts of one row in two currencies cannot be added up."""
    differs = pc.not_equal(found[f"{name}_min"], found[f"{name}_max"]).combine_chunks()
    at = pc.index(differs, pa.scalar(True)).as_py()
    if at < 0:
        return
    key, first = found[join.theirs][at].as_py(), found[f"{name}_min"][at].as_py()
    for other in others:
        for index, (on, value) in enumerate(
            zip(other.table[join.theirs].to_pylist(), other.table[name].to_pylist(), strict=True)
        ):
            if on == key and value not in (None, first):
                expected = f"the same for all rows of {join.theirs} {key}, {first}"
                raise other.rows.refusal(index, name, expected)
