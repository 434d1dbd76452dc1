"""What goes through long work one by one can be watched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Counted(Protocol):
    """Lets somebody see how far long work is."""

    def __call__(self, items: Iterable[T], total: int) -> Iterator[T]:
        """The items, of which there are `total`, one by one."""
        ...


def uncounted(items: Iterable[T], total: int) -> Iterator[T]:
    """The items, which nobody watches."""
    return iter(items)
