"""The warehouse in a DuckDB file: one process at a time."""

from __future__ import annotations

import sqlalchemy as sa

from disk.address import is_plain_file
from warehouse.duckdb.warehouse import DuckDBWarehouse
from warehouse.engine import Engine

_NOT_IN_A_FILE = frozenset(":?")
"""DuckDB takes what is before `:` for a scheme, and puts its log beside what is before `?`."""


def _at(address: sa.URL, patience_seconds: float) -> DuckDBWarehouse | None:
    if not address.database or set(address.database) & _NOT_IN_A_FILE or not is_plain_file(address):
        return None
    return DuckDBWarehouse.at(address, patience_seconds)


ENGINE = Engine(
    "duckdb",
    "duckdb:////folder/file.duckdb, its path without : and ?",
    _at,
    DuckDBWarehouse.in_file,
)
