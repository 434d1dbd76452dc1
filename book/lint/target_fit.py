"""Checks one row of targets against its KPI: whether the kind fits, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import KpiShape
from book.files.targets import TargetRow
from book.lint.percents import percent_fault
from book.lint.rules import readable_formula, readable_rule
from scoring.aims import Aim, Cumulative, Growth, Kind, Milestone, Range
from scoring.formula import Formula
from scoring.kpi import Direction, Method, Target, Unit
from scoring.rules import RULES, Needs, Rule
from scoring.spans import split_name
from warehouse import Rollup, measure_catalog

# an index is a plain number such as an NPS, which ends here
INDEX_TOP = Decimal(100)


def lint_fit(draft: Draft, row: TargetRow) -> Iterator[Fault]:
    """Every contradiction between the row and its KPI, if both could be read."""
    kpi = draft.kpi(row.kpi_id)
    if row.target is not None and kpi is not None:
        for problem in _problems(row.target, kpi):
            yield row.fault(f"{row.kpi_id}: {problem}")


def _problems(target: Target, kpi: KpiShape) -> Iterable[str]:
    rule = readable_rule(kpi)
    if rule is None:
        return ()
    if rule.needs is not Needs.TARGET:
        return _judged(target, kpi, rule)
    return list(_kind(target, kpi, rule)) or _reachable(target, kpi)


def _judged(target: Target, kpi: KpiShape, rule: Rule) -> Iterator[str]:
    """A KPI that is not scored against a target."""
    name = kpi.rule["name"]
    if target.aim.kind is not Kind.ABSOLUTE:
        yield (
            f"kind: expected absolute, because the rule {name} scores no target, "
            f"found {target.aim.kind}; correct it"
        )
    if rule.needs in (Needs.EVENTS, Needs.LEVEL) and target.target is not None:
        yield (
            f"target: expected nothing, because people judge it by the rule {name}, "
            f"found {target.target}; empty the cell"
        )
    yield from _conditions(target.target, rule.stated_target)


def _conditions(number: Decimal | None, stated: Decimal | None) -> Iterator[str]:
    if stated is not None and number not in (None, stated):
        yield (
            f"target: expected {stated}, the number of the rule's conditions, "
            f"or nothing, found {number}; correct it"
        )


def _kind(target: Target, kpi: KpiShape, rule: Rule) -> Iterator[str]:
    """Whether such a KPI can have a target of that kind."""
    aim = target.aim
    if (kpi.formula is None) != isinstance(aim, Milestone):
        has_one = "another one, because it has a formula and is not a milestone"
        expected = "milestone, because it has no formula" if kpi.formula is None else has_one
        yield f"kind: expected {expected}, found {aim.kind}; correct it"
        return
    yield from list(_range(aim, kpi, rule)) or _number(target, kpi)


def _range(aim: Aim, kpi: KpiShape, rule: Rule) -> Iterator[str]:
    """A target range and the direction `range` belong together, except for two-sided rules."""
    is_range = isinstance(aim, Range)
    if is_range == (kpi.direction is Direction.RANGE):
        return
    if is_range:
        yield (
            f"kind: expected range only where the direction is range, found it where {kpi.direction} is "
            "better; correct one of them"
        )
    elif not rule.is_two_sided:
        yield (
            f"kind: expected range, because the direction is range and the rule is not {_two_sided_rules()}, "
            f"found {aim.kind}; correct one of them"
        )


def _two_sided_rules() -> str:
    return " or ".join(name for name, kind in RULES.items() if kind.rule.is_two_sided)


def _number(target: Target, kpi: KpiShape) -> Iterator[str]:
    if isinstance(target.aim, Cumulative | Growth):
        yield from _over_other_days(target.aim, kpi)
    elif target.aim.kind is Kind.ABSOLUTE and target.target is None:
        yield "target: expected a number above 0 such as 0.25, found nothing; correct it"


def _over_other_days(aim: Cumulative | Growth, kpi: KpiShape) -> Iterator[str]:
    """The formula is computed over other days, too; a year to date only makes sense for sums."""
    formula = readable_formula(kpi.formula or "")
    if formula is None:
        return
    compared = _compared_in(formula)
    if compared is not None:
        yield (
            f"kind: expected absolute, because the formula itself has {compared!r} of other days, "
            f"found {aim.kind}; correct one of them"
        )
    elif isinstance(aim, Cumulative):
        yield from _adds_up(formula)


def _compared_in(formula: Formula) -> str | None:
    """The formula's first measure over other days than the period's own."""
    return next((name for name in formula.names if split_name(name)[1] is not None), None)


def _adds_up(formula: Formula) -> Iterator[str]:
    level = _level_in(formula)
    if level is not None:
        found = f"{level!r}, which does not add up by days"
    elif not formula.is_sum:
        found = f"the {'ratio' if '/' in formula.text else 'formula'} {formula.text!r}"
    else:
        return
    yield f"kind: expected cumulative only for sums of measures, found it for {found}; choose another"


def _level_in(formula: Formula) -> str | None:
    """The formula's first measure that is no sum of days."""
    levels = {name for name, measure in measure_catalog().items() if measure.rollup is not Rollup.SUM}
    return next((name for name in formula.names if name in levels), None)


def _reachable(target: Target, kpi: KpiShape) -> Iterator[str]:
    """Whether the target lies where an actual can lie, and the way to it runs in the KPI's direction."""
    yield from _above_zero(target, kpi)
    yield from percent_fault(target, kpi)
    if kpi.unit is Unit.INDEX:
        yield from _beyond_index(target)
    baseline = kpi.attainment.baseline
    if kpi.attainment.method is Method.BASELINE and baseline is not None and target.target is not None:
        yield from _from_baseline(target.aim, target.target, baseline, kpi.direction)


def _above_zero(target: Target, kpi: KpiShape) -> Iterator[str]:
    """A quotient needs a target above 0; where lower is better, one of 0 is kept or not."""
    number = target.target
    if number is None or number > _above(target.aim, kpi):
        return
    if number or not _is_kept_or_not(target.aim, kpi):
        yield (
            f"target: expected a number above 0, because the attainment is a part of the target, "
            f"found {number}; correct it, or let attainment in kpis/{kpi.id}.yaml count from a start: "
            "{method: baseline, baseline: ...}"
        )


def _above(aim: Aim, kpi: KpiShape) -> Decimal:
    """What a target must be above: 0, but for what counts from a start of its own."""
    counts_from_start = kpi.attainment.method is Method.BASELINE or isinstance(aim, Growth)
    return Decimal("-Infinity") if counts_from_start else Decimal(0)


def _is_kept_or_not(aim: Aim, kpi: KpiShape) -> bool:
    """Whether a target of 0 makes sense: none is agreed, and none or some came."""
    is_lower = kpi.direction is Direction.LOWER and aim.kind is Kind.ABSOLUTE
    return is_lower and kpi.attainment.method is Method.QUOTIENT


def _beyond_index(target: Target) -> Iterator[str]:
    top = target.aim.high if isinstance(target.aim, Range) else target.target
    if top is not None and top > INDEX_TOP and not isinstance(target.aim, Growth):
        yield f"target: expected at most 100, where an index ends, found {top}; correct it"


def _from_baseline(aim: Aim, number: Decimal, baseline: Decimal, direction: Direction) -> Iterator[str]:
    if isinstance(aim, Growth | Cumulative):
        yield (
            f"kind: expected absolute with the method baseline, whose way begins at a fixed {baseline}, "
            f"found {aim.kind}; correct one of them"
        )
    elif number == baseline or (number > baseline) != (direction is Direction.HIGHER):
        side = "above" if direction is Direction.HIGHER else "below"
        yield (
            f"target: expected a number {side} the baseline {baseline}, because {direction} is better, "
            f"found {number}; correct one of them"
        )
