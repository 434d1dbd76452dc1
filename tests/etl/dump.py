"""All that a warehouse holds, as plain values: two warehouses that hold the same give equal dumps."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from warehouse import Warehouse
from warehouse.sql_files import parse, sql_files

Row = tuple[object, ...]

_ASKED_FOR = "measured_month"
"""It says which months somebody had measured, also those without anything in them."""


def dump(warehouse: Warehouse, without: Collection[str] = ()) -> dict[str, list[Row]]:
    """Every table of `sql/schema/` that is made of exports with its rows in a fixed order, whatever the engine.

    `without` names columns that are left out, such as `loaded_at`.
    """
    with warehouse.opened() as connection:
        return {
            file.name: _rows(connection, file.name, [name for name in _columns(file) if name not in without])
            for file in sql_files("schema")
            if warehouse.facts.keeps(file.name)
            # what follows the ledger is held against it, not against another warehouse
            if file.name != _ASKED_FOR and "from" not in file.fields
        }


def _columns(file):
    return [column.name for column in parse(file).this.expressions if hasattr(column, "kind")]


def _rows(connection, table, names):
    columns = [sa.column(name) for name in names]
    rows = connection.execute(sa.select(*columns).select_from(sa.table(table)))
    plain = [tuple(_plain(name, value) for name, value in zip(names, row, strict=True)) for row in rows]
    return sorted(plain, key=repr)


def _plain(name, value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if name.endswith("_json"):
        return json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False)
    return value
