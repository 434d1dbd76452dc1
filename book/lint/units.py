"""Checks formulas against the units of their measures: only like units may be added."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.kpi_files import KpiFile
from scoring.dimensions import Dimension, dimension_of, misfit
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.rules import Rule
from scoring.spans import split_name
from warehouse import measure_catalog


def lint_formula_units(entry: KpiFile) -> Iterator[Fault]:
    """A formula that mixes units, or whose result is not in the KPI's unit."""
    try:
        dimension = _dimension(Formula.parse(entry.kpi.formula or ""))
    except BookError as error:
        yield entry.file.fault(("formula",), f"formula mixes units: {error}; correct the formula")
        return
    if dimension is not None:
        yield from _misfit(entry, dimension)


def _misfit(entry: KpiFile, dimension: Dimension) -> Iterator[Fault]:
    expected = misfit(dimension, entry.kpi.unit)
    if expected is not None:
        yield entry.file.fault(
            ("formula",),
            f"formula mixes units: expected {expected} for a KPI in {entry.kpi.unit}, "
            f"found {dimension}; correct the formula or the unit",
        )


def lint_condition_units(entry: KpiFile, rule: Rule) -> Iterator[Fault]:
    """A condition that mixes units; the number it is compared with has the resulting unit."""
    for formula in rule.formulas:
        try:
            _dimension(formula)
        except BookError as error:
            yield entry.file.fault(("rule",), f"rule mixes units: {error}; correct the condition")


def _dimension(formula: Formula) -> Dimension | None:
    """None if a measure is unknown, which is a fault of its own."""
    catalog = measure_catalog()
    # a measure of another span, such as sales_revenue__previous, has the unit of its base
    bases = {name: split_name(name)[0] for name in formula.names}
    if not set(bases.values()) <= set(catalog):
        return None
    return dimension_of(formula, {name: catalog[base].unit for name, base in bases.items()})
