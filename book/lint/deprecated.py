"""Deprecated KPIs: no target may use them from that day on, because no id changes its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from book.fault import Fault
from book.files.draft import Draft
from book.files.targets import TargetRow
from book.lint.stretches import every_stretch
from scoring.kpi import Target


def lint_deprecated(draft: Draft) -> Iterator[Fault]:
    """Every target that is in force on or after the day its KPI is deprecated; said once a row."""
    rows = _rows_of_deprecated(draft)
    told = set()
    for target, until in _held(rows):
        end = _end_of(draft, target)
        if end is not None and until > end and target not in told:
            told.add(target)
            yield rows[target].fault(
                f"{target.kpi_id}: expected no target on {end} or after, when it is deprecated, "
                f"found this one until {until}; take it off with a row of weight 0 from {end} on"
            )


def _rows_of_deprecated(draft: Draft) -> dict[Target, TargetRow]:
    return {row.target: row for row in draft.targets.rows if row.target and _end_of(draft, row.target)}


def _end_of(draft: Draft, target: Target) -> date | None:
    """The day on which the target's KPI is deprecated, if it is."""
    kpi = draft.kpi(target.kpi_id)
    return None if kpi is None else kpi.deprecated_on


def _held(targets: Iterable[Target]) -> Iterator[tuple[Target, date]]:
    """Each target of each stretch of days in which it is in force, and the day before which that ends."""
    for stretch in every_stretch(targets):
        yield from ((target, stretch.end) for target in stretch.held)
