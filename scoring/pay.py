"""From a total to a pay coefficient, with its working.

A coefficient of 1 pays the agreed variable part in full. It is rounded half-up to `digits`, once.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from scoring.arithmetic import EXACT, HUNDRED, ONE, round_half_up
from scoring.errors import BookError
from scoring.scorecard import Operand, Working


class Pay(Protocol):
    """A pay rule of the book."""

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The rounded coefficient for a total and the KPIs' attainments; None where an input is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Tier:
    """From the total (or attainment) `start` on, `coefficient`."""

    start: Decimal
    coefficient: Decimal


@dataclass(frozen=True, slots=True)
class BandedPay:
    """A coefficient for each band of totals, lowest first."""

    tiers: tuple[Tier, ...]
    digits: int

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The coefficient of the band that the total has reached."""
        tier = reached(self.tiers, total)
        operands = (Operand("total", total), Operand("tier_from", tier.start))
        return Working("bands", operands, (), round_half_up(tier.coefficient, self.digits))


@dataclass(frozen=True, slots=True)
class ProportionalPay:
    """total / 100 between a floor and a cap; above 100, `excess` times what is above."""

    cap: Decimal
    floor: Decimal
    excess: Decimal
    digits: int

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The coefficient; `applied` says whether the cap or the floor held it."""
        over = max(total - HUNDRED, Decimal(0))
        raw = EXACT.divide(EXACT.add(total - over, EXACT.multiply(self.excess, over)), HUNDRED)
        held = min(max(raw, self.floor), self.cap)
        operands = (
            Operand("total", total),
            Operand("excess", self.excess),
            Operand("cap", self.cap),
            Operand("floor", self.floor),
        )
        applied = ("cap",) if raw > self.cap else ("floor",) if raw < self.floor else ()
        name = "proportional" if self.excess == ONE else "excess"
        return Working(name, operands, applied, round_half_up(held, self.digits))


@dataclass(frozen=True, slots=True)
class MatrixPay:
    """A coefficient for each pair of bands of two KPIs' attainments; `cells[row][column]`."""

    row_kpi: str
    row_starts: tuple[Decimal, ...]
    column_kpi: str
    column_starts: tuple[Decimal, ...]
    cells: tuple[tuple[Decimal, ...], ...]
    digits: int

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The cell of the two attainments; None where the card lacks one of them."""
        if self.row_kpi not in attainments or self.column_kpi not in attainments:
            return None
        row, column = attainments[self.row_kpi], attainments[self.column_kpi]
        cell = self.cells[_index(self.row_starts, row)][_index(self.column_starts, column)]
        operands = (
            Operand("row_kpi", self.row_kpi),
            Operand("row_attainment", row),
            Operand("column_kpi", self.column_kpi),
            Operand("column_attainment", column),
        )
        return Working("matrix", operands, (), round_half_up(cell, self.digits))


def reached(tiers: tuple[Tier, ...], value: Decimal) -> Tier:
    """The highest tier that `value` has reached; the lowest where none."""
    return tiers[_index(tuple(tier.start for tier in tiers), value)]


def check_starts(what: str, starts: tuple[Decimal, ...]) -> None:
    """Raise `BookError` unless the bands start at 0 and rise, so that every value has one."""
    if not starts or starts[0] != 0 or any(b <= a for a, b in itertools.pairwise(starts)):
        found = ", ".join(str(start) for start in starts) or "none"
        raise BookError(f"{what}: expected bands that start at 0 and rise, found {found}.")


def _index(starts: tuple[Decimal, ...], value: Decimal) -> int:
    return max((index for index, start in enumerate(starts) if start <= value), default=0)
