"""From the drivers of a figure to what a card says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import starmap

from scoring.arithmetic import EXACT
from scoring.drivers.effects import mix_and_rate, together, worth
from scoring.drivers.members import Driver
from scoring.drivers.note import DriverPart, DriversNote
from scoring.drivers.parts import (
    Cells,
    Effects,
    added,
    apportioned,
    by_size,
    columns_of,
    in_all,
    rounded,
    shortened,
)
from scoring.drivers.quotient import NONE, Quotient

SHOWN = 4
"""So many members are named; where there is only one more, it is named, too."""

Named = tuple[str, Cells]


def note_of(
    base: str,
    figures: tuple[Decimal, Decimal],
    quotient: Quotient,
    drivers: Sequence[Driver],
    digits: int,
    *,
    has_rates: bool,
) -> DriversNote:
    """The drivers of a figure that was the first of `figures` in `base` and is the second now.

    Parts have so many digits. A member without a rate has what all of its measures did.
    """
    before, now = (rounded(Fraction(figure), digits) for figure in figures)
    with localcontext(EXACT):
        change = now - before
        measures, members = _by_measure(quotient, drivers, change, digits)
        if has_rates:
            members = apportioned(mix_and_rate([driver.moved for driver in drivers]), change, digits)
        names = (driver.member.name for driver in drivers)
        shown, others = shortened(by_size(zip(names, members, strict=True)), SHOWN)
        rest = [("", columns_of([cells for _, cells in others]))] if others else []
        by = tuple(dict.fromkeys(driver.member.by.value for driver in drivers))
        told = _with_moves(_parts(measures), drivers, digits)
        return DriversNote(base, change, by, told, _parts([*shown, *rest]), len(others))


def _with_moves(
    measures: Sequence[DriverPart], drivers: Sequence[Driver], digits: int
) -> tuple[DriverPart, ...]:
    """The measures with how much each is more or less than it was."""
    return tuple(replace(part, moved=_move(part.name, drivers, digits)) for part in measures)


def _move(name: str, drivers: Sequence[Driver], digits: int) -> Decimal:
    return rounded(sum((driver.moved_by(name) for driver in drivers), NONE), digits)


def _by_measure(
    quotient: Quotient, drivers: Sequence[Driver], change: Decimal, digits: int
) -> tuple[list[Named], list[Cells]]:
    """What each measure did, and of it what each member did by all measures together."""
    worths = worth(quotient, together([driver.moved for driver in drivers]))
    effects = [_effects(drivers, *each) for each in worths.items()]
    whole = apportioned([*map(in_all, effects)], change, digits)
    parts = [apportioned(row, added(cell), digits) for row, cell in zip(effects, whole, strict=True)]
    return [*zip(worths, whole, strict=True)], [*map(columns_of, zip(*parts, strict=True))]


def _effects(drivers: Sequence[Driver], name: str, each: Fraction) -> list[Effects]:
    """What each member did by a measure of which one more does `each`."""
    return [(driver.moved_by(name) * each,) for driver in drivers]


def _parts(named: Sequence[Named]) -> tuple[DriverPart, ...]:
    return tuple(starmap(_part, named))


def _part(name: str, cells: Cells) -> DriverPart:
    return DriverPart(name, added(cells), *(cells if len(cells) > 1 else ()))
