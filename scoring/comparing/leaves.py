"""Where two values differ, down to the single field: the safety net of every comparison of cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoring.canonical import spelling
from scoring.restatement import FieldChange

_KEYS = (
    "kpi_id",
    "area_id",
    "objective_id",
    "key_result_id",
    "cadence",
    "period",
    "code",
    "source",
    "entity",
    "name",
)
"""The fields that tell one item of a list from another."""


def leaf_changes(old: Any, new: Any, path: str = "") -> Iterator[FieldChange]:
    """Every place in two plain values (as JSON knows them) that differs, in the order of the old one.

    Items of a list are compared by what identifies them, so that one that is inserted does not make all
    that follow it differ.
    """
    if old == new:
        return
    match old, new:
        case dict(), dict():
            yield from _of_parts(old, new, path)
        case list(), list():
            yield from _of_items(old, new, path)
        case _:
            yield FieldChange(path, spelling(old), spelling(new))


def _of_items(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[FieldChange]:
    before, after = _named(old), _named(new)
    found = list(_of_parts(before, after, path))
    # the same items in another order
    yield from found or [FieldChange(path, spelling(list(before)), spelling(list(after)))]


def _of_parts(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*old, *new)):
        yield from leaf_changes(old.get(name), new.get(name), f"{path}/{name}" if path else name)


def _named(items: Sequence[Any]) -> dict[str, Any]:
    """The items by what identifies them, or by their places where that does not tell them apart."""
    names = list(map(_name, items))
    if None in names or len(set(names)) < len(names):
        return {str(place): item for place, item in enumerate(items, start=1)}
    return dict(zip(map(str, names), items, strict=True))


def _name(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return None
    found = [str(item[key]) for key in _KEYS if isinstance(item.get(key), str)]
    return " ".join(found) or None
