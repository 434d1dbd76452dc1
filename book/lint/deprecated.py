"""KPIs that were given up: nobody is scored by them from then on, because no id gets another meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from book.fault import Fault
from book.files.draft import Draft
from book.lint.stretches import stretches
from scoring.kpi import Target
from scoring.period import Cadence


def lint_deprecated(draft: Draft) -> Iterator[Fault]:
    """Every target that is in force on or after the day its KPI is deprecated; said once a row."""
    ends = {kpi_id: entry.kpi.deprecated_on for kpi_id, entry in draft.kpis.items()}
    rows = {row.target: row for row in draft.targets.rows if row.target and ends.get(row.kpi_id)}
    told = set()
    for target, until in _held(list(rows)):
        end = ends[target.kpi_id]
        if end is not None and until > end and target not in told:
            told.add(target)
            yield rows[target].fault(
                f"{target.kpi_id}: expected no target on {end} or after, when it is deprecated, "
                f"found this one until {until}; take it off by a row of weight 0 from {end} on"
            )


def _held(targets: Sequence[Target]) -> Iterator[tuple[Target, date]]:
    """Each target of each stretch of days in which it is in force, and the day before which that ends."""
    for per in Cadence:
        for stretch in stretches([target for target in targets if target.per is per]):
            yield from ((target, stretch.end) for target in stretch.held)
