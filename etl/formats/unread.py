"""The columns of a file that no field of its format reads.

They may say what its rows are after all, or be those that it lacks, under another name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from functools import partial
from itertools import chain, filterfalse, product

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import distinct_rows
from etl.formats.definition import Format
from etl.formats.fields import kind_of_field
from etl.formats.recognition import Recognised, normal, readable
from etl.formats.rows import Rows
from etl.reading.days import MONTH_FIRST, Moment, fitting_orders, moment, moments_of_column
from etl.reading.records import Body
from etl.reading.styles import matches, readings
from scoring.period import Period
from warehouse.catalog import finding_without

_NUMBERS = r"[-+$€£¥0-9.,%() ]*"
_NO_VALUE = frozenset({"", "-", "--", "—", "n/a", "null", "none"})
_MOST_LOOKED_AT, _MOSTLY = 2000, 0.95
_ALIKE = 0.85
_RATIO = re.compile(
    r"/|%|\b(rate|per|costs?|avg|average|durchschn\w*|kosten|quote|taux|co[uû]t|tasa|taxa|coste|custo)\b|率|成本|平均"
)
"""What is worked out of a measure has its name, too."""


def unread_columns(found: Recognised, rows: Rows) -> list[tuple[str, pa.Array]]:
    """Their names, and their cells in these rows."""
    names = unread_names(found)
    return [*_cells_of(found, rows, names)] if names else []


def unread_names(found: Recognised) -> dict[int, str]:
    """The columns that have a name and no field, by their places."""
    known = set(chain.from_iterable(found.header.places.values()))
    cells = enumerate(found.header.record.cells)
    return {place: name for place, name in cells if name and place not in known}


def _cells_of(found: Recognised, rows: Rows, names: Mapping[int, str]) -> Iterator[tuple[str, pa.Array]]:
    body = found.candidate.table.body(found.header.record, [*names])
    is_here = pc.is_in(body.rows, value_set=rows.numbers)
    for place, name in names.items():
        yield name, pc.utf8_trim_whitespace(pc.fill_null(body.columns[place], "")).filter(is_here)


def telling_apart(found: Recognised, rows: Rows, doubles: pa.Array) -> Iterator[str]:
    """The names of those with words that differ in the rows that are `doubles` of one another."""
    for name, cells in unread_columns(found, rows):
        some = cells.filter(doubles)
        if not matches(some, _NUMBERS) and len(pc.unique(some)) > 1:
            yield name


def days_apart(found: Recognised, rows: Rows, keys: pa.Table, month: Period) -> Iterator[str]:
    """The names of those with days, mostly of the month, that differ in rows with the same keys."""
    for name, cells in unread_columns(found, rows):
        if _has_days_of(cells, month) and _tells_rows_apart(cells, keys):
            yield name


def _tells_rows_apart(cells: pa.Array, keys: pa.Table) -> bool:
    with_cells = keys.append_column("", cells)
    return distinct_rows(with_cells, with_cells.column_names) > distinct_rows(keys, keys.column_names)


def _has_days_of(cells: pa.Array, month: Period) -> bool:
    texts = [*filter(None, pc.unique(cells).to_pylist())]
    moments = moments_of_column(texts)
    inside = [*filter(partial(_may_be_in, month), moments)]
    return 0 < len(moments) == len(texts) and 2 * len(inside) >= len(moments)


def _may_be_in(month: Period, each: Moment) -> bool:
    numbers = {each.first} if each.order == MONTH_FIRST else {each.first, each.second}
    return each.year == month.start.year and month.start.month in numbers


def warnings(found: Recognised) -> Iterator[str]:
    """A sentence for each column that is read as none, and likely is the one that a field lacks."""
    free = unread_names(found)
    for field, (place, name) in product(_lacking(found), free.items()):
        if _is_called_alike(found.format, field, name) and _has_such_cells(found, field, place):
            yield (
                f"no column for {field}, and {name!r} may be it under another name: it counts only if a "
                f"format that is `like: {found.format.name}` names it"
            )


def undecided(found: Recognised, findings: Collection[str]) -> Iterator[str]:
    """A sentence for each field for which several columns stand that have no sum."""
    for field, rule in found.format.fields.items():
        rivals = [found.header.name(each) for each in rule.one_of if each in found.header.places]
        if len(rivals) > 1 and finding_without(field) in findings:
            named = " and ".join(map(repr, rivals))
            yield (
                f"no column for {field}, and {named} are of unlike kinds, which have no sum: say with "
                f"`counted: [{rule.one_of[0].removesuffix('s')}]` or the like at the account which counts"
            )


def _lacking(found: Recognised) -> Iterator[str]:
    """The measures and days of the fact that a file may lack without a word, and does."""
    form = found.format
    for column in form.spec.read_columns:
        is_silent = column.name in form.optional and column.name not in found.header.places
        if is_silent and kind_of_field(form, column.name) in KINDS:
            yield column.name


def _has_such_cells(found: Recognised, field: str, place: int) -> bool:
    cells = cells_at(found.candidate.table.body(found.header.record, [place]), place)
    return are_mostly(with_value(cells), KINDS[kind_of_field(found.format, field)])


def _is_called_alike(form: Format, field: str, name: str) -> bool:
    plain = normal(name)
    if _RATIO.search(plain):
        return False
    return any(likeness(normal(readable(each)), plain) >= _ALIKE for each in form.names_of(field))


def likeness(one: str, other: str) -> float:
    """How much two names are alike, up to 1: by words if one has all of the other's, else by what differs.

    Amounts discounted and amounts refunded have the word in common that says least.
    """
    words, others = dict.fromkeys(one.split()), dict.fromkeys(other.split())
    if words.keys() <= others.keys() or others.keys() <= words.keys():
        return 0.9
    own, theirs = filterfalse(others.__contains__, words), filterfalse(words.__contains__, others)
    return SequenceMatcher(None, " ".join(own), " ".join(theirs)).ratio()


def cells_at(body: Body, place: int) -> list[str]:
    """Up to two thousand cells of a column."""
    return list(pc.utf8_trim_whitespace(body.columns[place].slice(0, _MOST_LOOKED_AT)).to_pylist())


def with_value(cells: Sequence[str]) -> list[str]:
    """Those of the cells that have a value."""
    return [cell for cell in cells if cell.casefold() not in _NO_VALUE]


def are_mostly(cells: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether all but a few cells, of which there must be some, pass a test of `KINDS` or the like."""
    return bool(cells) and sum(map(bool, map(test, cells))) >= _MOSTLY * len(cells)


def is_day(cell: str) -> bool:
    """Whether a cell can be a day."""
    with suppress(ValueError):
        return bool(fitting_orders([moment(cell)], lambda _: True))
    return False


def _is_whole(cell: str) -> bool:
    return any(value == value.to_integral_value() for value in readings(cell).values())


KINDS: Mapping[str, Callable[[str], object]] = {"day": is_day, "count": _is_whole, "amount": readings}
"""How a cell is known that is a day or a number."""
