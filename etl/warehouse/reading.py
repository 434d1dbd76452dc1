"""Answers out of the warehouse about where its numbers came from: load records, exchange rates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from etl.sqlfiles import statement
from etl.warehouse.engine import Warehouse
from etl.warehouse.records import LoadedFile, LoadRecord, RateSpan
from scoring.period import Period


def load_records(warehouse: Warehouse, months: Sequence[Period]) -> list[LoadRecord]:
    """What each slice of `months` (in order, gaps allowed) was loaded from, in the order of slices."""
    query = sa.text(
        "select source, entity, slice_month, files_json from load_record "
        "where slice_month >= :start and slice_month < :end order by slice_month, source, entity"
    )
    wanted = set(months)
    window = {"start": months[0].start, "end": months[-1].end}
    with warehouse.opened() as connection:
        return [
            LoadRecord(
                row.source,
                row.entity,
                Period.containing(row.slice_month),
                tuple(LoadedFile(**file) for file in json.loads(row.files_json)),
            )
            for row in connection.execute(query, window)
            if Period.containing(row.slice_month) in wanted
        ]


def rates(warehouse: Warehouse, period: Period) -> list[RateSpan]:
    """The first and last exchange rate of each currency in `period`."""
    window = {"start": period.start, "end": period.end}
    with warehouse.opened() as connection:
        return [
            RateSpan(row.currency_code, Decimal(row.first_rate), Decimal(row.last_rate), row.rate_source)
            for row in connection.execute(sa.text(statement("rollups", "rates", warehouse.dialect)), window)
        ]
