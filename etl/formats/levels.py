"""Files of several levels in one pull: what an ad group spent stands in its campaign's file, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import words
from etl.formats.reading import FileRead
from etl.formats.recognition import readable
from etl.formats.totals import TOTALS_DIFFER
from scoring.errors import BadFileError
from warehouse.conformed import Control

_ROUNDED = Decimal("0.005")


def counted_once(reads: Sequence[FileRead], account: Account) -> list[FileRead]:
    """The files of a pull, each with only those rows that no file of another level has.

    A format says with `beside` which rows those are. Raises `BadFileError` where none of two formats does,
    for then everything would count twice.
    """
    found = list(reads)
    for at, read in enumerate(reads):
        for other in reads:
            if _is_other_level(read, other):
                found[at] = _without(found[at], other, account)
    return [_explained(read, found) for read in found]


def _is_other_level(read: FileRead, other: FileRead) -> bool:
    one, two = read.found.format, other.found.format
    return one.fact == two.fact and one.fact is not None and one.level != two.level


def _without(read: FileRead, other: FileRead, account: Account) -> FileRead:
    one, two = read.found.format, other.found.format
    if one.beside is None or two.level not in one.beside.levels:
        if two.beside is not None and one.level in two.beside.levels:
            return read
        raise BadFileError(
            read.rows.file,
            expected=f"files of one level, as the {two.title} in {other.rows.file}",
            found=f"the {one.title}, which has the same amounts once more",
            hint="name only one of them under `files` at the account in sources.yaml and rerun",
        )
    for field, wanted in one.beside.keep.items():
        read = _kept(read, field, wanted, other, account)
    _refuse_shared(read, other)
    return read


def _kept(read: FileRead, field: str, wanted: str, other: FileRead, account: Account) -> FileRead:
    """Only the rows with the value; the others are set aside."""
    form, rows = read.found.format, read.rows
    if not rows.has(field):
        column = next(readable(fields[field][0]) for fields in form.headers.values() if field in fields)
        raise BadFileError(
            rows.file,
            row=read.found.header.record.row,
            column=column,
            expected=f"this column, beside the {other.found.format.title} in {other.rows.file}",
            found="a header row without it",
            hint="it says which rows the other file has already: export the report with it and rerun",
        )
    values = words(rows, field, form.rule(field), account.options.get("words", {}).get(field, {}))
    mask = pc.fill_null(pc.equal(values, wanted), False)
    gone = len(rows) - (pc.sum(mask).as_py() or 0)
    if not gone:
        return read
    tally = replace(
        read.tally, rows_used=read.tally.rows_used - gone, rows_set_aside=read.tally.rows_set_aside + gone
    )
    dropped = {**read.dropped, f"rows of the {other.found.format.title}": gone}
    return replace(read, table=read.table.filter(mask), rows=rows.where(mask), tally=tally, dropped=dropped)


def _explained(read: FileRead, reads: Sequence[FileRead]) -> FileRead:
    """The file without the finding that a larger total differs, where the others' rows are what it lacks."""
    others = [each for each in reads if each.found.format.beside and _is_other_level(each, read)]
    if not others or not all(_is_explained(read, control, others) for control in read.controls):
        return read
    return replace(read, findings=tuple(set(read.findings) - {TOTALS_DIFFER}))


def _is_explained(read: FileRead, control: Control, others: Sequence[FileRead]) -> bool:
    fields = {read.rows.header.name(field): field for field in read.found.header.places}
    field = fields.get(control.name.partition(" (")[0], "")
    more = sum((_sum(each, field) for each in others), Decimal(0))
    apart = control.declared - control.computed
    return not apart or abs(apart - more) <= _ROUNDED * (len(read.rows) + 1)


def _sum(read: FileRead, field: str) -> Decimal:
    if field not in read.table.column_names:
        return Decimal(0)
    return Decimal(pc.sum(read.table[field]).as_py() or 0)


def _refuse_shared(read: FileRead, other: FileRead) -> None:
    """Raise `BadFileError` where a row that was kept has a part of the fact that the other file has, too."""
    key = "campaign_id"
    if key not in read.table.column_names:
        return
    known = pc.unique(other.table[key])
    shared = pc.is_in(read.table[key].combine_chunks(), value_set=_flat(known))
    if pc.any(shared).as_py():
        index = pc.index(shared, pa.scalar(True)).as_py()
        expected = f"a {readable(read.rows.header.name(key))} that {other.rows.file} does not have"
        raise read.rows.refusal(index, key, expected, read.table[key][index].as_py())


def _flat(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
