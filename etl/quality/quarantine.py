"""The quarantined rows of slices, from the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from scoring.period import Period
from warehouse import Slice, Warehouse
from warehouse.conformed import QuarantinedRow
from warehouse.recording import QUARANTINE


@dataclass(frozen=True, slots=True)
class SetApart:
    """A quarantined row and the slice it is missing from."""

    slice: Slice
    row: QuarantinedRow


def quarantined_rows(warehouse: Warehouse, months: Sequence[Period]) -> list[SetApart]:
    """The quarantined rows of `months`, in the order of months, accounts, files and rows."""
    order = ("slice_month", "source", "entity", "file_name", "row_number")
    query = (
        sa.select(QUARANTINE)
        .where(QUARANTINE.c.slice_month.in_([month.start for month in months]))
        .order_by(*(QUARANTINE.c[name] for name in order))
    )
    with warehouse.opened() as connection:
        return [
            SetApart(
                Slice(row.source, row.entity, Period.containing(row.slice_month)),
                QuarantinedRow(row.file_name, row.row_number, row.column_name, row.expected, row.found),
            )
            for row in connection.execute(query)
        ]
