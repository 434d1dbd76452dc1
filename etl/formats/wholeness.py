"""Whether a file is whole: its last line, and what it says of how many rows it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from operator import attrgetter

from etl.formats.columns import none_of
from etl.formats.definition import Format, Kind
from etl.formats.fields import NUMERIC, fields_of_kind
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows, Sorted
from etl.formats.signs import lines_above
from etl.reading.days import moments_in
from etl.reading.records import POSSIBLY_CUT_OFF, Record, unended
from etl.reading.styles import readings
from scoring.errors import BadFileError

_DIGITS = re.compile("[^0-9]")


def refuse_unended(form: Format, everything: Sorted, numbers: Sequence[str], *, is_held: bool) -> None:
    """Raise `BadFileError` for a file whose last line does not end, and that nothing proves to be whole.

    A total that the rows must add up to proves it; `numbers` are the fields that totals declare, `is_held`
    says whether such rows have to add up at all.
    """
    if _may_be_cut(form, everything) and not (is_held and _is_proven(form, everything, numbers)):
        raise unended(everything.data.file)


def _may_be_cut(form: Format, everything: Sorted) -> bool:
    # a header alone may be cut off wherever the platform ends its lines
    is_open = form.ends == "open" and everything.counted > 0
    return not everything.is_ended and not is_open


def _is_proven(form: Format, everything: Sorted, numbers: Sequence[str]) -> bool:
    """Whether the file has a total, with a number, of all its rows."""
    totals = (rows for rule, rows in everything.totals if not everything.informs(rule))
    return not everything.is_excerpt and any(_declares(form, rows, numbers) for rows in totals)


def _declares(form: Format, totals: Rows, numbers: Sequence[str]) -> bool:
    """Whether rows of totals have any number."""
    cells = (none_of(totals.column(name), form.missing) for name in filter(totals.has, numbers))
    return any(each.null_count < len(each) for each in cells)


def refuse_rows_above(found: Recognised) -> None:
    """Raise `BadFileError` for a row above the header that is like those below it, and would not count.

    It is of another export in the same file, whose own header has a name that the format does not know.
    """
    begin = found.header.record.row
    for record in takewhile(lambda each: each.row < begin, found.candidate.table.head()):
        if is_like_data(found, record):
            raise BadFileError(
                found.file,
                row=record.row,
                expected=f"no rows of data above the header in row {begin}",
                found="one with a day and numbers where the table has them",
                hint="two exports were likely put into one file; export them apart and rerun",
            )


def is_like_data(found: Recognised, record: Record) -> bool:
    """Whether it has a day and numbers where the table has them."""
    days, numbers = _filled_cells(found, record, "day"), _filled_cells(found, record, *NUMERIC)
    return bool(numbers) and all(map(readings, numbers)) and bool(moments_in(days))


def _filled_cells(found: Recognised, record: Record, *kinds: Kind) -> list[str]:
    places = (found.header.places[name][0] for name in fields_of_kind(found, *kinds))
    return [*filter(None, map(record.cell, places))]


def refuse_fewer(found: Recognised, everything: Sorted) -> None:
    """Raise `BadFileError` for a table with fewer rows than a line above or below it says."""
    rows = everything.counted - len(everything.below)
    for said in _row_counts(found, everything):
        if rows < said:
            raise BadFileError(
                found.file, expected=f"{said:,} rows, as it says", found=f"{rows:,}", hint=POSSIBLY_CUT_OFF
            )


def _row_counts(found: Recognised, everything: Sorted) -> Iterator[int]:
    pattern = found.format.row_count
    if pattern is not None:
        lines = chain(lines_above(found), map(attrgetter("line"), everything.below))
        for match in filter(None, map(pattern.fullmatch, lines)):
            yield int(_DIGITS.sub("", match["rows"]))
