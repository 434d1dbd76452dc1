"""What two revisions hold under the same key, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from scoring.restatement import Moved

K = TypeVar("K", bound=str | tuple[str, str, str])
V = TypeVar("V")


def paired(before: Mapping[K, V], after: Mapping[K, V]) -> Iterator[tuple[K, tuple[V | None, V | None]]]:
    """What both hold by key, in the order of the keys; None where one holds nothing."""
    for key in sorted({*before, *after}):
        yield key, (before.get(key), after.get(key))


def differing(before: Mapping[K, V], after: Mapping[K, V]) -> Iterator[tuple[K, tuple[V | None, V | None]]]:
    """As `paired`, but only where the two differ."""
    return ((key, pair) for key, pair in paired(before, after) if pair[0] != pair[1])


def moved(pair: tuple[object, object], *names: str) -> Moved:
    """A number of both, as `field_of` finds it."""
    old, new = pair
    return Moved(field_of(old, *names), field_of(new, *names))


def field_of(value: object, *names: str) -> Any:
    """The first of these fields that is not None; None where all are, or there is no value at all."""
    found = (None if value is None else getattr(value, name) for name in names)
    return next((each for each in found if each is not None), None)
