"""Every text that a value such as a scorecard has for people, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from scoring.scorecard import Scorecard
from scoring.text import Language, LocalText


def texts_of(value: Any, language: Language, field: str = "", of: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value that a reader of the language may see, after its field and what that is of."""
    if isinstance(value, LocalText):
        value = value.to(language)
    if isinstance(value, str):
        yield (f"{field} of {of}" if of else field), value
    elif is_dataclass(value):
        yield from _texts_of_fields(value, language, _id(value) or of)
    else:
        for each in _items(value):
            yield from texts_of(each, language, field, of)


def _texts_of_fields(value: Any, language: Language, of: str) -> Iterator[tuple[str, str]]:
    for each in fields(value):
        yield from texts_of(getattr(value, each.name), language, each.name, of)


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple) else ()


def _id(value: Any) -> str:
    """The id of what has one, but for the card itself, which the sentence begins with."""
    names = ("kpi_id", "area_id", "objective_id", "key_result_id", "id", "source")
    found = (getattr(value, name, "") for name in names if not isinstance(value, Scorecard))
    return str(next(filter(None, found), ""))
