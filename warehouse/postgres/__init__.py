"""The warehouse in a schema of a PostgreSQL database: many processes and machines at once."""

from __future__ import annotations

import sqlalchemy as sa

from warehouse.engine import Engine
from warehouse.postgres.warehouse import PostgresWarehouse


def _at(address: sa.URL, patience_seconds: float) -> PostgresWarehouse | None:
    return PostgresWarehouse.at(address, patience_seconds) if address.database else None


ENGINE = Engine("postgresql", "postgresql://user@host/database", _at)
