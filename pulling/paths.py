"""JSON as platforms answer it: read and written again without a changed digit, and looked into by paths.

A path such as `data.list.*.id` goes into objects by their keys and into lists by `*`, all of their items, or
`-1`, the last one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# of the private use area: what stands between two of them is the number as it was written
_MARK = "\ue000"
_ITEMS = {"*": slice(None), "-1": slice(-1, None)}
_NONE = slice(0)
_MARKED = re.compile(f'"\\\\u{ord(_MARK):04x}([-+.0-9eE]+)\\\\u{ord(_MARK):04x}"')


def parsed(content: bytes) -> Any:
    """The value of a JSON text; a number with a fraction keeps its digits. Raises `ValueError`."""
    try:
        return json.loads(content, parse_float=_kept, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("lists inside each other without end") from None


def _kept(digits: str) -> str:
    return f"{_MARK}{digits}{_MARK}"


def _no_number(text: str) -> Any:
    raise ValueError(f"{text}, which is no number")


def written(value: object) -> str:
    """A value as JSON on one line, its keys in order and its numbers as they came."""
    return _MARKED.sub(r"\1", json.dumps(value, sort_keys=True))


def plain(value: object) -> object:
    """A value without the marks of a number."""
    return value.strip(_MARK) if isinstance(value, str) else value


def every(value: Any, path: str) -> Iterator[Any]:
    """All values at a path; what is not there is left out."""
    return _every(value, path.split(".") if path else [])


def _every(value: Any, keys: Sequence[str]) -> Iterator[Any]:
    if not keys:
        yield value
        return
    for each in _inside(value, keys[0]):
        yield from _every(each, keys[1:])


def _inside(value: Any, key: str) -> Sequence[Any]:
    if isinstance(value, list):
        return value[_ITEMS.get(key, _NONE)]
    return [value[key]] if isinstance(value, Mapping) and key in value else ()


def first(value: Any, path: str) -> Any:
    """The first value at a path, without the mark of a number; None where there is none."""
    return plain(next(every(value, path), None))
