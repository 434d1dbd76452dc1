"""The cells of one row of targets, read into a target; every unreadable cell is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from book.files.fields import day_of, one_line, printed
from book.files.fitting import found
from scoring.aims import ABSOLUTE, Aim, Basis, Cumulative, Growth, Kind, Milestone, Range
from scoring.arithmetic import HUNDRED
from scoring.kpi import Target
from scoring.period import Cadence
from scoring.reading import number_of, wanted_number
from scoring.weights import as_hundred

COLUMNS = ("team", "kpi", "valid_from", "valid_until", "target", "weight", "approved_by", "reason")
OPTIONAL = ("kind", "basis", "low", "high", "due", "phases", "agreed_on", "per")
INFORMATION = "information"
_MAY_BE_EMPTY = frozenset({"target", *OPTIONAL})

# the cells that a kind needs besides its days and weight; all other kinds leave them empty
_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ABSOLUTE: (),
    Kind.GROWTH: ("target", "basis"),
    Kind.RANGE: ("low", "high"),
    Kind.MILESTONE: ("due",),
    Kind.CUMULATIVE: ("target",),
}
_OF_A_KIND = ("target", "basis", "low", "high", "due", "phases")
_MAY_HAVE: Mapping[Kind, tuple[str, ...]] = {Kind.ABSOLUTE: ("target",), Kind.CUMULATIVE: ("phases",)}
_AIMS: Mapping[Kind, tuple[Callable[..., Aim], tuple[str, ...]]] = {
    Kind.GROWTH: (Growth, ("basis",)),
    Kind.RANGE: (Range, ("low", "high")),
    Kind.MILESTONE: (Milestone, ("due",)),
}
"""The cells that make up the aim of a kind that has more to it than its number."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text; `place` is its address (with a space after it) if a line is not enough.

    `problem` is what was found instead of a readable value.
    """

    text: str
    place: str = ""
    problem: str = ""


def read_cells(cells: Mapping[str, Cell]) -> Target | list[str]:
    """The target of a row, or one sentence for each of its faults."""
    values, told = _values(cells)
    told += _together(values, cells)
    return told or _target(values)


def _values(cells: Mapping[str, Cell]) -> tuple[dict[str, Any], list[str]]:
    """The values by column, and a sentence for each cell that has none."""
    values: dict[str, Any] = {}
    problems = []
    # the kind decides how the number is read, so it comes first
    for column in sorted(cells, key=lambda name: name != "kind"):
        cell = cells[column]
        try:
            values[column] = _read(column, cell, values.get("kind", Kind.ABSOLUTE))
        except ValueError as error:
            problems.append((_order(column), _unreadable(column, cell, error)))
    return values, [message for _, message in sorted(problems)]


def _unreadable(column: str, cell: Cell, error: ValueError) -> str:
    what = cell.problem or found(cell.text)
    return f"{cell.place}{column}: expected {error}, found {what}; correct it"


def _order(column: str) -> int:
    return (*COLUMNS, *OPTIONAL).index(column)


def _read(column: str, cell: Cell, kind: Kind) -> Any:
    if cell.problem:
        raise ValueError("a value")
    if column in _MAY_BE_EMPTY and not cell.text:
        return None
    return _value_in(column, cell.text, kind)


# thousands of rows share their days, weights and names
@lru_cache(maxsize=10_000)
def _value_in(column: str, text: str, kind: Kind) -> Any:
    return _reader(column, kind)(text)


def _reader(column: str, kind: Kind) -> Callable[[str], Any]:
    if column == "target" and kind is Kind.GROWTH:
        return _growth
    return _READERS.get(column, str)


def _together(values: Mapping[str, Any], cells: Mapping[str, Cell]) -> Iterator[str]:
    """Contradictions between cells that are each valid."""
    yield from _days(values, cells)
    yield from _needed(values, cells)
    yield from _ends(values, cells)


def _ends(values: Mapping[str, Any], cells: Mapping[str, Cell]) -> Iterator[str]:
    low, high = values.get("low"), values.get("high")
    if low and high and low > high:
        yield f"{cells['low'].place}low: expected no more than high {high}, found {low}; correct one"


def _days(values: Mapping[str, Any], cells: Mapping[str, Cell]) -> Iterator[str]:
    begin, end = values.get("valid_from"), values.get("valid_until")
    if not begin or not end:
        return
    if begin >= end:
        place = cells["valid_until"].place
        yield f"{place}valid_until: expected a day after valid_from {begin}, found {end}; correct one"
    else:
        last = end - timedelta(days=1)
        yield from _due(values, cells, begin, last)


def _needed(values: Mapping[str, Any], cells: Mapping[str, Cell]) -> Iterator[str]:
    """The cells that the row's kind asks for, and only them."""
    # a cell that could not be read has its fault already
    unread = set(cells) - set(values)
    if "kind" in unread:
        return
    kind = values.get("kind") or Kind.ABSOLUTE
    for column in _OF_A_KIND:
        if column not in unread:
            yield from _needed_cell(column, cells.get(column, Cell("")), values.get(column), kind)


def _needed_cell(column: str, cell: Cell, value: object, kind: Kind) -> Iterator[str]:
    if value is None:
        if column in _NEEDS[kind]:
            yield f"{cell.place}{column}: expected a value, because kind is {kind}, found nothing; fill it in"
    elif column not in (*_NEEDS[kind], *_MAY_HAVE.get(kind, ())):
        yield (
            f"{cell.place}{column}: expected nothing, because kind is {kind}, found {cell.text!r}; "
            "empty it or correct the kind"
        )


def _due(values: Mapping[str, Any], cells: Mapping[str, Cell], begin: date, last: date) -> Iterator[str]:
    due = values.get("due")
    if due and not begin <= due <= last:
        yield (
            f"{cells['due'].place}due: expected a day of the row, {begin} to {last}, found {due}; correct one"
        )


def _target(values: Mapping[str, Any]) -> Target:
    return Target(
        team_id=values["team"],
        kpi_id=values["kpi"],
        valid_from=values["valid_from"],
        valid_until=values["valid_until"],
        target=values["target"],
        weight=values["weight"] or Decimal(0),
        approved_by=values["approved_by"],
        reason=values["reason"],
        aim=_aim(values),
        agreed_on=values.get("agreed_on"),
        per=values.get("per") or Cadence.MONTH,
        informs=_informs(values),
    )


def _informs(values: Mapping[str, Any]) -> bool:
    """Whether the weight says so; a plain 0 does in a row that nothing was agreed on before."""
    return values["weight"] is None or (values["weight"] == 0 and values.get("agreed_on") is None)


def _aim(values: Mapping[str, Any]) -> Aim:
    kind: Any = values.get("kind")
    if kind is Kind.CUMULATIVE:
        return Cumulative(phases=values.get("phases") or ())
    if kind not in _AIMS:
        return ABSOLUTE
    aim, columns = _AIMS[kind]
    return aim(*(values[column] for column in columns))


def _day(text: str) -> date:
    return day_of(text, "2026-01-01")


def _any_number(text: str) -> Decimal:
    """A target may lie anywhere; which side of 0 makes sense, its KPI says."""
    number = _number(text)
    if number is None:
        raise ValueError(wanted_number(text, "a number such as 0.25"))
    return number


def _positive(text: str) -> Decimal:
    return _above(0, text, "a number above 0 such as 0.25")


def _weight(text: str) -> Decimal | None:
    """Percent points; none where the row is there for information."""
    if text == INFORMATION:
        return None
    return Decimal(0) if text == "0" else _above(0, text, f"a number above 0 such as 0.25, or {INFORMATION}")


def _growth(text: str) -> Decimal:
    return _above(-1, text, "growth above -1 such as 0.1, which is 10 % more")


def _above(bound: int, text: str, expected: str) -> Decimal:
    number = _number(text)
    if number is None or number <= bound:
        raise ValueError(wanted_number(text, expected))
    return number


def _number(text: str) -> Decimal | None:
    try:
        return number_of(text)
    except ValueError:
        return None


def _phases(text: str) -> tuple[Decimal, ...]:
    """`20/20/20/40`, what each half, quarter or month of a year has in percent."""
    phases = tuple(map(number_of, text.replace(" ", "").split("/")))
    if min(phases) < 0 or len(phases) not in (2, 4, 12) or as_hundred(sum(phases, Decimal(0))) != HUNDRED:
        raise ValueError("2, 4 or 12 parts of a year that sum to 100 such as 20/20/20/40")
    return phases


def _words(text: str) -> str:
    return one_line(printed(text))


def _one_of(kinds: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        if text not in set(kinds):
            raise ValueError(f"one of {', '.join(kinds)}")
        return kinds(text)

    return read


_READERS: Mapping[str, Callable[[str], Any]] = {
    "valid_from": _day,
    "valid_until": _day,
    "target": _any_number,
    "weight": _weight,
    "approved_by": _words,
    "reason": _words,
    "kind": _one_of(Kind),
    "basis": _one_of(Basis),
    "low": _positive,
    "high": _positive,
    "due": _day,
    "phases": _phases,
    "agreed_on": _day,
    "per": _one_of(Cadence),
}
