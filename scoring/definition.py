"""What a KPI's id means: its formula, unit and direction. The meaning of an id never changes.

Names, descriptions, rules and targets may: they describe the same thing better, or judge it differently.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.canonical import Line
from scoring.formula import Formula
from scoring.kpi import Kpi
from scoring.scorecard import KpiResult


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition; two spellings of the same meaning are equal."""

    formula: str
    unit: str
    direction: str

    @classmethod
    def of(cls, kpi: Kpi | KpiResult | Line) -> Definition:
        """The definition behind a KPI of the book, or behind a line of an issued card."""
        formula = Formula.parse(kpi.formula).spelling if kpi.formula else ""
        return cls(formula, str(kpi.unit), str(kpi.direction))

    def change_to(self, other: Definition) -> tuple[str, str, str] | None:
        """The first part that differs in `other`: its name, the value here, and the value there."""
        for part in ("formula", "unit", "direction"):
            before, after = getattr(self, part), getattr(other, part)
            if before != after:
                return part, before, after
        return None
