"""The same slices on DuckDB and on PostgreSQL give the same answers, to the last digit, from every SQL file.

12 data sets here, ENGINE_EXAMPLES=500 in the long campaign (`script/campaign engines`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from etl.quality.gate import ExpectedSlice, find_gaps
from scoring.errors import DataError
from scoring.spans import Span
from tests.warehouse import invented
from warehouse import (
    Warehouse,
    create_schema,
    load_history,
    load_records,
    measure_catalog,
    open_warehouse,
    period_measures,
    rates,
    replace_measures,
    replace_slices,
)
from warehouse.asking import said
from warehouse.checks import check
from warehouse.sql_files import sql_files

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "12"))
TABLES = [file.name for file in sql_files("schema")]


@pytest.fixture(scope="module")
def engines(tmp_path_factory, postgres) -> list[Warehouse]:
    """An embedded and a served warehouse, both empty."""
    file = tmp_path_factory.mktemp("engines") / "warehouse.duckdb"
    made = [open_warehouse(address) for address in (f"duckdb:///{file}", postgres.new_database())]
    for warehouse in made:
        # the first month has no part of its own on PostgreSQL: rows outside the prepared months count, too
        create_schema(warehouse, invented.MONTHS[1:])
    return made


@pytest.fixture(scope="module")
def compared(engines) -> tuple[list[str], dict[str, Any]]:
    """Where the two differ, one data set after the other in the same tables; what there was to compare."""
    differences: list[str] = []
    seen: dict[str, Any] = {}
    for seed in range(EXAMPLES):
        embedded, served = (answers(warehouse, seed) for warehouse in engines)
        for name in embedded.keys() | served.keys():
            seen[name] = seen.get(name) or embedded.get(name)
            if embedded.get(name) != served.get(name):
                differences.append(f"data set {seed}, {name}: {embedded.get(name)} and {served.get(name)}")
    return differences, seen


def test_every_answer_is_the_same_on_both(compared):
    differences, _ = compared
    assert differences == []


def test_the_data_sets_reach_every_measure_and_every_check(compared):
    """A comparison of nothing with nothing would agree as well."""
    _, seen = compared
    assert {name for name, rows in seen.items() if not rows} <= {
        "quarantine",
        "refusal",
        "schema_version",
        # from the ledger: tests/pipeline/test_score_tables.py
        *("dim_kpi", "dim_team", "fct_score", "fct_total"),
        "check other_rates",
        "check doubled_rates",
        "slices",
    }
    measured = {measure for _, _, measure, _ in seen["measure_daily"]}
    assert len(measured) > 0.8 * len(measure_catalog())


def answers(warehouse: Warehouse, seed: int) -> dict[str, Any]:
    """Everything that can be asked of a warehouse into which the data set `seed` was loaded, some twice."""
    _empty(warehouse)
    found: dict[str, Any] = {}
    for _ in range(1 + (seed % 5 == 0)):
        found["slices"] = replace_slices(warehouse, invented.loads(random.Random(seed)))
    found["measured"] = _said(
        lambda: replace_measures(warehouse, invented.MONTHS, invented.ownership(random.Random(seed)), "EUR")
    )
    for table in TABLES:
        found[table] = sorted(_rows(warehouse, f"select * from {table}"), key=repr)
    for file in sql_files("checks"):
        found[f"check {file.name}"] = _rows(
            warehouse,
            said(check(file.name), warehouse.translated),
            start=invented.MONTHS[0].start,
            end=invented.MONTHS[-1].end,
        )
    last = invented.MONTHS[-1]
    periods = [*invented.MONTHS, *invented.periods_of_each_length(last.start)]
    found["spans"] = sorted(period_measures(warehouse, periods, [*Span]).items(), key=repr)
    found["rates"] = rates(warehouse, last)
    found["records"] = load_records(warehouse, invented.MONTHS)
    found["history"] = load_history(warehouse, invented.MONTHS)
    expected = [ExpectedSlice("ad_daily", name, ("fct_ad_daily",)) for name in ("one", "Two", "never")]
    found["gaps"] = find_gaps(warehouse, [last], expected)
    return found


def _said(action: Callable[[], object]) -> object:
    try:
        return action()
    except DataError as error:
        return str(error)


def _rows(warehouse: Warehouse, query: str, **bound: object) -> list[tuple[Any, ...]]:
    with warehouse.opened() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query), bound)]


def _empty(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        for table in TABLES:
            if table != "schema_version":
                connection.execute(sa.text(f"delete from {table}"))
