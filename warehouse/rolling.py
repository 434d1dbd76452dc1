"""Measures rolled up: from days to weeks, months, quarters, years and any other span of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, filterfalse, product

import sqlalchemy as sa
import sqlglot
from sqlglot import exp

from scoring.period import Period
from scoring.spans import AnySpan, Days, days_of, name_in
from warehouse.catalog import Rollup, measure_catalog
from warehouse.engine import Warehouse
from warehouse.sql_files import WRITTEN_IN, Translate, parse, put, sql_file

_AT_A_TIME = 10_000
"""Rows that are fetched together: one by one they take half as long again."""


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
    found = team_measures(warehouse, periods, spans, besides)
    return {(team_id, *key): value for team_id, of_team in found.items() for key, value in of_team.items()}


def team_measures(
    warehouse: Warehouse,
    periods: Iterable[Period],
    spans: Collection[AnySpan] = (),
    besides: Iterable[tuple[Period, AnySpan]] = (),
) -> dict[str, dict[tuple[Period, str], Decimal]]:
    """The same team by team. Thousands of teams share the keys, and hold little more than their figures."""
    of_all = product(periods, (None, *sorted(spans, key=str)))
    wanted: defaultdict[Days, set[tuple[Period, AnySpan | None]]] = defaultdict(set)
    for period, span in chain(of_all, besides):
        wanted[days_of(period, span)].add((period, span))

    @cache
    def keys(days: Days, measure: str) -> list[tuple[Period, str]]:
        return [(period, name_in(measure, span)) for period, span in wanted[days]]

    found: defaultdict[str, dict[tuple[Period, str], Decimal]] = defaultdict(dict)
    for (team_id, days, measure), value in _rolled_up(warehouse, wanted):
        found[team_id].update(dict.fromkeys(keys(days, measure), value))
    return dict(found)


def span_measures(warehouse: Warehouse, spans: Iterable[Days]) -> dict[tuple[str, Days, str], Decimal]:
    """Each measure of each team over each span of days, rolled up as the measure declares.

    `sum` adds up the days and `last` takes the last one; `period` is a figure that exists only for whole
    months: months add up, and a span that cuts a month has none. A measure without data is absent.
    """
    return dict(_rolled_up(warehouse, spans))


def _rolled_up(
    warehouse: Warehouse, spans: Iterable[Days]
) -> Iterator[tuple[tuple[str, Days, str], Decimal]]:
    asked = sorted(set(spans))
    if not asked:
        return
    lasting, of_periods = _declared(Rollup.LAST), _declared(Rollup.PERIOD)
    cut = {*filterfalse(_is_whole_months, asked)}
    statement = sa.text(_statement(len(asked), len(lasting), warehouse.translated))
    with warehouse.opened() as connection:
        found = connection.execute(statement, _bound(asked, lasting))
        for start, end, team_id, measure, total, last in found.yield_per(_AT_A_TIME):
            days = (start, end)
            if days not in cut or measure not in of_periods:
                yield (team_id, days, measure), Decimal(last if measure in lasting else total)


def _declared(rollup: Rollup) -> tuple[str, ...]:
    """The measures that roll up so."""
    return tuple(name for name, spec in measure_catalog().items() if spec.rollup is rollup)


def _is_whole_months(days: Days) -> bool:
    return days[0].day == 1 and days[1].day == 1


@cache
def _statement(spans: int, lasting: int, translated: Translate) -> str:
    """The roll-up with so many spans instead of one, and measures of which the last figure counts."""
    of_spans = (
        f"select cast(:start_{n} as date) as start_date, cast(:end_{n} as date) as end_date"
        for n in range(spans)
    )
    of_measures = (f"select cast(:measure_{n} as text) as measure" for n in range(lasting))
    with_spans = put(_rows(of_spans), parse(sql_file("rollups", "spans")), "spans")
    return translated(put(_rows(of_measures), with_spans, "lasting"))


def _rows(each: Iterable[str]) -> exp.Expr:
    return sqlglot.parse_one(" union all ".join(each), read=WRITTEN_IN)


def _bound(spans: Sequence[Days], lasting: Sequence[str]) -> dict[str, date | str]:
    days = {
        f"{name}_{n}": day
        for n, days in enumerate(spans)
        for name, day in zip(("start", "end"), days, strict=True)
    }
    return days | {f"measure_{n}": name for n, name in enumerate(lasting)}
