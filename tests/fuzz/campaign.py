"""All kinds of changed files, each as often as it is asked for: of ten CSVs there are a workbook and a book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.fuzz import books, csvs, json_lines, workbooks
from tests.fuzz.children import Make, watch
from tests.fuzz.counting import Counts, counted


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes the cases, and of so many CSVs how many cases there are."""

    case: Make
    share: float


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "csvs": Kind(csvs.case, 1),
        "workbooks": Kind(workbooks.case, 0.1),
        "books": Kind(books.case, 0.1),
        # twice as many lines as CSVs
        "json_lines": Kind(json_lines.case, 2 / json_lines.LINES),
    }
)


def run(csvs_asked_for: int, seed: int, first: int = 0, children: int = 2) -> Iterator[Counts]:
    """The counts of each kind, one after the other."""
    for name, kind in KINDS.items():
        numbers = range(first, first + max(1, round(csvs_asked_for * kind.share)))
        yield counted(name, watch(kind.case, numbers, seed, children))
