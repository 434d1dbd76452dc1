"""PostgreSQL, too, refuses to rewrite what was issued, sent or said, its owner's statements included."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from ledger import MAIL, Recipient
from ledger.connection import SCHEMA
from ledger.seals import SEALED
from tests.ledger.test_append_only import note
from tests.ledger.test_approvals import approval
from tests.ledger.test_judgements import entry

pytestmark = pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)


@pytest.mark.parametrize("table", [table.name for table in SEALED])
@pytest.mark.parametrize(
    "statement",
    [
        "update {table} set id = id + 1",
        "delete from {table}",
        "truncate {table} cascade",
        "insert into {table} select * from {table} where true on conflict (id) do update set id = 9",
    ],
)
def test_no_statement_changes_what_is_there(ledger, ledger_url, enter, table, statement):
    issue = enter("a")
    ledger.queue_delivery(issue.id, Recipient(MAIL, "a@b"))
    ledger.confirm(issue.id, "x")
    ledger.enter_approval(approval(issue))
    reason = ledger.restatement(enter("b", revision=2).id)
    ledger.enter_judgements([entry()])
    note(ledger, issue.id)
    with psycopg.connect(ledger_url, autocommit=True) as foreign:
        foreign.execute(f"set search_path to {SCHEMA}")
        foreign.execute("update deliveries set state = 'sent'")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the ledger only grows"):
            foreign.execute(sql.SQL(statement).format(table=sql.Identifier(table)))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the ledger only grows"):
            foreign.execute("update deliveries set state = 'refused'")
        assert foreign.execute("select count(*) from issues").fetchone() == (2,)
    assert ledger.get_issue(issue.id) == issue
    assert ledger.restatements("eu-brand") == (reason,)
    assert ledger.delivery_states(issue.id) == {Recipient(MAIL, "a@b"): "sent"}
    assert ledger.judgements(["2026-10"], "eu-brand") == (entry(),)


def test_the_ledger_lies_in_a_schema_of_its_own(ledger, ledger_url):
    with psycopg.connect(ledger_url) as foreign:
        tables = foreign.execute(
            "select schemaname from pg_tables where tablename in ('issues', 'judgements')"
        )
        assert {row[0] for row in tables} == {SCHEMA}
