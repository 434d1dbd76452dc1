"""Measures rolled up: from days to weeks, months, quarters, years and any other span of days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, product

import sqlalchemy as sa
import sqlglot

from scoring.period import Period
from scoring.spans import AnySpan, Days, days_of, name_in
from warehouse.catalog import Rollup, measure_catalog
from warehouse.engine import Warehouse
from warehouse.sql_files import WRITTEN_IN, Translate, parse, put, sql_file


def period_measures(
    warehouse: Warehouse,
    periods: Iterable[Period],
    spans: Collection[AnySpan] = (),
    besides: Iterable[tuple[Period, AnySpan]] = (),
) -> dict[tuple[str, Period, str], Decimal]:
    """Each measure of each team and period, by its name; with `spans` also under names such as
    `sales_revenue__last_year` (see `scoring.spans`). `besides` are spans of single periods.

    A measure without data is absent.
    """
    of_all = product(periods, (None, *sorted(spans, key=str)))
    wanted = {(period, span): days_of(period, span) for period, span in chain(of_all, besides)}
    values = span_measures(warehouse, wanted.values())
    by_days: dict[Days, dict[tuple[str, str], Decimal]] = {}
    for (team_id, days, measure), value in values.items():
        by_days.setdefault(days, {})[team_id, measure] = value
    return {
        (team_id, period, name_in(measure, span)): value
        for (period, span), days in wanted.items()
        for (team_id, measure), value in by_days.get(days, {}).items()
    }


def span_measures(warehouse: Warehouse, spans: Iterable[Days]) -> dict[tuple[str, Days, str], Decimal]:
    """Each measure of each team over each span of days, rolled up as the measure declares.

    `sum` adds up the days and `last` takes the last one; `period` is a figure that exists only for whole
    months: months add up, and a span that cuts a month has none. A measure without data is absent.
    """
    asked = sorted(set(spans))
    if not asked:
        return {}
    catalog = measure_catalog()
    values = {}
    with warehouse.opened() as connection:
        for row in connection.execute(sa.text(_statement(len(asked), warehouse.translated)), _bound(asked)):
            days, rollup = (row.start_date, row.end_date), catalog[row.measure].rollup
            if rollup is not Rollup.PERIOD or _is_whole_months(days):
                value = row.last_value if rollup is Rollup.LAST else row.total_value
                values[row.team_id, days, row.measure] = Decimal(value)
    return values


def _is_whole_months(days: Days) -> bool:
    return days[0].day == 1 and days[1].day == 1


@cache
def _statement(count: int, translated: Translate) -> str:
    """The roll-up with `count` spans instead of one."""
    rows = " union all ".join(
        f"select cast(:start_{n} as date) as start_date, cast(:end_{n} as date) as end_date"
        for n in range(count)
    )
    spans = sqlglot.parse_one(rows, read=WRITTEN_IN)
    return translated(put(spans, parse(sql_file("rollups", "spans")), "spans"))


def _bound(spans: list[Days]) -> dict[str, date]:
    return {
        f"{name}_{n}": day
        for n, days in enumerate(spans)
        for name, day in zip(("start", "end"), days, strict=True)
    }
