"""Percentages typed as they are spoken: 95 where 0.95 is meant, which would be 9,500 %."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal

from book.files.shapes import KpiShape
from book.lint.rules import readable_formula
from scoring.aims import Growth, Range
from scoring.arithmetic import HUNDRED, ONE
from scoring.formula import Formula
from scoring.kpi import Target, Unit
from warehouse import measure_catalog

# spending may go past its budget, and what is left of a difference, such as a return, is often a multiple
USUAL, USUAL_OF_A_DIFFERENCE = Decimal("1.2"), Decimal(10)


def percent_fault(target: Target, kpi: KpiShape) -> Iterator[str]:
    """A share of more than all there is."""
    number = _number(target, kpi)
    share = _share(kpi)
    if number is not None and share and number > 1:
        yield (
            f"target: expected at most 1, which is 100 %, because it is the share {share}, found {number}, "
            f"which is {_percent(number)}; write {_meant(number)} if {number} % is meant"
        )


def percent_warning(target: Target, kpi: KpiShape) -> Iterator[str]:
    """A percentage, or a growth, that is unusually high for what it is of."""
    number = _number(target, kpi)
    if number is not None and number > _usual(target, kpi) and not _share(kpi):
        yield (
            f"expected a fraction as target, found {number}, which is {_percent(number)}; "
            f"write {_meant(number)} if {number} % is meant"
        )


def _number(target: Target, kpi: KpiShape) -> Decimal | None:
    """The number that is a percentage; None for a target in another unit."""
    if kpi.unit is not Unit.PERCENT and not isinstance(target.aim, Growth):
        return None
    return target.aim.high if isinstance(target.aim, Range) else target.target


def _usual(target: Target, kpi: KpiShape) -> Decimal:
    if isinstance(target.aim, Growth):
        return ONE
    return USUAL_OF_A_DIFFERENCE if "-" in (kpi.formula or "") else USUAL


def _share(kpi: KpiShape) -> str | None:
    """`mqls_accepted / mqls`, if that is the whole formula and the one is counted among the other."""
    formula = readable_formula(kpi.formula or "")
    return formula.spelling if formula is not None and _is_share(formula) else None


def _is_share(formula: Formula) -> bool:
    match formula.tree:
        case ast.BinOp(left=ast.Name(id=part), op=ast.Div(), right=ast.Name(id=whole)):
            return whole in _wholes(part)
    return False


def _wholes(measure: str) -> Iterator[str]:
    """What a measure is counted among, and what that is counted among in turn."""
    catalog = measure_catalog()
    while measure in catalog and (whole := catalog[measure].part_of) is not None:
        yield whole
        measure = whole


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * HUNDRED).normalize():,f} %"


def _meant(number: Decimal) -> str:
    return f"{(number / HUNDRED).normalize():f}"
