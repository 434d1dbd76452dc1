"""What the measures of a KPI did to its change, in words: parts that sum to the change as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.presenting.formulas import measure_name
from reports.presenting.moved import Moved, shown
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.arithmetic import EXACT, round_half_up
from scoring.drivers.note import DriverPart, DriversNote
from scoring.drivers.parts import apportioned
from scoring.scorecard import KpiResult

_ROSE, _FELL = msgid("%(measure)s rose (%(part)s)"), msgid("%(measure)s fell (%(part)s)")


@dataclass(frozen=True, slots=True)
class Factor:
    """A measure with what it did to the figure, as much as can be seen, and whether there is `more` of it."""

    name: str
    effect: Decimal
    more: bool


def factors_of(moved: Moved, reader: Reader) -> tuple[Factor, ...]:
    """The measures that can be seen to have moved the figure, the largest part first.

    None where the card knows of no more than one measure, or cannot say which way one went: then there is no
    chain to tell.
    """
    note = moved.result.drivers
    if note is None or len(note.measures) < 2:
        return ()
    parts = [*zip(note.measures, _cells(note, moved, reader), strict=True)]
    can_be_told = all(cell * part.effect >= 0 and (part.moved or not cell) for part, cell in parts)
    return _factors(parts) if can_be_told else ()


def _factors(parts: Iterable[tuple[DriverPart, Decimal]]) -> tuple[Factor, ...]:
    seen = (Factor(part.name, cell, (part.moved or 0) > 0) for part, cell in parts if cell)
    return tuple(sorted(seen, key=_size, reverse=True))


def _size(factor: Factor) -> Decimal:
    return abs(factor.effect)


def _cells(note: DriversNote, moved: Moved, reader: Reader) -> list[Decimal]:
    """The parts with the digits of the printed values, whose difference they sum to."""
    result = moved.result
    digits = reader.figures.digits(result.unit, result.decimals) + (2 if result.unit == "percent" else 0)
    past, now = (round_half_up(value, digits) for value in (moved.past, moved.now))
    effects = [(Fraction(part.effect),) for part in note.measures]
    return [cell for (cell,) in apportioned(effects, EXACT.subtract(now, past), digits)]


def told(factors: Iterable[Factor], result: KpiResult, reader: Reader) -> str:
    """`Leads fell (+€6.03) and Ad spend rose (+€1.09)`."""
    return _together([_told(factor, result, reader) for factor in factors], reader)


def _told(factor: Factor, result: KpiResult, reader: Reader) -> str:
    part = _IN_UNIT.get(result.unit, _plain)(factor.effect, result, reader)
    plus = "+" if factor.effect > 0 else ""
    name = measure_name(factor.name, reader.figures)
    return reader.words.say(_ROSE if factor.more else _FELL, measure=name, part=f"{plus}{part}")


def _together(clauses: list[str], reader: Reader) -> str:
    *first, last = clauses
    if not first:
        return last
    return reader.words.say("%(first)s and %(last)s", first=reader.words.listing(first), last=last)


def _plain(value: Decimal, result: KpiResult, reader: Reader) -> str:
    return shown(value, result, reader)


def in_points(value: Decimal, result: KpiResult, reader: Reader) -> str:
    """A difference of percentages."""
    number = reader.figures.number(EXACT.scaleb(value, 2), result.decimals)
    return reader.words.say("%(number)s percentage points", number=number)


_IN_UNIT: dict[str, Callable[[Decimal, KpiResult, Reader], str]] = {"percent": in_points}
