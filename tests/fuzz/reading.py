"""Reads texts as a person with Python's `csv` would: bytes to records, with the separator that makes a header."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.fuzz.adding import SEARCHED, Seen
from tests.fuzz.columns import Columns

SEPARATORS = (",", ";", "\t", "|")
_MARKS = (("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"))


def records_of(content: bytes, encoding: str, columns: Columns) -> list[list[str]]:
    """The records of the reading in which some row has the most names of columns."""
    best: tuple[int, list[list[str]]] = (0, [])
    for text in _texts(content, encoding):
        for separator in SEPARATORS:
            records = _cut(text, separator)
            score = max((columns.score(list(map(str.strip, each))) for each in records[:SEARCHED]), default=0)
            if score > best[0]:
                best = (score, records)
        if best[0] > 1:
            break
    return best[1]


def _texts(content: bytes, encoding: str) -> Iterator[str]:
    for code, mark in _MARKS:
        if content.startswith(mark):
            yield content[len(mark) :].decode(code, "replace").removeprefix("\ufeff")
            return
    for code in ("utf-8", encoding):
        try:
            yield content.decode(code)
        except (UnicodeDecodeError, LookupError):
            continue
    yield content.decode("utf-8", "replace")
    yield content.decode("latin-1")


def _cut(text: str, separator: str) -> list[list[str]]:
    if "\n" not in text:
        text = text.replace("\r", "\n")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def json_records(content: bytes) -> list[list[Seen]]:
    """The objects of a text with one to a line, below a header of all their keys."""
    objects = [_object(line) for line in content.decode("utf-8-sig", "replace").split("\n")]
    keys = list(dict.fromkeys(key for each in objects for key in each))
    return [list(keys), *([_seen(each.get(key)) for key in keys] for each in objects)]


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        return {}
    return found if isinstance(found, dict) else {}


def _seen(value: Any) -> Seen:
    if value is None:
        return ""
    if isinstance(value, Decimal | str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, default=str)
