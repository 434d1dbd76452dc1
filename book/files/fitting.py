"""Checks a file's content against its shape; each mismatch is a fault in words."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from book.fault import Fault
from book.files.yaml_file import Place, YamlFile
from disk.nearest import did_you_mean

T = TypeVar("T")

# what pydantic's kinds of errors mean to the author of a book
_EXPECTED = {
    "string_type": "text",
    "too_long": "at most {max_length} characters",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "decimal_max_places": "at most {decimal_places} decimal places",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "enum": "{expected}",
    "literal_error": "{expected}",
    "model_type": "keys with values",
    "dict_type": "keys with values",
    "tuple_type": "a list",
    "value_error": "{error}",
}


_WORDS = ("enum", "literal_error")
_QUOTED = re.compile("'([^']*)'")
_OF_KEYS = {
    "extra_forbidden": "expected no such key, found it; correct its name or remove it",
    "missing": "expected a value, found none; add it",
}


def fit(file: YamlFile, shape: TypeAdapter[T], content: Any, place: Place = ()) -> T | list[Fault]:
    """`content` (found at `place` of `file`) in its shape, or a fault for each mismatch."""
    try:
        return shape.validate_python(content)
    except ValidationError as error:
        return [
            file.fault((*place, *item["loc"]), _sentence((*place, *item["loc"]), item))
            for item in error.errors(include_url=False)
        ]


def _sentence(place: Place, item: Any) -> str:
    where, kind, value = _where(place), item["type"], item["input"]
    if kind in _OF_KEYS:
        return f"{where}: {_OF_KEYS[kind]}"
    expected = _EXPECTED.get(kind, item["msg"]).format(**item.get("ctx", {}))
    todo = "fill it in" if value in (None, "", [], (), {}) else "correct it"
    return f"{where}: expected {expected}, found {found(value)}{_meant(kind, expected, value)}; {todo}"


def _meant(kind: str, expected: str, value: object) -> str:
    """Which of the words that are expected is near the one that was found."""
    known = _QUOTED.findall(expected) if kind in _WORDS else ()
    return did_you_mean(str(value), known)


def _where(place: Place) -> str:
    return ".".join(_plain(str(part)) for part in place if part != "[key]") or "the file"


def found(value: Any) -> str:
    """A value of a file, in a few words."""
    match value:
        case None | "":
            return "nothing"
        case dict() | list() | tuple():
            return _container(value)
        case bool():
            return f"{str(value).lower()} without quotes"
    return _shortened(repr(value))


def _container(value: dict[Any, Any] | list[Any] | tuple[Any, ...]) -> str:
    if isinstance(value, dict):
        return "keys with values" if value else "no keys"
    return "a list" if value else "an empty list"


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}...'"


def _plain(part: str) -> str:
    return part if part.isprintable() else repr(part)
