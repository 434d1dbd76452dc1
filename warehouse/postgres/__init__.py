"""The warehouse in a schema of a PostgreSQL database: many processes and machines at once."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.engine import Engine, Warehouse


def _at(address: sa.URL, patience_seconds: float) -> Warehouse | None:
    # a warehouse in a file needs none of the driver, which takes a moment
    from warehouse.postgres.warehouse import PostgresWarehouse  # noqa: PLC0415

    return PostgresWarehouse.at(address, patience_seconds) if address.database else None


ENGINE = Engine("postgresql", "postgresql://user@host/database", _at)
