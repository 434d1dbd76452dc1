"""The ledger's schema: created and migrated by Alembic, and checked before anything is read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.schema import CreateSchema

from disk.address import shown
from killpoints import reach
from ledger.connection import SCHEMA, engine_for, is_missing_file, reading, writing
from ledger.errors import LedgerSchemaError
from ledger.tables import SCHEMA_REVISION

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7320031118
"""PostgreSQL's advisory lock of a migration: any number that nobody else uses."""


def migrate_ledger(url: str) -> None:
    """Create the ledger's tables, or bring them to this program's version; safe to repeat and in parallel.

    All in one transaction under a lock, so that a second process finds either nothing or everything. Raises
    `LedgerSchemaError` if a newer program used it before.
    """
    engine = engine_for(url)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        reach("migrate.locked")
        found = _revision(connection)
        if found == SCHEMA_REVISION:
            return
        if found is not None:
            _refuse_newer(engine, found)
        _upgrade(connection)
        reach("migrate.upgraded")


def _upgrade(connection: Connection) -> None:
    # takes a fifth of a second, so only if a migration is needed
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, SCHEMA_REVISION)


def has_ledger(url: str) -> bool:
    """Whether a ledger was ever made at the address; looking makes none."""
    engine = engine_for(url)
    return not is_missing_file(engine) and has_tables(engine)


def has_tables(engine: Engine) -> bool:
    """Whether a ledger was ever created there."""
    with reading(engine) as connection:
        return _revision(connection) is not None


def check_schema(engine: Engine) -> None:
    """Refuse a ledger whose tables are not those of this program (`LedgerSchemaError`)."""
    found = None
    if not is_missing_file(engine):
        with reading(engine) as connection:
            found = _revision(connection)
    if found == SCHEMA_REVISION:
        return
    if found is None:
        raise LedgerSchemaError(
            f"ledger {shown(engine.url)}: expected schema {SCHEMA_REVISION}, found no tables; "
            f"run a month first, which creates them."
        )
    _refuse_newer(engine, found)
    raise LedgerSchemaError(
        f"ledger {shown(engine.url)}: expected schema {SCHEMA_REVISION}, found {found}, which an older "
        "Scorewright made; `scorewright run` of any month brings it up to date."
    )


def _revision(connection: Connection) -> str | None:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    if not inspect(connection).has_table("alembic_version", schema=schema):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    return None if found is None else str(found)


def _refuse_newer(engine: Engine, found: str) -> None:
    # Revision numbers have a fixed width, so text order is their order.
    if found > SCHEMA_REVISION:
        raise LedgerSchemaError(
            f"ledger {shown(engine.url)}: expected schema {SCHEMA_REVISION} or older, found {found}; "
            f"use the newer Scorewright that made it."
        )
