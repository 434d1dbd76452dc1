"""Holds what was accepted against an addition of its own: every row accounted for, every sum the same.

It knows the text, in which style its numbers are written, and what the reader says it did with which row.
It shares no code with the reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.fuzz.columns import Columns, columns_of, plain
from tests.fuzz.numbers import number
from warehouse.conformed import Conformed

AGREES, DIFFERS, UNJUDGED = "agrees", "differs", "unjudged"
SEARCHED = 60
_NOTHING = " ,;\t|"
"""A line of nothing but separators is a blank one, whichever parts the cells."""
Seen = str | Decimal
"""A cell as a person sees it: text, or a number of a workbook."""


@dataclass(frozen=True, slots=True)
class Text:
    """A table as read by a person: its records from row 1 on.

    `styles` says how the numbers of a column are written, by the name in its header; the others are in
    `style`. `untouched` are rows of data that are as the platform wrote them, below `header`.
    """

    records: Sequence[Sequence[Seen]]
    style: str = "english"
    styles: Mapping[str, str] = field(default_factory=dict)
    header: Sequence[str] = ()
    untouched: frozenset[tuple[str, ...]] = frozenset()
    above: int = 0
    """How many of the records the file has no line for: the names of columns that stand in every object."""


class _UnjudgedError(Exception):
    """A person cannot say what this is."""


class _DiffersError(Exception):
    """Something was lost, added or misread."""


def judge(conformed: Conformed, text: Text, source: str, form: str) -> tuple[str, str]:
    """Whether what was accepted is what the text says: `AGREES`, `DIFFERS` or `UNJUDGED`, and why."""
    try:
        _hold(conformed, text, source, form)
    except _UnjudgedError as error:
        return UNJUDGED, str(error)
    except _DiffersError as error:
        return DIFFERS, str(error)
    return AGREES, ""


def _hold(conformed: Conformed, text: Text, source: str, form: str) -> None:
    (fact,) = conformed.tables
    columns = columns_of(source, fact, form)
    (tally,) = conformed.tallies
    lines = [[row + text.above for row in some] for some in _lines(conformed, fact)]
    first = min((row for some in lines for row in some), default=SEARCHED + 2)
    begin = _header(text, columns, first, tally.rows_in)
    _hold_rows(conformed, text, begin, [row for some in lines for row in some])
    measures = _places(text.records[begin - 1], columns)
    if not measures:
        raise _UnjudgedError("no column of a measure by a name of its own")
    if columns.is_once:
        lines = [some[:1] for some in lines]
    for name, place in measures.items():
        _hold_sum(
            conformed, text, (fact, name), place, columns, begin, [row for some in lines for row in some]
        )


def _header(text: Text, columns: Columns, first: int, rows_in: int) -> int:
    """The number of the row above the `first` counted one that has the most names of columns.

    Of several, that below which there are so many rows.
    """
    above = text.records[: min(first - 1, SEARCHED)]
    scores = [columns.score(_texts(record)) for record in above]
    most = max(scores, default=0)
    if most < 2:
        raise _UnjudgedError("no header")
    headers = [at for at, score in enumerate(scores, start=1) if score == most]
    begin = next((at for at in headers if _fits(text, at, rows_in)), headers[-1])
    if any(tuple(_shown(record)) in text.untouched for record in above[: begin - 1]):
        raise _UnjudgedError("rows of data above the header")
    return begin


def _texts(record: Sequence[Seen]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in record]


def _lines(conformed: Conformed, fact: str) -> list[list[int]]:
    """The rows of the file behind each row that was read."""
    (lines,) = conformed.lines[fact]
    return [row if isinstance(row, list) else [row] for row in lines.rows.to_pylist() if row is not None]


def _hold_rows(conformed: Conformed, text: Text, begin: int, counted: Sequence[int]) -> None:
    """Every row below the header is used, set aside or quarantined, and no row of data is set aside."""
    (tally,) = conformed.tallies
    if not _fits(text, begin, tally.rows_in):
        raise _DiffersError(f"{tally.rows_in} rows read of {_rows_below(text, begin)} below row {begin}")
    if tally.rows_in != tally.rows_used + tally.rows_set_aside + tally.rows_quarantined:
        raise _DiffersError(f"a tally that does not add up: {tally}")
    if len(set(counted)) != len(counted) or len(counted) != tally.rows_used:
        raise _DiffersError(f"{tally.rows_used} rows used, but lines {sorted(counted)}")
    if counted and not begin < min(counted) <= max(counted) <= len(text.records):
        raise _DiffersError(f"lines {min(counted)} to {max(counted)} of {len(text.records)}, header {begin}")
    _hold_untouched(conformed, text, begin, set(counted))


def _fits(text: Text, begin: int, rows_in: int) -> bool:
    fewest, most = _rows_below(text, begin)
    return fewest <= rows_in <= most


def _rows_below(text: Text, begin: int) -> tuple[int, int]:
    """How many rows below a header have something in them, and how many there are."""
    below = text.records[begin:]
    return sum(any(cell.strip(_NOTHING) for cell in _shown(record)) for record in below), len(below)


def _hold_untouched(conformed: Conformed, text: Text, begin: int, counted: set[int]) -> None:
    quarantined = {row.row for row in conformed.quarantined}
    if tuple(_shown(text.records[begin - 1])) != tuple(map(str.strip, text.header)):
        return
    for row, record in enumerate(text.records[begin:], start=begin + 1):
        if row not in counted | quarantined and tuple(_shown(record)) in text.untouched:
            raise _DiffersError(f"row {row} is data as the platform wrote it, and is not counted")


def _shown(record: Sequence[Seen]) -> list[str]:
    return [shown(cell) for cell in record]


def shown(cell: Seen) -> str:
    """A cell as it is compared with another."""
    return cell.strip() if isinstance(cell, str) else f"{cell.normalize():f}"


def _places(header: Sequence[Seen], columns: Columns) -> dict[str, int]:
    """The column of each measure that has exactly one."""
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(header):
        name = columns.measure(cell.strip()) if isinstance(cell, str) else None
        if name is not None:
            found.setdefault(name, []).append(at)
    return {name: places[0] for name, places in found.items() if len(places) == 1}


def _hold_sum(
    conformed: Conformed,
    text: Text,
    which: tuple[str, str],
    place: int,
    columns: Columns,
    begin: int,
    counted: Sequence[int],
) -> None:
    fact, name = which
    column = str(text.records[begin - 1][place])
    style = text.styles.get(plain(column), text.style)
    values = [*_values(text, counted, place, style, columns)]
    if name in columns.counts and any(value % 1 for value in values):
        # 7.001 clicks among amounts such as 0.80: seven thousand, or spoiled
        raise _UnjudgedError("a count with a fraction")
    wanted = sum(values, Decimal(0))
    read = sum((value for value in conformed.tables[fact][name].to_pylist() if value is not None), Decimal(0))
    if wanted != read:
        raise _DiffersError(f"{column!r} adds up to {wanted:f}, and {read:f} was read ({style})")


def _values(
    text: Text, counted: Sequence[int], place: int, style: str, columns: Columns
) -> Iterator[Decimal]:
    for row in counted:
        record = text.records[row - 1]
        cell = record[place] if place < len(record) else ""
        if isinstance(cell, Decimal):
            yield cell
        elif cell.strip() not in columns.missing:
            value = number(cell, style)
            if value is None:
                raise _UnjudgedError(f"{cell[:40]!r} as a number in the {style} style")
            yield value
