"""JSON lines, as loaders and interfaces write them: an object on each line, with the columns as keys.

Rows are counted as an editor shows the lines. There is no header row: it is said to be row 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any

import pyarrow as pa

from etl.reading.records import MOST_CELLS, MOST_COLUMNS, MOST_LINES, Body, Record, refuse_more
from scoring.errors import BadFileError

_MARK = b"\xef\xbb\xbf"
# of other files nothing is copied
_FIRST = re.compile(rb"(?:%b)?\s*(\{[^\n]{0,%d})" % (_MARK, MOST_CELLS))
_DEEPEST = 8
_SHOWN = 60
_AGAIN = "export it again, with an object on each line, and rerun"
Cells = Mapping[str, str]


class _Number(str):
    """A number with the digits that it is written in."""

    __slots__ = ()


@dataclass(frozen=True)
class ObjectLines:
    """Objects on lines; what is inside an object has the names of both as its key: `metrics.clicks`."""

    file: str
    content: bytes

    @property
    def said(self) -> str:
        """How rows and columns are parted."""
        return "an object on each line"

    def head(self) -> tuple[Record, ...]:
        """All keys that any object has, in the order in which they come."""
        return (self._keys,)

    @cached_property
    def _keys(self) -> Record:
        keys: dict[str, bool] = {}
        for _, cells in _objects(self.file, self.content):
            keys.update({key: bool(cell) or keys.get(key, False) for key, cell in cells.items()})
            if len(keys) > MOST_COLUMNS:
                expected = f"at most {MOST_COLUMNS:,} different keys"
                raise BadFileError(self.file, expected=expected, found="more")
        self._refuse_both(keys)
        return Record(tuple(keys), row=0, end=0)

    def _refuse_both(self, has_values: Mapping[str, bool]) -> None:
        """Raise `BadFileError` for a key that has a value in some objects, and keys of its own in others."""
        for key in has_values:
            for before in accumulate(key.split(".")[:-1], "{}.{}".format):
                if has_values.get(before):
                    expected = "a value everywhere, or an object everywhere"
                    raise BadFileError(self.file, column=before, expected=expected, found=f"both, as {key!r}")

    def body(self, header: Record, positions: Sequence[int]) -> Body:
        """All objects, only the columns at `positions`; a key that an object lacks is an empty cell."""
        _refuse_too_much(self.file, self.content, header)
        rows, cells = self._columns(header, positions)
        plain = {place: pa.array(map(_is_number, column), pa.bool_()) for place, column in cells.items()}
        columns = {place: pa.array(map(str, column), pa.string()) for place, column in cells.items()}
        return Body(columns, pa.array(rows, pa.int64()), plain=plain)

    def _columns(self, header: Record, positions: Sequence[int]) -> tuple[list[int], dict[int, list[str]]]:
        rows, cells = list[int](), {place: list[str]() for place in positions}
        for row, found in _objects(self.file, self.content):
            rows.append(row)
            for place, column in cells.items():
                column.append(found.get(header.cells[place], ""))
        return rows, cells


def are_object_lines(content: bytes) -> bool:
    """Whether the first line that is not blank is an object."""
    first = _FIRST.match(content)
    try:
        return first is not None and isinstance(json.loads(first[1]), dict)
    except (ValueError, RecursionError):
        return False


def _objects(file: str, content: bytes) -> Iterator[tuple[int, Cells]]:
    """The objects with the numbers of their lines; blank lines are none."""
    for row, line in enumerate(content.removeprefix(_MARK).split(b"\n"), start=1):
        if line.strip():
            yield row, _cells(file, row, line)


def _cells(file: str, row: int, line: bytes) -> Cells:
    try:
        said = json.loads(line.decode(), object_pairs_hook=_once, **_LITERALS)
        return _once([*_flat(said)])
    except (ValueError, TypeError, RecursionError) as error:
        found = _shortly(error, line)
    raise BadFileError(file, row=row, expected="a JSON object", found=found, hint=_AGAIN)


def _shortly(error: Exception, line: bytes) -> str:
    if isinstance(error, UnicodeError):
        return "a character that is none in UTF-8"
    if isinstance(error, json.JSONDecodeError | RecursionError):
        text = line.strip().decode(errors="replace")
        return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}…"
    return str(error)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its pairs; raises `ValueError` for a key that it has twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [*map(itemgetter(0), pairs)]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"one with the key {twice!r} twice")
    return found


def _is_number(cell: str) -> bool:
    return isinstance(cell, _Number)


def _number(text: str) -> _Number:
    return _Number(text.upper())


def _no_number(text: str) -> Any:
    raise ValueError(f"{text}, which is no number of JSON")


_LITERALS: Mapping[str, Any] = {
    "parse_int": _number,
    "parse_float": _number,
    "parse_constant": _no_number,
}


def _flat(said: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The values of an object by key; those of an object inside it by both keys."""
    if not isinstance(said, dict):
        raise TypeError(f"{_spelled(said)[:_SHOWN]!r}")
    if depth > _DEEPEST:
        raise ValueError(f"objects inside each other more than {_DEEPEST} times")
    for key, value in said.items():
        whole = f"{name}{key.strip()}"
        if isinstance(value, dict):
            yield from _flat(value, f"{whole}.", depth + 1)
        else:
            yield whole, _spelled(value)


def _spelled(value: object) -> str:
    """A value as it would stand in a CSV file; lists as they stand here."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\0" in text:
        raise ValueError("a text with the character 0")
    text.encode()  # half a character of UTF-16 cannot be written
    return text


def _refuse_too_much(file: str, content: bytes, header: Record) -> None:
    lines = content.count(b"\n") + 1
    hint = "export fewer columns or a shorter time and rerun"
    cells = lines * len(header.cells)
    refuse_more(file, (MOST_LINES, lines, "lines", hint), (MOST_CELLS, cells, "cells", hint))
