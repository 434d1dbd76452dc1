"""The database itself refuses to rewrite what was issued or sent, whoever asks and from whatever program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger import MAIL, Bounce, DeliveryState, Notice, Recipient
from tests.ledger.conftest import NOON
from tests.ledger.test_approvals import approval

# of SQLite; the statements that PostgreSQL refuses are in test_append_only_on_postgresql.py
pytestmark = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)


def note(ledger, issue_id):
    """A bounce of another attempt than the one there is, and a notice that was sent."""
    ledger.enter_bounce(Bounce(issue_id, Recipient(MAIL, "a@b"), 9, "5.1.1", "no", "d" * 64, NOON))
    told = ledger.claim_notices([Notice("approval", str(issue_id), "c@d")], NOON)
    ledger.settle_notices(told, NOON, is_sent=True)


@pytest.fixture
def foreign(ledger, enter, tmp_path: Path):
    """A connection as any other program opens it: none of our pragmas. One issue is there, sent to a@b."""
    issue = enter("a")
    ledger.queue_delivery(issue.id, Recipient(MAIL, "a@b"))
    ledger.confirm(issue.id, "x")
    ledger.enter_approval(approval(issue))
    note(ledger, issue.id)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as connection:
        connection.execute("update deliveries set state = 'sent'")
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "update issues set card_json = '{}'",
        "update issues set revision = revision + 1 where team_id = 'eu-brand'",
        "delete from issues",
        "insert or replace into issues select * from issues",
        "insert or replace into issues (id, period, team_id, revision, content_hash, card_json, issued_at) "
        "select id + 1, period, team_id, revision, content_hash, card_json, issued_at from issues",
        "insert into issues select * from issues where true on conflict do update set card_json = '{}'",
        "update documents set sha256 = '0'",
        "delete from documents",
        "insert or replace into documents select * from documents",
        "update confirmations set load_state = 'y'",
        "delete from confirmations",
        "insert or replace into confirmations select * from confirmations",
        "update approvals set decision = 'rejected'",
        "delete from approvals",
        "insert or replace into approvals select * from approvals",
        "update deliveries set state = 'failed'",
        # what came back is of another attempt
        "update deliveries set state = 'refused'",
        "update bounces set attempt = 0",
        "delete from bounces",
        "insert or replace into bounces select * from bounces",
        "update notices set state = 'failed'",
        "delete from notices",
        "insert or replace into notices select * from notices",
        "delete from deliveries",
        "insert or replace into deliveries (id, issue_id, channel, recipient, state, attempts) "
        "select id, issue_id, channel, recipient, 'pending', 0 from deliveries",
    ],
)
def test_no_statement_changes_what_was_issued_or_sent(ledger, foreign, statement):
    before = ledger.get_issue(1)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        foreign.execute(statement)
    assert ledger.get_issue(1) == before
    assert ledger.delivery_states(1) == {Recipient(MAIL, "a@b"): DeliveryState.SENT}


def test_a_delivery_of_no_issue_cannot_be_noted(ledger):
    with pytest.raises(Exception, match="issue 5: expected an issue"):
        ledger.queue_delivery(5, Recipient(MAIL, "a@b"))
    assert ledger.delivery_states(5) == {}


def test_an_unknown_state_cannot_be_noted(foreign):
    with pytest.raises(sqlite3.IntegrityError, match="deliveries_known_state"):
        foreign.execute(
            "insert into deliveries (issue_id, channel, recipient, state, attempts) values (1, 'mail', 'x', 'lost', 0)"
        )
