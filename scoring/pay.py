"""From a total to a pay coefficient, with its working.

A coefficient of 1 pays the agreed variable part in full. It is rounded half-up to `digits`, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter
from typing import Protocol

from scoring import cells
from scoring.arithmetic import EXACT, HUNDRED, ONE, held_between, last_reached, rises, round_half_up
from scoring.cells import InCells, settings_of
from scoring.errors import BookError
from scoring.rules.case import is_list, mapping, number, numbers, refuse_unknown, rows
from scoring.working import Operand, Working


class Pay(Protocol):
    """A pay rule of the book."""

    @property
    def digits(self) -> int:
        """How many digits after the point a coefficient has."""
        ...

    @property
    def in_cells(self) -> InCells | None:
        """The unrounded coefficient as a formula of a spreadsheet, over `{total}` or `{attainment:leads}`."""
        ...

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The rounded coefficient for a total and the KPIs' attainments; None where an input is missing."""
        ...


@dataclass(frozen=True, slots=True)
class Tier:
    """From the total `start` on, `coefficient`, and for each point above it `per_point` more."""

    start: Decimal
    coefficient: Decimal
    per_point: Decimal = Decimal(0)

    def at(self, total: Decimal) -> Decimal:
        """The unrounded coefficient of a total."""
        return EXACT.add(
            self.coefficient, EXACT.multiply(self.per_point, max(total - self.start, Decimal(0)))
        )

    @property
    def sums(self) -> tuple[Operand, ...]:
        """What it takes to redo the coefficient; nothing where it is flat."""
        parts = (Operand("tier_coefficient", self.coefficient), Operand("per_point", self.per_point))
        return parts if self.per_point else ()


def _tier_in_cells(place: int, tier: Tier) -> str:
    """The coefficient of a tier as a formula; a flat one is its number alone."""
    coefficient = f"{{coefficient_{place}}}"
    return (
        f"{coefficient}+{{per_point_{place}}}*MAX({{total}}-{{from_{place}}},0)"
        if tier.per_point
        else coefficient
    )


@dataclass(frozen=True, slots=True)
class BandedPay:
    """A coefficient for each band of totals, lowest first."""

    tiers: tuple[Tier, ...]
    digits: int

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The coefficient of the band that the total has reached."""
        tier = reached(self.tiers, total)
        operands = (Operand("total", total), Operand("tier_from", tier.start), *tier.sums)
        return Working("bands", operands, (), round_half_up(tier.at(total), self.digits))

    @property
    def in_cells(self) -> InCells | None:
        """The coefficient of the tier that the total has reached, and what it is above it."""
        if len(self.tiers) > cells.MOST_CHOICES:
            return None
        starts = cells.named("from", len(self.tiers))
        worth = [_tier_in_cells(place, tier) for place, tier in enumerate(self.tiers, start=1)]
        settings = (
            *cells.numbered("from", [tier.start for tier in self.tiers]),
            *cells.numbered("coefficient", [tier.coefficient for tier in self.tiers]),
            *cells.numbered("per_point", [tier.per_point for tier in self.tiers]),
        )
        return InCells(cells.chosen(cells.reached("{total}", starts), worth), settings)


@dataclass(frozen=True, slots=True)
class ProportionalPay:
    """total / 100 between a floor and a cap; above 100, `excess` times what is above."""

    cap: Decimal
    floor: Decimal
    excess: Decimal
    digits: int

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The coefficient; `applied` says whether the cap or the floor applied."""
        over = max(total - HUNDRED, Decimal(0))
        raw = EXACT.divide(EXACT.add(total - over, EXACT.multiply(self.excess, over)), HUNDRED)
        held, applied = held_between(raw, self.floor, self.cap)
        operands = (
            Operand("total", total),
            Operand("excess", self.excess),
            Operand("cap", self.cap),
            Operand("floor", self.floor),
        )
        name = "proportional" if self.excess == ONE else "excess"
        return Working(name, operands, applied, round_half_up(held, self.digits))

    @property
    def in_cells(self) -> InCells:
        """The total in hundredths between both limits, what is above 100 counted as often as agreed."""
        return InCells(
            "MIN({cap},MAX({floor},(MIN({total},100)+{excess}*MAX({total}-100,0))/100))",
            settings_of(cap=self.cap, floor=self.floor, excess=self.excess),
        )


@dataclass(frozen=True, slots=True)
class MatrixPay:
    """A coefficient for each pair of bands of two KPIs' attainments; `cells[row][column]`."""

    row_kpi: str
    row_starts: tuple[Decimal, ...]
    column_kpi: str
    column_starts: tuple[Decimal, ...]
    cells: tuple[tuple[Decimal, ...], ...]
    digits: int

    @property
    def axes(self) -> tuple[tuple[str, tuple[Decimal, ...]], ...]:
        """The KPI of the rows and that of the columns, each with where its bands start."""
        return ((self.row_kpi, self.row_starts), (self.column_kpi, self.column_starts))

    def coefficient(self, total: Decimal, attainments: Mapping[str, Decimal]) -> Working | None:
        """The cell of the two attainments; None if the card lacks one of them."""
        return self.cell(attainments) if {self.row_kpi, self.column_kpi} <= attainments.keys() else None

    def cell(self, attainments: Mapping[str, Decimal]) -> Working:
        """The coefficient of the two attainments, which are both there."""
        row, column = attainments[self.row_kpi], attainments[self.column_kpi]
        cell = self.cells[last_reached(self.row_starts, row)][last_reached(self.column_starts, column)]
        operands = (
            Operand("row_kpi", self.row_kpi),
            Operand("row_attainment", row),
            Operand("column_kpi", self.column_kpi),
            Operand("column_attainment", column),
        )
        return Working("matrix", operands, (), round_half_up(cell, self.digits))

    @property
    def in_cells(self) -> InCells | None:
        """The cell of the bands that both attainments have reached."""
        if max(len(self.row_starts), len(self.column_starts)) ** 2 > cells.MOST_CHOICES:
            return None
        row, column = (
            cells.reached(f"{{attainment:{kpi_id}}}", cells.named(name, len(starts)))
            for name, (kpi_id, starts) in zip(("row", "column"), self.axes, strict=True)
        )
        rows = [
            cells.chosen(column, cells.named(f"row_{place}", len(of_row)))
            for place, of_row in enumerate(self.cells, start=1)
        ]
        settings = [
            *cells.numbered("row", self.row_starts),
            *cells.numbered("column", self.column_starts),
        ]
        for place, of_row in enumerate(self.cells, start=1):
            settings += cells.numbered(f"row_{place}", of_row)
        return InCells(cells.chosen(row, rows), tuple(settings))


@dataclass(frozen=True, slots=True)
class Gate:
    """What every KPI's score must be for the pay rule to count, and the coefficient where one is below."""

    lowest_score: Decimal
    coefficient: Decimal

    def closed_by(self, scores: Mapping[str, Decimal]) -> Working | None:
        """The coefficient that the lowest of the scores leaves; None if it is high enough."""
        kpi_id, score = min(scores.items(), key=itemgetter(1), default=("", self.lowest_score))
        if score >= self.lowest_score:
            return None
        operands = (
            Operand("kpi", kpi_id),
            Operand("score", score),
            Operand("lowest_score", self.lowest_score),
        )
        return Working("gate", operands, ("gate",), self.coefficient)


def gate_of(params: Mapping[str, object]) -> Gate | None:
    """The gate of `{..., gate: {lowest_score, coefficient}}`; None without one. Raises `BookError`."""
    if "gate" not in params:
        return None
    given = mapping("pay", "gate", params["gate"])
    refuse_unknown("pay.gate", given, frozenset({"lowest_score", "coefficient"}))
    lowest, coefficient = numbers("pay.gate", given, "lowest_score", "coefficient")
    if min(lowest, coefficient) < 0:
        raise BookError(f"pay.gate: expected numbers from 0 up, found {lowest} and {coefficient}.")
    return Gate(lowest, round_half_up(coefficient, int(number("pay", "digits", params["digits"]))))


def pay_of(params: Mapping[str, object]) -> Pay:
    """The pay rule that `{method, digits, ...}` describes; raises `BookError`.

    `bands`: tiers of {from, coefficient}; `proportional`: cap, floor; `excess`: the same, and how often
    what is above 100 counts; `matrix`: rows and columns of {kpi, from: [...]}, and cells.
    Each may have a `gate`.
    """
    method = params.get("method")
    if method not in _METHODS:
        raise BookError(f"pay: expected a method of {', '.join(_METHODS)}, found {method!r}.")
    known, build = _METHODS[str(method)]
    refuse_unknown("pay", params, frozenset({"method", "digits", *known}), frozenset({"gate"}))
    digits = number("pay", "digits", params["digits"])
    if digits not in range(5):
        raise BookError(f"pay: expected 0 to 4 digits, found {digits}.")
    return build(params, int(digits))


def _banded(params: Mapping[str, object], digits: int) -> BandedPay:
    given = rows("pay", "tiers", params["tiers"], "{from: 80, coefficient: 0.8}")
    tiers = tuple(map(_tier, given))
    check_starts("pay.tiers", tuple(tier.start for tier in tiers))
    _check_rise(tiers)
    return BandedPay(tiers, digits)


def _tier(row: Mapping[str, object]) -> Tier:
    refuse_unknown("pay.tiers", row, frozenset({"from", "coefficient"}), frozenset({"per_point"}))
    start, coefficient = numbers("pay", row, "from", "coefficient")
    return Tier(start, coefficient, number("pay", "per_point", row.get("per_point", 0)))


def _check_rise(tiers: Sequence[Tier]) -> None:
    """A piece that rises may not end above where the next begins: more would pay less."""
    if min(tier.per_point for tier in tiers) < 0:
        raise BookError("pay.tiers: expected per_point from 0 up, found less.")
    for lower, upper in pairwise(tiers):
        _check_next(lower.at(upper.start) if lower.per_point else upper.coefficient, upper)


def _check_next(end: Decimal, upper: Tier) -> None:
    if end > upper.coefficient:
        raise BookError(
            f"pay.tiers: expected at least {end.normalize():f} from {upper.start} on, where the tier "
            f"before it ends, found {upper.coefficient}."
        )


def _proportional(params: Mapping[str, object], digits: int) -> ProportionalPay:
    cap, floor = numbers("pay", params, "cap", "floor")
    excess = number("pay", "excess", params.get("excess", 1))
    if not 0 <= floor < ONE <= cap or excess < 1:
        raise BookError(
            f"pay: expected 0 <= floor < 1 <= cap and an excess of 1 or more, "
            f"found floor {floor}, cap {cap}, excess {excess}."
        )
    return ProportionalPay(cap, floor, excess, digits)


def _matrix(params: Mapping[str, object], digits: int) -> MatrixPay:
    row_kpi, row_starts = _axis("rows", params["rows"])
    column_kpi, column_starts = _axis("columns", params["columns"])
    cells = _cells(params["cells"])
    widths = [len(row) for row in cells]
    if widths != [len(column_starts)] * len(row_starts):
        raise BookError(
            f"pay: expected {len(row_starts)} rows of {len(column_starts)} cells, one a pair of bands, "
            f"found rows of {', '.join(map(str, widths)) or 'none'}."
        )
    return MatrixPay(row_kpi, row_starts, column_kpi, column_starts, cells, digits)


def _cells(value: object) -> tuple[tuple[Decimal, ...], ...]:
    """The rows of coefficients; what is no row is left out, so that their count tells of it."""
    given = value if is_list(value) else ()
    return tuple(_numbers("cells", row) for row in given if is_list(row))


def _numbers(name: str, values: Sequence[object]) -> tuple[Decimal, ...]:
    return tuple(number("pay", name, value) for value in values)


def _axis(name: str, value: object) -> tuple[str, tuple[Decimal, ...]]:
    given = mapping("pay", name, value)
    refuse_unknown(f"pay.{name}", given, frozenset({"kpi", "from"}))
    starts = given["from"]
    if not is_list(starts):
        raise BookError(f"pay: expected a list for {name}.from, found {starts!r}.")
    bounds = _numbers(f"{name}.from", starts)
    check_starts(f"pay.{name}", bounds)
    return str(given["kpi"]), bounds


_METHODS: Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, object], int], Pay]]] = {
    "bands": (frozenset({"tiers"}), _banded),
    "proportional": (frozenset({"cap", "floor"}), _proportional),
    "excess": (frozenset({"cap", "floor", "excess"}), _proportional),
    "matrix": (frozenset({"rows", "columns", "cells"}), _matrix),
}


def reached(tiers: tuple[Tier, ...], value: Decimal) -> Tier:
    """The highest tier that `value` has reached; the lowest where none."""
    return tiers[last_reached([tier.start for tier in tiers], value)]


def check_starts(what: str, starts: tuple[Decimal, ...]) -> None:
    """Raise `BookError` unless the bands start at 0 and rise, so that every value has one."""
    if starts[:1] != (Decimal(0),) or not rises(starts):
        found = ", ".join(map(str, starts)) or "none"
        raise BookError(f"{what}: expected bands that start at 0 and rise, found {found}.")
