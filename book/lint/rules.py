"""The rules and formulas of KPIs, for all that is held against them."""

from __future__ import annotations

from book.files.shapes import KpiShape
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.rules import Rule, rule_of


def readable_rule(kpi: KpiShape) -> Rule | None:
    """The KPI's rule; None where it cannot be read, which is a fault of its own."""
    try:
        return rule_of(kpi.rule_spec())
    except BookError:
        return None


def readable_formula(text: str) -> Formula | None:
    """The formula; None where it cannot be read, which is a fault of its own."""
    try:
        return Formula.parse(text)
    except BookError:
        return None
