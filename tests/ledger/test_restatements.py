"""A revision and the reason for it are entered together, and the reason never changes."""

import sqlite3
from contextlib import closing

import pytest
from alembic import command
from alembic.config import Config

import ledger.migrating
from ledger import (
    MAIL,
    DeliveryState,
    LedgerConflictError,
    Received,
    Recipient,
    Restated,
    RestatementRecord,
    migrate_ledger,
    open_ledger,
)
from ledger.connection import engine_for, writing
from scoring.errors import DataError
from tests.ledger.conftest import NOON

OF_SQLITE = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)


def test_a_revision_brings_its_restatement_and_a_first_issue_has_none(ledger, enter):
    first = enter("a")
    second = enter("b", revision=2, restated=Restated('{"x":1}', is_closed=False))
    assert ledger.restatement(first.id) is None
    assert ledger.restatement(second.id) == RestatementRecord(
        second.id, first.id, "2026-10", "eu-brand", 2, False, NOON, '{"x":1}', ()
    )
    assert ledger.restatements("eu-brand") == (ledger.restatement(second.id),)
    assert ledger.restatements("cn-brand") == ()


def test_it_keeps_who_had_been_sent_an_earlier_revision_by_then(ledger, enter):
    first = enter("a")
    ledger.queue_delivery(first.id, Recipient(MAIL, "ana@x.example"))
    enter("b", revision=2)
    ledger.queue_delivery(first.id, Recipient(MAIL, "late@x.example"))
    third = enter("c", revision=3)
    received = ledger.restatement(third.id).received
    superseded = DeliveryState.SUPERSEDED
    assert received == (
        Received(1, Recipient(MAIL, "ana@x.example"), superseded),
        Received(1, Recipient(MAIL, "late@x.example"), superseded),
        # who came too late for the first was to get the second
        Received(2, Recipient(MAIL, "late@x.example"), DeliveryState.PENDING),
    )
    assert [str(entry.received[0].recipient) for entry in ledger.restatements("eu-brand")] == [
        "ana@x.example"
    ] * 2


def test_a_revision_without_a_reason_is_not_issued(ledger, enter):
    first = enter("a")
    with pytest.raises(DataError, match="expected what revision 2 says differently, found nothing"):
        enter("b", revision=2, restated=None)
    assert ledger.latest_revision("2026-10", "eu-brand") == first


def test_the_same_content_and_a_conflict_enter_no_reason(ledger, enter):
    enter("a")
    enter("a", revision=2)
    with pytest.raises(LedgerConflictError):
        enter("b", revision=3)
    assert ledger.restatements("eu-brand") == ()


def test_revisions_are_found_by_their_number_and_the_newest_of_all_periods(ledger, enter):
    first, second = enter("a"), enter("b", revision=2)
    other = enter("c", period="2026-09")
    assert ledger.revision("2026-10", "eu-brand", 1) == first
    assert ledger.revision("2026-10", "eu-brand", 3) is None
    assert ledger.latest_revisions() == (other, second)


@pytest.fixture
def foreign(enter, tmp_path):
    """A connection as any other program opens it; one restatement is there."""
    enter("a")
    enter("b", revision=2)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as connection:
        yield connection


@OF_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "update restatements set restatement_json = '{}'",
        "update restatements set is_closed = 0",
        "delete from restatements",
        "insert or replace into restatements select * from restatements",
        "insert or replace into restatements select id + 1, issue_id, replaces_issue_id, is_closed, recorded_at, "
        "'{}', received_json from restatements",
    ],
)
def test_no_statement_changes_a_restatement(ledger, foreign, statement):
    before = ledger.restatements("eu-brand")
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        foreign.execute(statement)
    assert ledger.restatements("eu-brand") == before


@OF_SQLITE
def test_a_restatement_replaces_an_older_issue(foreign):
    with pytest.raises(sqlite3.IntegrityError, match="restatements_replace_an_older_issue"):
        foreign.execute("insert into restatements values (9, 1, 2, 0, '2026-11-03', '{}', '[]')")


@OF_SQLITE
def test_revisions_of_an_older_ledger_are_still_read_and_the_next_one_has_a_reason(ledger_url, tmp_path):
    older(ledger_url)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as before:
        for revision in (1, 2):
            before.execute(
                "insert into issues (period, team_id, revision, content_hash, card_json, pdf_sha256, issued_at) "
                f"values ('2026-10', 'eu-brand', {revision}, '{revision}', '{{}}', 'f', '2026-11-03 12:00:00')"
            )
    migrate_ledger(ledger_url)
    found = open_ledger(ledger_url)
    assert found.restatement(2) is None
    (pdf,) = found.get_issue(2).documents
    assert (pdf.name, pdf.sha256) == ("eu-brand-2026-10-r2.pdf", "f")
    third = found.issue(
        "{}", period="2026-10", team_id="eu-brand", revision=3, content_hash="3", documents=(),
        issued_at=NOON, restated=Restated("{}", is_closed=True),
    )  # fmt: skip
    assert found.restatement(third.id).replaces_issue_id == 2


def older(url):
    """The tables as they were before restatements."""
    with writing(engine_for(url)) as connection:
        config = Config()
        config.set_main_option("script_location", str(ledger.migrating._MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
