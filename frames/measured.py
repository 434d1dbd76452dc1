"""What was measured, and the source rows behind a figure."""

from __future__ import annotations

from decimal import localcontext

import pandas as pd

from frames.columns import DAY, MEASURED, TEXT, Columns, frame
from pipeline.planning import period_range
from pipeline.site import Site
from scoring.arithmetic import EXACT
from tracing.rows import traced_rows
from tracing.subject import find_subject
from warehouse import period_measures

_MEASURES: Columns = {"period": TEXT, "team_id": TEXT, "measure": TEXT, "value": MEASURED}
_ROWS: Columns = {
    "measure": TEXT,
    "day": DAY,
    "source": TEXT,
    "account": TEXT,
    "owner_key": TEXT,
    "row": TEXT,
    "currency_code": TEXT,
    "amount": MEASURED,
    "rate": MEASURED,
    "value": MEASURED,
    "share": MEASURED,
    "part": MEASURED,
}


def measures(site: Site, first: str, last: str) -> pd.DataFrame:
    """Each measure of each team in each period from `first` to `last`, as the warehouse has it now.

    Amounts are in the reporting currency. A measure without data has no row. Raises `UsageError` for texts
    that are not periods of one length, and what the warehouse raises.
    """
    found = period_measures(site.warehouse, period_range(first, last, site.book.period))
    rows = ((str(period), team_id, name, value) for (team_id, period, name), value in found.items())
    return frame(_MEASURES, sorted(rows))


def source_rows(site: Site, issue: str, kpi_id: str) -> pd.DataFrame:
    """The rows behind a KPI of an issued card (`2026-10/eu-brand/r1`), as the warehouse has them now.

    `part` is what a row contributes to the team's measure: `value`, in the reporting currency, times the
    team's `share`. Raises `UsageError` for an unknown issue or KPI.
    """
    traced = traced_rows(site, find_subject(site.ledger, issue, kpi_id))
    with localcontext(EXACT):
        rows = [
            (
                *(one.measure.name, row.day, row.source, row.entity, row.owner_key),
                *(" · ".join(row.names.values()), row.currency_code, row.amount, row.rate),
                *(row.value, row.share, row.part),
            )
            for one in traced
            for row in one.rows
        ]
    return frame(_ROWS, rows)
