"""Checks a KPI's direction, unit and method against its rule."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.kpi_files import KpiFile
from book.files.shapes import KpiShape
from book.lint.rules import readable_rule
from scoring.kpi import Direction, Method, Unit
from scoring.rules import Needs, Rule


def lint_direction(entry: KpiFile) -> Iterator[Fault]:
    """Every contradiction between the KPI's direction, unit, method and rule."""
    rule = readable_rule(entry.kpi)
    if rule is None:
        return
    if rule.is_two_sided:
        yield from _two_sided(entry)
    if entry.kpi.direction is Direction.RANGE:
        yield from _range(entry, rule.needs)
    if _is_milestone(entry.kpi, rule):
        yield from _milestone(entry)
    yield from _contradictions(entry, rule)


def _contradictions(entry: KpiFile, rule: Rule) -> Iterator[Fault]:
    for one, other in rule.contradictions:
        yield entry.file.fault(
            ("rule",),
            f"rule: expected conditions that can hold together, found {one!r} and {other!r}; correct one",
        )


def _two_sided(entry: KpiFile) -> Iterator[Fault]:
    if entry.kpi.direction is not Direction.RANGE:
        yield entry.file.fault(
            ("direction",),
            f"direction: expected range with the rule {entry.kpi.rule['name']}, which takes points for too "
            f"much as for too little, found {str(entry.kpi.direction)!r}; correct one of them",
        )


def _is_milestone(kpi: KpiShape, rule: Rule) -> bool:
    return kpi.formula is None and rule.needs is Needs.TARGET and kpi.unit is Unit.DAYS


def _range(entry: KpiFile, needs: Needs) -> Iterator[Fault]:
    if needs is not Needs.TARGET:
        yield entry.file.fault(
            ("direction",),
            f"direction: expected higher or lower with the rule {entry.kpi.rule['name']}, which knows no "
            "range, found 'range'; correct one of them",
        )
    elif entry.kpi.attainment.method is not Method.QUOTIENT:
        yield entry.file.fault(
            ("attainment", "method"),
            "attainment: expected the method quotient where a range is best, "
            f"found {str(entry.kpi.attainment.method)!r}; correct one of them",
        )


def _milestone(entry: KpiFile) -> Iterator[Fault]:
    """A KPI of days without a formula is a milestone: fewer days are better."""
    if entry.kpi.direction is not Direction.LOWER:
        yield entry.file.fault(
            ("direction",),
            "direction: expected lower, because a KPI of days without a formula is done by a day, "
            f"found {str(entry.kpi.direction)!r}; correct it or add a formula",
        )
    if entry.kpi.attainment.method is not Method.QUOTIENT:
        yield entry.file.fault(
            ("attainment", "method"),
            "attainment: expected the method quotient, which scores a never-done milestone worst, "
            f"found {str(entry.kpi.attainment.method)!r}; correct it",
        )
