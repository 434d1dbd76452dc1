"""A fresh warehouse, and slices made of a few rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from scoring.period import Period
from tests.postgres import Server
from warehouse import (
    Content,
    LoadedFile,
    Provenance,
    Slice,
    SliceLoad,
    Warehouse,
    create_schema,
    open_warehouse,
)
from warehouse.conformed import Conformed, FileTally
from warehouse.facts import fact_catalog

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
DEFAULTS: Mapping[str, Any] = {
    "string": "x",
    "int64": 1,
    "bool": False,
    "date32[day]": date(2026, 10, 1),
}


@pytest.fixture(scope="session")
def made_before(postgres: Server) -> str:
    """The name of a database in which the tables are made: a copy of it is cheaper than making them."""
    address = postgres.new_database()
    create_schema(open_warehouse(address), [OCTOBER])
    return address.rpartition("/")[2]


@pytest.fixture(params=["duckdb", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a warehouse for this test alone, once for each engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    like = request.getfixturevalue("made_before")
    return str(request.getfixturevalue("postgres").new_database(like))


@pytest.fixture
def warehouse(warehouse_url) -> Warehouse:
    """An empty warehouse, on each engine in turn."""
    made = open_warehouse(warehouse_url)
    create_schema(made, [OCTOBER])
    return made


def table_of(fact: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a fact; what a row leaves out is some value of the right type, None where that may be."""
    columns = fact_catalog()[fact].read_columns
    arrays = []
    for column in columns:
        default = None if column.nullable else DEFAULTS.get(str(column.type), Decimal(1))
        values = [row.get(column.name, default) for row in rows]
        arrays.append(pa.array(values, column.type))
    return pa.table(arrays, names=[column.name for column in columns])


@pytest.fixture
def slice_of() -> Callable[..., SliceLoad]:
    """A slice to load: `slice_of("sales", {"fct_sale": [...]})`."""

    def build(
        source: str,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        entity: str = "acme",
        month: Period = OCTOBER,
        content: str = "1",
        version: str = "1",
        findings: tuple[str, ...] = (),
    ) -> SliceLoad:
        tables = {fact: table_of(fact, its_rows) for fact, its_rows in rows.items()}
        return SliceLoad(
            Slice(source, entity, month),
            Content(content, version, "schema", "account"),
            Provenance("export", "UTC", NOW),
            (LoadedFile("a.csv", "ab" * 32, 1),),
            Conformed(tables, (FileTally("a.csv", 1, 1, 0),), findings=findings),
            NOW,
        )

    return build


@pytest.fixture
def select() -> Callable[..., list[tuple[Any, ...]]]:
    """What a query gives."""

    def run(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
        with warehouse.opened() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    return run


@pytest.fixture
def rates_of(slice_of) -> Callable[..., SliceLoad]:
    """The exchange rates of October, one for all its days; EUR is 1."""

    def build(**rates: str) -> SliceLoad:
        every = {"EUR": "1", **rates}
        rows = [
            {
                "owner_key": "*",
                "rate_date": day,
                "quoted_date": day,
                "currency_code": code,
                "rate": Decimal(rate),
            }
            for code, rate in every.items()
            for day in OCTOBER.days()
        ]
        return slice_of("fx_rates", {"fct_fx_rate": rows})

    return build
