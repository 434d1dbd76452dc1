"""What the book has agreed for the teams."""

from __future__ import annotations

import pandas as pd

from frames.columns import AGREED, DAY, TEXT, UNROUNDED, Columns, frame
from pipeline.site import Site

_TARGETS: Columns = {
    "team_id": TEXT,
    "kpi_id": TEXT,
    "per": TEXT,
    "valid_from": DAY,
    "valid_until": DAY,
    "kind": TEXT,
    "target": UNROUNDED,
    "weight": AGREED,
    "agreed_on": DAY,
    "approved_by": TEXT,
    "reason": TEXT,
}


def targets(site: Site) -> pd.DataFrame:
    """The rows of targets/ as they stand in the book, superseded ones too; `valid_until` is not included.

    `target` is missing if the kind has no single number (a range, a milestone).
    """
    return frame(
        _TARGETS,
        (
            (
                *(row.team_id, row.kpi_id, row.per.value, row.valid_from, row.valid_until),
                *(row.aim.kind.value, row.target, row.weight, row.agreed_on, row.approved_by, row.reason),
            )
            for row in site.book.targets
        ),
    )
