"""Files of several levels in one pull: what an ad group spent stands in its campaign's file, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import words
from etl.formats.columns import first
from etl.formats.definition import Format
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
    found = [_alone(read, reads, account) for read in reads]
    return [_explained(read, found) for read in found]


def _alone(read: FileRead, reads: Sequence[FileRead], account: Account) -> FileRead:
    """The file without those rows that files of another level have."""
    for other in reads:
        if _is_other_level(read, other):
            read = _without(read, other, account)
    return read


def _is_other_level(read: FileRead, other: FileRead) -> bool:
    one, two = read.found.format, other.found.format
    return one.fact == two.fact and one.fact is not None and one.level != two.level


def _kept_beside(one: Format, two: Format) -> Mapping[str, str] | None:
    """The words of those of a format's rows that a file of the other's level lacks, if it says them."""
    return one.beside.keep if one.beside is not None and two.level in one.beside.levels else None


def _without(read: FileRead, other: FileRead, account: Account) -> FileRead:
    one, two = read.found.format, other.found.format
    keep = _kept_beside(one, two)
    if keep is not None:
        for field, wanted in keep.items():
            read = _kept(read, field, wanted, other, account)
        _refuse_shared(read, other)
    elif _kept_beside(two, one) is None:
        raise BadFileError(
            read.rows.file,
            expected=f"files of one level, as the {two.title} in {other.rows.file}",
            found=f"the {one.title}, which has the same amounts once more",
            hint="name only one of them under `files` at the account in sources.yaml and rerun",
        )
    return read


def _kept(read: FileRead, field: str, wanted: str, other: FileRead, account: Account) -> FileRead:
    """Only the rows with the value; the others are set aside."""
    form, rows = read.found.format, read.rows
    if not rows.has(field):
        raise BadFileError(
            rows.file,
            row=read.found.header.record.row,
            column=readable(form.names_of(field)[0]),
            expected=f"this column, beside the {other.found.format.title} in {other.rows.file}",
            found="a header row without it",
            hint="it says which rows the other file has already: export the report with it and rerun",
        )
    values = words(rows, field, form.rule(field), account)
    mask = pc.fill_null(pc.equal(values, wanted), False)
    return read.kept(mask, f"rows of the {other.found.format.title}")


def _explained(read: FileRead, reads: Sequence[FileRead]) -> FileRead:
    """The file without the finding that a larger total differs, where the others' rows are what it lacks."""
    others = _others_beside(read, reads)
    if others and all(_is_explained(read, control, others) for control in read.controls):
        return replace(read, findings=tuple(set(read.findings) - {TOTALS_DIFFER}))
    return read


def _others_beside(read: FileRead, reads: Sequence[FileRead]) -> list[FileRead]:
    """The files of other levels, of which only those rows count that this one does not have."""
    return [each for each in reads if each.found.format.beside and _is_other_level(each, read)]


def _is_explained(read: FileRead, control: Control, others: Sequence[FileRead]) -> bool:
    fields = {read.rows.header.name(field): field for field in read.found.header.places}
    field = fields.get(control.name.partition(" (")[0], "")
    more = sum((_sum(each, field) for each in others), Decimal(0))
    apart = control.declared - control.computed
    return not apart or abs(apart - more) <= _ROUNDED * (len(read.rows) + 1)


def _sum(read: FileRead, field: str) -> Decimal:
    if field not in read.table.column_names:
        return Decimal(0)
    return Decimal(pc.sum(read.table[field], min_count=0).as_py())


def _refuse_shared(read: FileRead, other: FileRead) -> None:
    """Raise `BadFileError` where a row that was kept has a part of the fact that the other file has, too."""
    key = "campaign_id"
    if key in read.table.column_names:
        own, known = read.table[key].combine_chunks(), pc.unique(other.table[key])
        index = first(pc.is_in(own, value_set=known))
        if index >= 0:
            expected = f"a {readable(read.rows.header.name(key))} that {other.rows.file} does not have"
            raise read.rows.refusal(index, key, expected, own[index].as_py())
