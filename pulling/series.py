"""Figures as lists, a value for each day that was asked for: rows of these become a row a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pulling.filling import Window
from pulling.paths import every
from pulling.platform import Series
from pulling.styles import UnsoundError


def by_day(rows: Sequence[Any], how: Series | None, span: Window) -> list[Any]:
    """A row for each day of each row; raises `UnsoundError` for lists of another number of days.

    Null in place of a list is 0 on each day, and a row that has nothing else says nothing and is left out.
    """
    if how is None:
        return [*rows]
    days = [span.start + timedelta(days=at) for at in range((span.end - span.start).days)]
    return [each for row in rows for each in _days_of(row, how, days)]


def _days_of(row: Mapping[str, Any], how: Series, days: Sequence[date]) -> Iterator[dict[str, Any]]:
    lists = _lists_of(row, how)
    if _has_values(lists):
        rest = _without(row, how.at.partition(".")[0])
        for at, day in enumerate(days):
            yield {**rest, how.into: _value(lists, at, len(days)), how.day: day.isoformat()}


def _lists_of(row: Mapping[str, Any], how: Series) -> Any:
    found = [*every(row, how.at)]
    if len(found) != 1:
        raise UnsoundError(f"a row with {len(found)} of {how.at} where one was expected")
    return found[0]


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: row[each] for each in row if each != name}


def _has_values(found: Any) -> bool:
    if isinstance(found, Mapping):
        return any(map(_has_values, found.values()))
    return found is not None


def _value(found: Any, at: int, days: int) -> Any:
    """What it is on one of the days."""
    if isinstance(found, Mapping):
        return {name: _value(each, at, days) for name, each in found.items()}
    return 0 if found is None else _listed(found, days)[at]


def _listed(found: Any, days: int) -> list[Any]:
    if not isinstance(found, list) or len(found) != days:
        raise UnsoundError(f"a list of {found!s:.40} where a value for each of {days} days was expected")
    return found
