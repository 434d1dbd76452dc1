"""A KPI's direction, unit and method held against its rule: what can be agreed for it at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from book.fault import Fault
from book.files.draft import KpiFile
from scoring.errors import BookError
from scoring.kpi import Direction, Method, Unit
from scoring.rules import Needs, rule_of
from scoring.rules.all_or_some import AllOrSome
from scoring.rules.tolerance import Tolerance


def lint_direction(entry: KpiFile) -> Iterator[Fault]:
    """Every contradiction between the KPI's direction, unit, method and rule."""
    try:
        rule = rule_of(entry.kpi.rule_spec())
    except BookError:
        return
    kpi = entry.kpi
    if isinstance(rule, Tolerance) and kpi.direction is not Direction.RANGE:
        yield entry.file.fault(
            ("direction",),
            "direction: expected range with the rule tolerance, which takes points for too much as for too "
            f"little, found {str(kpi.direction)!r}; correct one of them",
        )
    if kpi.direction is Direction.RANGE:
        yield from _range(entry, rule.needs)
    if kpi.formula is None and rule.needs is Needs.TARGET and kpi.unit is Unit.DAYS:
        yield from _milestone(entry)
    if isinstance(rule, AllOrSome):
        yield from _contradictions(entry, rule)


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
    """A KPI of days without a formula is done by a day: fewer days are better."""
    if entry.kpi.direction is not Direction.LOWER:
        yield entry.file.fault(
            ("direction",),
            "direction: expected lower, because a KPI of days without a formula is done by a day, "
            f"found {str(entry.kpi.direction)!r}; correct it or add a formula",
        )
    if entry.kpi.attainment.method is not Method.QUOTIENT:
        yield entry.file.fault(
            ("attainment", "method"),
            "attainment: expected the method quotient, by which what is never done is worst, "
            f"found {str(entry.kpi.attainment.method)!r}; correct it",
        )


def _contradictions(entry: KpiFile, rule: AllOrSome) -> Iterator[Fault]:
    """Conditions over one formula that cannot hold together: 100 could never be reached."""
    above: defaultdict[str, list[tuple[Decimal, bool, str]]] = defaultdict(list)
    below: defaultdict[str, list[tuple[Decimal, bool, str]]] = defaultdict(list)
    for condition in rule.conditions:
        side = above if condition.comparison in (">", ">=") else below
        is_open = condition.comparison in (">", "<")
        side[condition.formula.text].append((condition.bound, is_open, condition.text))
    for formula in above.keys() & below.keys():
        least, least_open, least_text = max(above[formula])
        most, most_open, most_text = min(below[formula], key=lambda bound: (bound[0], not bound[1]))
        if least > most or (least == most and (least_open or most_open)):
            yield entry.file.fault(
                ("rule",),
                f"rule: expected conditions that can hold together, found {least_text!r} and {most_text!r}; "
                "correct one",
            )
