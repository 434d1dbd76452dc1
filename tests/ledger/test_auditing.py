"""What somebody changes in the ledger without the program is found, in whatever table."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from ledger import MAIL, DeliveryState, Entry, EntryKind, Recipient, audit_ledger
from tests.ledger.conftest import NOON

ANA = Recipient(MAIL, "ana@example.com")
ENTRY = Entry("2026-10", "eu-brand", "talks", EntryKind.EVENTS, "3", "", "Ana", date(2026, 11, 2), NOON, "f.xlsx", "c" * 64)  # fmt: skip


@pytest.fixture
def full(ledger, enter):
    """A ledger with rows in each table, written by every way that writes."""
    first = enter("a", recipients=(ANA,))
    enter("b", revision=2, recipients=(ANA,))
    ledger.confirm(first.id, "5" * 64)
    ledger.enter_judgements([ENTRY])
    return ledger


def tamper(ledger, statement):
    with ledger.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = connection.execute(
                text("select name, sql from sqlite_master where type = 'trigger'")
            ).all()
            for trigger in triggers:
                connection.execute(text(f"drop trigger {trigger.name}"))
            connection.execute(text(statement))
            for trigger in triggers:
                connection.exec_driver_sql(trigger.sql)
        else:
            connection.execute(text("set session_replication_role = replica"))
            connection.execute(text(statement))


def test_what_the_program_wrote_holds(full):
    audited = audit_ledger(full)
    assert (audited.findings, audited.issues) == ([], 2)
    assert audited.rows == 2 + 4 + 1 + 2 + 1 + 1
    assert full.delivery_states(1) == {ANA: DeliveryState.SUPERSEDED}


@pytest.mark.parametrize(
    "statement",
    [
        "update issues set card_json = '{}' where id = 1",
        "delete from restatements",
        "update restatements set is_closed = not is_closed",
        "update documents set sha256 = 'x' where id = 3",
        "update deliveries set recipient = 'bob@example.com' where id = 2",
        "update deliveries set state = 'sent' where id = 2",
        "delete from deliveries where id = 2",
        "update judgements set value = '4'",
        "update confirmations set load_state = 'x'",
        "update row_seals set sha256 = 'x' where table_name = 'issues' and row_id = 2",
        "delete from row_seals where table_name = 'issues' and row_id = 2",
    ],
)
def test_what_anybody_else_wrote_is_found(full, statement):
    tamper(full, statement)
    assert audit_ledger(full).findings


def test_the_last_issue_is_missed_when_it_is_taken_away(full):
    for table in ("restatements", "documents", "deliveries"):
        tamper(full, f"delete from {table} where issue_id = 2")
    tamper(full, "delete from issues where id = 2")
    assert any("row 2 of issues is gone" in str(finding) for finding in audit_ledger(full).findings)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_dropped_trigger_is_found(full):
    with full.engine.begin() as connection:
        connection.execute(text("drop trigger issues_no_delete"))
    (finding,) = audit_ledger(full).findings
    assert "its trigger issues_no_delete is not what the program made" in str(finding)
