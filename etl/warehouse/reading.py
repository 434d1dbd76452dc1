"""Answers out of the warehouse: measures by month, load records, exchange rates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from etl.sqlfiles import statement
from etl.warehouse.catalog import Rollup, measure_catalog
from etl.warehouse.engine import Warehouse
from etl.warehouse.records import LoadedFile, LoadRecord, RateSpan
from scoring.period import Period


def monthly_measures(
    warehouse: Warehouse, months: Sequence[Period]
) -> dict[tuple[str, Period, str], Decimal]:
    """Each measure of each team and each of the consecutive `months`, rolled up as it declares.

    A measure without data in a month is absent.
    """
    window = {"start": months[0].start, "end": months[-1].end}
    values = {}
    with warehouse.opened() as connection:
        for row in connection.execute(sa.text(statement("rollups", "monthly", warehouse.dialect)), window):
            is_last = measure_catalog()[row.measure].rollup is Rollup.LAST
            key = (row.team_id, Period.containing(row.month_date), row.measure)
            values[key] = Decimal(row.last_value if is_last else row.total_value)
    return values


def load_records(warehouse: Warehouse, months: Sequence[Period]) -> list[LoadRecord]:
    """What each slice of `months` was loaded from, in the order of slices."""
    query = sa.text(
        "select source, entity, slice_month, files_json from load_record "
        "where slice_month >= :start and slice_month < :end order by slice_month, source, entity"
    )
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
        ]


def rates(warehouse: Warehouse, month: Period) -> list[RateSpan]:
    """The first and last exchange rate of each currency in `month`."""
    window = {"start": month.start, "end": month.end}
    with warehouse.opened() as connection:
        return [
            RateSpan(row.currency_code, Decimal(row.first_rate), Decimal(row.last_rate), row.rate_source)
            for row in connection.execute(sa.text(statement("rollups", "rates", warehouse.dialect)), window)
        ]
