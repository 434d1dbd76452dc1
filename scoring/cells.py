"""A number as a formula of a spreadsheet, with the settings that it uses.

A formula is text in the words of every spreadsheet (`MIN`, `IF`, `CHOOSE`), in which a name in braces stands
for a cell: one of the formula's own settings, or a number of the line such as `{attainment}`. Which cell that
is, only who lays out the sheets knows.

A spreadsheet computes in binary with some 15 digits. So what is held against an edge, or counted in whole
steps, is first rounded to `EDGE` digits after the point, far below anything that is printed: `1.15 - 1` is a
little less than 0.15 there, and would lose a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.working import Operand

EDGE = 9
"""Digits after the point that a spreadsheet's own error cannot reach, and no printed number either."""
MOST_CHOICES = 100
"""How many parts a formula may choose from; a spreadsheet takes 254, and 8,192 characters in all."""


@dataclass(frozen=True, slots=True)
class InCells:
    """A formula and its own settings, numbers or words of the book, by the names in the formula."""

    formula: str
    settings: tuple[Operand, ...] = ()


def settings_of(**named: Decimal | str) -> tuple[Operand, ...]:
    """Settings by their names."""
    return tuple(Operand(name, value) for name, value in named.items())


def numbered(name: str, values: Sequence[Decimal | str]) -> tuple[Operand, ...]:
    """Settings of one kind: `name_1`, `name_2`, ..."""
    return tuple(Operand(f"{name}_{place}", value) for place, value in enumerate(values, start=1))


def chosen(index: str, choices: Sequence[str]) -> str:
    """The choice at `index`, which counts from 1."""
    return f"CHOOSE({index},{','.join(choices)})"


def reached(value: str, starts: Sequence[str]) -> str:
    """The place, from 1, of the last of the rising `starts` that `value` has reached; 1 below all of them."""
    return "+".join(["1", *(f"({value}>={start})" for start in starts[1:])])


def named(name: str, count: int) -> list[str]:
    """`{name_1}`, `{name_2}`, ...: the settings of `numbered` in a formula."""
    return [f"{{{name}_{place}}}" for place in range(1, count + 1)]


def looked_up(value: str, starts: Sequence[Decimal], worth: Sequence[Decimal | str]) -> InCells | None:
    """What the band that `value` has reached is worth; None for more bands than a formula takes."""
    if len(starts) > MOST_CHOICES:
        return None
    # where the first begins is never asked: what is below it counts as the first as well
    bands = reached(value, named("from", len(starts)))
    formula = chosen(bands, named("worth", len(worth)))
    return InCells(formula, (*numbered("from", starts)[1:], *numbered("worth", worth)))


def to_edge(formula: str) -> str:
    """A formula rounded so that an edge is met where it is met in decimals."""
    return f"ROUND({formula},{EDGE})"
