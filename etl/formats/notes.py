"""A line in place of rows with which a platform says that it has none, such as `No data available.`."""

from __future__ import annotations

from dataclasses import replace
from itertools import filterfalse
from operator import attrgetter

from etl.formats.columns import all_of
from etl.formats.recognition import Recognised, unmarked
from etl.reading.records import Body, Record
from etl.reading.saying_none import says_none

NO_ROWS = "note that there are no rows"


def without_note(found: Recognised, body: Body) -> tuple[Body, int]:
    """What stands below a header without such a line, if it stands there alone; and how many it was."""
    if _count(body) > 1 or not _says_none(_first_below(found)):
        return body, 0
    if _count(body):
        nothing = {place: cells.slice(0, 0) for place, cells in body.columns.items()}
        plain = {place: all_of(False, 0) for place in body.plain}
        rest = replace(body, columns=nothing, rows=body.rows.slice(0, 0), ragged=(), plain=plain, stump=None)
        return replace(rest, is_ended=True), 1
    return replace(body, below=body.below[1:], is_ended=True), 1


def _count(body: Body) -> int:
    return len(body.rows) + len(body.ragged)


def _first_below(found: Recognised) -> Record:
    """The first row below the header with anything in it."""
    header = found.header.record
    below = (each for each in found.candidate.table.head() if each.row > header.row)
    return next(filterfalse(attrgetter("is_blank"), below), header)


def _says_none(record: Record) -> bool:
    """Whether there is one cell in a row, with words that say that there is nothing."""
    words = [*filter(None, record.cells)]
    return len(words) == 1 and says_none(unmarked(words[0]))
