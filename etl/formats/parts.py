"""Rows below a fact's grain, such as ads of an ad set, before they are added up."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from etl.formats.columns import distinct_rows, row_twice, rows_in, side_by_side
from etl.formats.reading import FileRead, is_added_up
from etl.formats.unread import days_apart, unread_columns
from scoring.errors import BadFileError
from scoring.period import Period


def refuse_parts_twice(read: FileRead) -> None:
    """Raise `BadFileError` if two rows that would be added up are the same part, such as one ad twice.

    Where the format adds up rows of one key anyway, its totals say so. In a breakdown by a column that the
    format does not read, one part has several rows; two that are alike in every cell are one row twice.
    """
    if read.found.is_broken_down and read.found.format.same_key == "refuse":
        _refuse_copies(read)
    parts = _parts(read)
    if parts:
        _refuse_second(read, parts)


def _refuse_second(read: FileRead, parts: Sequence[str]) -> None:
    whole = side_by_side([*map(read.table.column, read.key), *map(read.rows.column, parts)])
    second = row_twice(whole, whole.column_names)
    if second is not None:
        index, row = second
        raise read.rows.refusal(
            index,
            parts[-1],
            f"one row for each {', '.join(map(read.rows.header.name, (*read.key, *parts)))}",
            f"a second one for {', '.join(map(str, row))}",
            "export the report again, with the ids of its rows if it has none, and rerun",
        )


def _refuse_copies(read: FileRead) -> None:
    """Raise `BadFileError` for a row of a breakdown that is the copy of one before it."""
    if distinct_rows(read.table, read.key) == read.table.num_rows:
        return
    unread = map(itemgetter(1), unread_columns(read.found, read.rows))
    whole = side_by_side([*read.table.columns, *unread])
    copy = row_twice(whole, whole.column_names)
    if copy is not None:
        raise read.rows.refusal(
            copy[0], read.key[-1], "a row that is not in the file before", "a copy of another"
        )


def refuse_days_unread(read: FileRead, month: Period) -> None:
    """Raise `BadFileError` where rows of one key, taken for the whole month's, are told apart by days.

    A column with days whose name the format does not know would put all of them on the first of the month.
    """
    form, dated = read.found.format, read.found.format.spec.dated
    if form.rule(dated).take != "month" or read.rows.has(dated):
        return
    for name in days_apart(read.found, read.rows, read.table.select(read.key), month):
        raise BadFileError(
            read.rows.file,
            row=read.found.header.record.row,
            column=name,
            expected=f"a name that the format has for its days, such as {form.names_of(dated)[0]}",
            found="a column with days of another name",
            hint="rename it, or export the report again, and rerun",
        )


def refuse_currencies_mixed(read: FileRead) -> None:
    """Raise `BadFileError` where rows that are added up have amounts in two currencies."""
    if "currency_code" not in read.table.column_names or not is_added_up(read.found):
        return
    if distinct_rows(read.table, ["currency_code"]) < 2:
        return
    if distinct_rows(read.table, [*read.key, "currency_code"]) > distinct_rows(read.table, read.key):
        raise _mixed(read)


def _mixed(read: FileRead) -> Exception:
    """The error at the first row that is in another currency than one before it with the same key."""
    first: dict[tuple[object, ...], str] = {}
    for index, (*of, code) in enumerate(rows_in(read.table, (*read.key, "currency_code"))):
        usual = first.setdefault(tuple(of), code)
        if usual != code:
            expected = f"{usual}, as in the other rows that it is added up with"
            return read.rows.refusal(index, "currency_code", expected, str(code))
    raise AssertionError("there is a row in another currency")


def _parts(read: FileRead) -> list[str]:
    form = read.found.format
    if form.fact is None or form.same_key == "add" or read.found.is_broken_down:
        return []
    return [*filter(read.rows.has, form.parted_by)]
