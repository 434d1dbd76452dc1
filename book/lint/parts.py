"""KPIs whose cards are to say what moved them, where the formula falls into no parts."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.kpi_files import KpiFile
from book.lint.rules import readable_formula
from scoring.drivers.quotient import quotient_of


def lint_parts(entry: KpiFile) -> Iterator[Fault]:
    """Only of formulas that can be read; another one is a fault of its own."""
    formula = entry.kpi.formula
    if entry.kpi.drivers and not (formula and _has_parts(formula)):
        yield entry.file.fault(
            ("drivers",),
            "drivers: expected a formula that is a sum of measures, or one sum divided by another, found "
            f"{formula or 'none'}; leave drivers out",
        )


def _has_parts(written: str) -> bool:
    formula = readable_formula(written)
    return formula is None or quotient_of(formula) is not None
