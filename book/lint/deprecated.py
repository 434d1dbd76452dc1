"""KPIs that were given up: nobody is scored by them from then on, because no id gets another meaning."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.draft import Draft
from book.lint.stretches import stretches
from scoring.period import Cadence


def lint_deprecated(draft: Draft) -> Iterator[Fault]:
    """Every target that is in force on or after the day its KPI is deprecated; said once a row."""
    ends = {kpi_id: entry.kpi.deprecated_on for kpi_id, entry in draft.kpis.items()}
    rows = {row.target: row for row in draft.targets.rows if row.target and ends.get(row.kpi_id)}
    told = set()
    for per in Cadence:
        for stretch in stretches([target for target in rows if target.per is per]):
            for target in stretch.held:
                end = ends[target.kpi_id]
                if end is not None and stretch.end > end and target not in told:
                    told.add(target)
                    yield rows[target].fault(
                        f"{target.kpi_id}: expected no target on {end} or after, when it is deprecated, "
                        f"found this one until {stretch.end}; take it off by a row of weight 0 from {end} on"
                    )
