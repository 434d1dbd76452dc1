"""The rules of KPIs, for all that is held against them."""

from __future__ import annotations

from book.files.shapes import KpiShape
from scoring.errors import BookError
from scoring.rules import Rule, rule_of


def readable_rule(kpi: KpiShape) -> Rule | None:
    """The KPI's rule; None where it cannot be read, which is a fault of its own."""
    try:
        return rule_of(kpi.rule_spec())
    except BookError:
        return None
