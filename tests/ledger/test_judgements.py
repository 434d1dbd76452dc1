"""What people said: newest counts, the same again adds nothing, and nothing is ever taken back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CreateSchema

import ledger.migrating
from ledger import Entry, EntryKind, Ledger, LedgerSchemaError, migrate_ledger, open_ledger
from ledger.connection import SCHEMA, engine_for, writing
from tests.ledger.conftest import NOON


def entry(**changed: Any) -> Entry:
    said = Entry(
        period="2026-10",
        team_id="eu-brand",
        kpi_id="leads",
        kind=EntryKind.SELF,
        value="90",
        comment="hard month",
        said_by="Ana Ruiz",
        said_on=date(2026, 11, 2),
        entered_at=NOON,
        form_name="form.xlsx",
        form_sha256="a" * 64,
    )
    return replace(said, **changed)


def later(value: str, form: str, **changed: Any) -> Entry:
    return entry(value=value, form_sha256=form * 64, entered_at=NOON + timedelta(days=1), **changed)


def test_what_was_said_comes_back_as_it_was_entered(ledger: Ledger):
    said = [entry(), entry(kind=EntryKind.EVENTS, value="2", kpi_id="slips"), entry(period="2026-W41")]
    assert ledger.enter_judgements(said) == 3
    assert ledger.judgements(["2026-10"], "eu-brand") == (said[0], said[1])
    assert ledger.judgements(["2026-10", "2026-W41"], "eu-brand") == (*said[:2], said[2])
    assert ledger.judgements(["2026-10"], "eu-crm") == ()


def test_the_newest_entry_counts(ledger: Ledger):
    ledger.enter_judgements([entry()])
    assert ledger.enter_judgements([later("85", "b")]) == 1
    (counts,) = ledger.judgements(["2026-10"], "eu-brand")
    assert (counts.value, counts.form_sha256) == ("85", "b" * 64)


def test_the_same_again_adds_nothing_and_a_new_comment_does(ledger: Ledger):
    ledger.enter_judgements([entry()])
    assert ledger.enter_judgements([entry()]) == 0
    assert ledger.enter_judgements([later("90", "b")]) == 0
    assert ledger.judgements(["2026-10"], "eu-brand") == (entry(),)
    assert ledger.enter_judgements([later("90", "b", comment="a very hard month")]) == 1


def test_an_old_form_entered_once_more_does_not_undo_a_newer_one(ledger: Ledger):
    ledger.enter_judgements([entry()])
    ledger.enter_judgements([later("85", "b")])
    assert ledger.enter_judgements([entry()]) == 0
    assert ledger.judgements(["2026-10"], "eu-brand")[0].value == "85"


def test_all_of_a_form_is_entered_or_nothing(ledger: Ledger):
    with pytest.raises(StatementError, match="a time with its zone"):
        ledger.enter_judgements([entry(), entry(kpi_id="posts", entered_at=NOON.replace(tzinfo=None))])
    assert ledger.judgements(["2026-10"], "eu-brand") == ()


def test_four_processes_may_enter_the_same_form_at_once(ledger_url, ledger, in_children):
    entries = [entry(kpi_id=f"kpi{number}") for number in range(5)]
    assert sorted(in_children([lambda: open_ledger(ledger_url).enter_judgements(entries)] * 4)) == [
        0,
        0,
        0,
        5,
    ]
    assert len(ledger.judgements(["2026-10"], "eu-brand")) == 5


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "update judgements set value = '120'",
        "delete from judgements",
        "insert or replace into judgements select * from judgements",
        "insert or replace into judgements select id + 1, period, team_id, kpi_id, kind, number, '120', comment, "
        "said_by, said_on, entered_at, form_name, form_sha256 from judgements",
    ],
)
def test_no_statement_changes_what_was_said(ledger: Ledger, tmp_path, statement):
    ledger.enter_judgements([entry()])
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as foreign:
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            foreign.execute(statement)
        with pytest.raises(sqlite3.IntegrityError, match="judgements_known_kind"):
            foreign.execute(
                "insert into judgements select 9, period, team_id, kpi_id, 'rumour', number, value, comment, "
                "said_by, said_on, entered_at, form_name, form_sha256 from judgements"
            )
    assert ledger.judgements(["2026-10"], "eu-brand") == (entry(),)


def test_a_ledger_of_the_program_before_is_moved_on_with_its_issues(tmp_path, ledger_url):
    with writing(engine_for(ledger_url)) as connection:
        config = Config()
        config.set_main_option("script_location", str(ledger.migrating._MIGRATIONS))
        config.attributes["connection"] = connection
        if connection.dialect.name == "postgresql":
            connection.execute(CreateSchema(SCHEMA))
        command.upgrade(config, "0001")
    with pytest.raises(
        LedgerSchemaError, match=r"expected schema 0010, found 0001, which an older .*`scorewright run`"
    ):
        open_ledger(ledger_url)
    migrate_ledger(ledger_url)
    assert open_ledger(ledger_url).enter_judgements([entry()]) == 1
