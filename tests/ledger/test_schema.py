"""Making the tables, moving them on, and refusing those of another program."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import alembic.command
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateSchema

import ledger.migrating
from disk.errors import BusyError
from ledger import (
    MAIL,
    Claim,
    DeliveryState,
    Ledger,
    LedgerSchemaError,
    Recipient,
    audit_ledger,
    migrate_ledger,
    open_ledger,
)
from ledger.connection import SCHEMA, engine_for, reading, writing
from ledger.tables import SCHEMA_REVISION, metadata
from scoring.errors import DataError, UsageError
from tests.ledger.conftest import NOON


def test_migrating_again_changes_nothing(ledger, ledger_url, enter):
    issued = enter("a")
    migrate_ledger(ledger_url)
    assert open_ledger(ledger_url).get_issue(issued.id) == issued


def test_four_processes_may_migrate_at_once(ledger_url, in_children):
    assert in_children([lambda: migrate_ledger(ledger_url) or 0] * 4) == [0, 0, 0, 0]
    assert open_ledger(ledger_url).latest_revisions("2026-10") == ()


def test_a_migration_that_is_killed_leaves_nothing_behind(ledger_url, in_children, monkeypatch):
    def die(*_: object) -> None:
        os.kill(os.getpid(), 9)

    upgrade = alembic.command.upgrade
    monkeypatch.setattr(alembic.command, "upgrade", lambda *to: (upgrade(*to), die()))
    assert in_children([lambda: migrate_ledger(ledger_url) or 0]) == [-9]
    monkeypatch.undo()
    with pytest.raises(LedgerSchemaError, match="found no tables"):
        open_ledger(ledger_url)
    migrate_ledger(ledger_url)
    assert open_ledger(ledger_url).latest_revisions("2026-10") == ()


def test_the_migrations_make_the_tables_that_the_program_uses(ledger: Ledger):
    with reading(ledger.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_program_knows_its_newest_migration():
    folder = Path(ledger.migrating.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [SCHEMA_REVISION]


def test_a_ledger_without_refused_mails_is_moved_on_and_every_seal_holds(ledger_url):
    """The last migration writes the table of the deliveries anew on SQLite."""
    engine = engine_for(ledger_url)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(CreateSchema(SCHEMA))
        config = Config()
        config.set_main_option("script_location", str(ledger.migrating._MIGRATIONS))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0008")
    before = Ledger(engine)
    to = Recipient(MAIL, "a@b.example")
    issue = before.issue(
        "{}", period="2026-10", team_id="south", revision=1, content_hash="a" * 64, documents=[],
        issued_at=NOON, recipients=[to],
    )  # fmt: skip
    claim = Claim("t", "h", 1, "s", NOON, "file:", "a@b", "<m@x>", "f" * 64)
    assert before.claim_delivery(issue.id, to, claim)
    with pytest.raises(
        LedgerSchemaError, match="found 0008, which an older Scorewright made; `scorewright run`"
    ):
        open_ledger(ledger_url)
    deliveries = before.deliveries_of(issue.id)
    migrate_ledger(ledger_url)
    after = open_ledger(ledger_url)
    assert after.deliveries_of(issue.id) == deliveries
    assert audit_ledger(after).findings == []
    problem = "550 unknown"
    state = DeliveryState.REFUSED
    assert after.settle_delivery(issue.id, to, token=claim.token, state=state, problem=problem, at=NOON)


def test_a_missing_ledger_is_refused_and_not_created(tmp_path, ledger_url):
    with pytest.raises(LedgerSchemaError, match="found no tables; run a month first"):
        open_ledger(ledger_url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_database_without_the_tables_is_refused(tmp_path, ledger_url):
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as other:
        other.execute("create table something (id integer)")
    with pytest.raises(LedgerSchemaError, match="found no tables"):
        open_ledger(ledger_url)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_newer_ledger_is_neither_opened_nor_migrated(ledger, ledger_url, tmp_path):
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as newer:
        newer.execute("update alembic_version set version_num = '0099'")
    for use in (open_ledger, migrate_ledger):
        with pytest.raises(LedgerSchemaError, match="found 0099; use the newer"):
            use(ledger_url)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_is_one_sentence(tmp_path, ledger_url):
    (tmp_path / "ledger.sqlite").write_bytes(b"PK\x03\x04 a workbook, perhaps" * 100)
    for use in (open_ledger, migrate_ledger):
        with pytest.raises(DataError, match="found: file is not a database; if it is damaged, restore it"):
            use(ledger_url)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_ledger_that_another_keeps_locked_is_busy(ledger, enter, tmp_path, monkeypatch, ledger_url):
    monkeypatch.setattr("ledger.connection.BUSY_SECONDS", 0)
    impatient = open_ledger(ledger_url)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(BusyError, match="another process kept it"):
            impatient.queue_delivery(1, Recipient(MAIL, "a@b"))


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("not an address", "expected an address such as"),
        ("postgresql+nosuchdriver://u:hunter2@db/x", "expected its database driver"),
    ],
)
def test_an_address_that_cannot_work_is_refused_without_its_password(url, match):
    with pytest.raises(UsageError, match=match) as refusal:
        open_ledger(url)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_committed_write_survives_a_power_cut_and_links_are_held(ledger: Ledger):
    with reading(ledger.engine) as connection:
        pragmas = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("foreign_keys", "synchronous", "busy_timeout")
        ]
    assert pragmas == [1, 3, 30_000]
