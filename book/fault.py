"""A fault in a book, with the file and line to correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TOLD = 100
"""So many faults are told one by one: nobody reads more, and most come from one mistake."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to correct. `file` is relative to the book; `line` counts from 1, 0 = the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def told(faults: Sequence[object]) -> Iterator[str]:
    """A line for each fault, for the first of very many, and then how many more there are."""
    yield from map(str, faults[:TOLD])
    if len(faults) > TOLD:
        yield f"and {len(faults) - TOLD} more"
