"""Parts of a change: the largest of them and all others, and as decimals that still sum to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import chain, islice
from typing import Any, TypeVar

from scoring.arithmetic import EXACT
from scoring.drivers.quotient import NONE

HALF = Fraction(1, 2)

K = TypeVar("K")
N = TypeVar("N", Fraction, Decimal)

Effects = tuple[Fraction, ...]
"""What one member did, an effect after the other; those of all members are in the same order."""


def rounded(value: Fraction, digits: int) -> Decimal:
    """The value with `digits` digits after the point; a half goes away from zero."""
    whole = int(abs(value) * 10**digits + HALF)
    return Decimal(-whole if value < 0 else whole).scaleb(-digits, EXACT)


Cells = tuple[Decimal, ...]
"""The same with so many digits."""


def in_all(rows: Iterable[Effects]) -> Effects:
    """Each effect of all members together."""
    return tuple(sum(column, NONE) for column in zip(*rows, strict=True))


def added(cells: Iterable[Decimal]) -> Decimal:
    """All of them together."""
    return sum(cells, Decimal(0))


def columns_of(rows: Iterable[Cells]) -> Cells:
    """Each effect of several members together."""
    return tuple(map(added, zip(*rows, strict=True)))


def by_size(effects: Iterable[tuple[K, tuple[N, ...]]]) -> list[tuple[K, tuple[N, ...]]]:
    """The largest first, whichever sign; those of one size stay in their order."""
    return sorted(effects, key=lambda each: _size(each[1]), reverse=True)


def _size(parts: Iterable[Any]) -> Any:
    return abs(sum(parts))


def shortened(ranked: Sequence[K], shown: int) -> tuple[Sequence[K], Sequence[K]]:
    """The first of them, and the others; where there is only one other, it is among the first."""
    count = len(ranked) if len(ranked) == shown + 1 else shown
    return ranked[:count], ranked[count:]


def apportioned(effects: Sequence[Effects], whole: Decimal, digits: int) -> list[Cells]:
    """Each effect rounded; the largest one, the first of equal ones, takes what is then missing from `whole`.

    `whole` has no more than `digits` digits after the point. Without effects there are none to take it.
    """
    exact = [*chain.from_iterable(effects)]
    found = [rounded(effect, digits) for effect in exact]
    if found:
        sizes = [*map(abs, exact)]
        with localcontext(EXACT):
            found[sizes.index(max(sizes))] += whole - added(found)
    in_order = iter(found)
    return [tuple(islice(in_order, len(row))) for row in effects]
