"""The same slices in DuckDB, in PostgreSQL and in a lake beside either give the same answers, to the last digit,
from every SQL file.

12 data sets here, ENGINE_EXAMPLES=500 in the long campaign (`script/campaign`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from etl.quality.gate import ExpectedSlice, find_gaps
from lake import lake_at
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
from warehouse.asking import Question
from warehouse.checks import check
from warehouse.engine import FACT_FILES
from warehouse.facts import columns_of, fact_catalog
from warehouse.sql_files import sql_file, sql_files

LAKES_EVERY = 4
EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "12"))
TABLES = [file.name for file in sql_files("schema") if file.name not in (FACT_FILES, "schema_version")]


@pytest.fixture(scope="module")
def engines(tmp_path_factory, postgres) -> dict[str, Warehouse]:
    """An embedded and a served warehouse, and both with their facts in a lake; all empty."""
    folder = tmp_path_factory.mktemp("engines")
    made = {
        "embedded": open_warehouse(f"duckdb:///{folder / 'warehouse.duckdb'}"),
        "served": open_warehouse(postgres.new_database()),
        "embedded beside a lake": open_warehouse(
            f"duckdb:///{folder / 'beside.duckdb'}", facts_of=lake_at(folder / "one")
        ),
        "served beside a lake": open_warehouse(postgres.new_database(), facts_of=lake_at(folder / "two")),
    }
    for warehouse in made.values():
        # the first month has no part of its own on PostgreSQL: rows outside the prepared months count, too
        create_schema(warehouse, invented.MONTHS[1:])
    return made


@pytest.fixture(scope="module")
def compared(engines) -> tuple[list[str], dict[str, Any]]:
    """Where they differ, one data set after the other in the same tables; what there was to compare."""
    differences: list[str] = []
    seen: dict[str, Any] = {}
    for seed in range(EXAMPLES):
        # writing a file for each slice is dear where each is a few rows
        asked = {
            name: each for name, each in engines.items() if "lake" not in name or seed % LAKES_EVERY == 0
        }
        found = {engine: answers(warehouse, seed) for engine, warehouse in asked.items()}
        embedded = found.pop("embedded")
        seen |= {name: answer for name, answer in embedded.items() if not seen.get(name)}
        differences += [
            f"data set {seed}, {name}: {embedded.get(name)} and {engine} {others.get(name)}"
            for engine, others in found.items()
            for name in embedded.keys() | others.keys()
            if embedded.get(name) != others.get(name)
        ]
    return differences, seen


def test_every_answer_is_the_same_on_all(compared):
    differences, _ = compared
    assert differences == []


def test_the_data_sets_reach_every_measure_and_every_check(compared):
    """A comparison of nothing with nothing would agree as well."""
    _, seen = compared
    assert {name for name, rows in seen.items() if not rows} <= {
        "quarantine",
        "refusal",
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
        found[table] = sorted(_rows(warehouse, _everything_in(table)), key=repr)
    for file in sql_files("checks"):
        found[f"check {file.name}"] = _rows(
            warehouse,
            check(file.name),
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


def _rows(warehouse: Warehouse, asked: Question | sa.Select[Any], **bound: date) -> list[tuple[Any, ...]]:
    with warehouse.opened() as connection:
        # a lake has no tables of facts, and knows no other tables
        of_facts = isinstance(asked, Question) or asked.get_final_froms()[0].name in fact_catalog()
        rows = warehouse.facts.ask(connection, asked, bound) if of_facts else connection.execute(asked)
        return [tuple(row) for row in rows]


def _everything_in(table: str) -> sa.Select[Any]:
    columns = (sa.column(column.name) for column in columns_of(sql_file("schema", table)))
    return sa.select(*columns).select_from(sa.table(table))


def _empty(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        for table in sql_files("schema"):
            if table.name != "schema_version" and warehouse.facts.keeps(table.name):
                connection.execute(sa.text(f"delete from {table.name}"))
