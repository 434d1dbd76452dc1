"""What a KPI's id stands for: its formula, unit and direction. An id is never given another meaning.

Names, descriptions, rules and targets may change: they say the same thing better, or judge it anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.formula import Formula
from scoring.kpi import Kpi
from scoring.scorecard import KpiResult


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition; two that are written differently and mean the same are equal."""

    formula: str
    unit: str
    direction: str

    @classmethod
    def of(cls, kpi: Kpi | KpiResult) -> Definition:
        """The definition behind a KPI of the book, or behind a line of an issued card."""
        formula = Formula.parse(kpi.formula).spelling if kpi.formula else ""
        return cls(formula, str(kpi.unit), str(kpi.direction))

    def change_to(self, other: Definition) -> tuple[str, str, str] | None:
        """The first part that `other` says differently: its name, as it was, and as it is there."""
        for part in ("formula", "unit", "direction"):
            before, after = getattr(self, part), getattr(other, part)
            if before != after:
                return part, before, after
        return None
