"""Rows that another format looks up, each of them once: two exports of deals often overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import pyarrow as pa

from etl.formats.definition import Joined
from etl.formats.reading import FileRead
from etl.formats.recognition import readable
from scoring.errors import BadFileError

_REPEATED = "rows that stand twice"
_NO_KEY = "name the field with an id under `key` in the format"
_Row = tuple[object, ...]


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
    is_new = [seen.is_new(read, index, row) for index, row in enumerate(_rows(read, seen.join))]
    return read.kept(pa.array(is_new, pa.bool_()), _REPEATED)


def _rows(read: FileRead, join: Joined) -> Iterator[_Row]:
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
