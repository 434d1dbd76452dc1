"""From a total to a grade: bands with the book's letters and cut-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scoring.arithmetic import last_reached
from scoring.cells import InCells, looked_up
from scoring.errors import BookError


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the total it starts at."""

    name: str
    start: Decimal


@dataclass(frozen=True, slots=True)
class GradeTable:
    """Grades from the lowest to the highest; a total on an edge has reached the higher one."""

    grades: tuple[Grade, ...]

    def grade_of(self, total: Decimal) -> Grade:
        """The grade of a total."""
        return self.grades[self._index(total)]

    def next_above(self, total: Decimal) -> Grade | None:
        """The grade that a better total would reach first; None at the top."""
        above = self._index(total) + 1
        return self.grades[above] if above < len(self.grades) else None

    @property
    def in_cells(self) -> InCells | None:
        """The grade of `{total}` as a formula of a spreadsheet."""
        return looked_up(
            "{total}", [grade.start for grade in self.grades], [grade.name for grade in self.grades]
        )

    def _index(self, total: Decimal) -> int:
        return last_reached([grade.start for grade in self.grades], total)


def grade_table(rows: Sequence[tuple[str, Decimal]]) -> GradeTable:
    """A table of (name, from); raises `BookError` unless it starts at 0, rises, and names each grade once."""
    grades = tuple(Grade(name, start) for name, start in rows)
    _check_lowest(grades)
    _check_rise(grades)
    names = [grade.name for grade in grades]
    if len(set(names)) != len(names):
        raise BookError(f"grades: expected each grade once, found {', '.join(names)}.")
    return GradeTable(grades)


def _check_lowest(grades: Sequence[Grade]) -> None:
    found = grades[0].start if grades else "no grade"
    if found != 0:
        raise BookError(
            f"grades: expected the lowest grade to start at 0, so every total has one, found {found}."
        )


def _check_rise(grades: Sequence[Grade]) -> None:
    for lower, upper in pairwise(grades):
        if upper.start <= lower.start:
            raise BookError(
                f"grades: expected grades that rise, found {upper.name} from {upper.start} after "
                f"{lower.name} from {lower.start}; sort them."
            )
