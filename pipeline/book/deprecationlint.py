"""KPIs that were given up: targets end there, because an id is never given another meaning."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.book.draft import Draft
from pipeline.book.fault import Fault


def lint_deprecated(draft: Draft) -> Iterator[Fault]:
    """Every target that is still valid on or after the day its KPI was deprecated."""
    for row in draft.targets.rows:
        entry = draft.kpis.get(row.kpi_id)
        end = None if entry is None else entry.kpi.deprecated_on
        if end is not None and row.target is not None and row.target.valid_until > end:
            yield row.fault(
                f"{row.kpi_id}: expected valid_until {end} or earlier, the day it is deprecated, "
                f"found {row.target.valid_until}; end the row there and agree on another KPI"
            )
