"""A ledger that is gone, empty or older than what was sent is never taken for a new one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from auditing.adopting import adopt
from ledger import MAIL, DeliveryState, LostIssuesError, Recipient
from ledger.chain import broken_links
from pipeline.steps.deliver import deliver
from scoring.errors import DataError
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import OCTOBER

ANA = Recipient(MAIL, "ana.ruiz@lantern.example")


def gone(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


@pytest.fixture
def sent(issued):
    """October issued, and mailed to everybody."""
    issued.run()
    return issued


@pytest.mark.parametrize("lose", [gone, empty])
def test_a_lost_ledger_mails_nobody_again(sent, lose):
    before, mails = sent.issues(), sent.mails()
    lose(sent.home / "ledger.sqlite")
    with pytest.raises(LostIssuesError, match="found none of 2026-10/north/r1, 2026-10/south/r1; it is lost"):
        sent.run()
    assert sent.mails() == mails
    made = adopt(sent.open())
    assert (made.issues, made.uncertain, made.broken) == (2, 2, ())
    assert sent.issues() == before
    assert broken_links(sent.open().ledger.revisions()) == ()
    assert {state for states in sent.mail_states().values() for state in states} == {DeliveryState.UNCERTAIN}
    with pytest.raises(Exception, match="ask the recipient"):
        sent.run()
    assert sent.mails() == mails
    assert adopt(sent.open()).issues == 0


def test_a_ledger_from_before_the_sending_mails_nobody_again(issued):
    backup = shutil.copy(issued.home / "ledger.sqlite", issued.root / "backup.sqlite")
    issued.run()
    mails = issued.mails()
    shutil.copy(backup, issued.home / "ledger.sqlite")
    with pytest.raises(
        LostIssuesError, match=r"mails that were begun .* found none of 2026-10/north/r1 to ana"
    ):
        issued.run()
    made = adopt(issued.open())
    assert (made.issues, made.uncertain) == (0, 2)
    assert issued.mails() == mails


def test_what_was_certainly_never_begun_is_not_doubted(issued):
    site = issued.open()
    north, _ = issued.issues()
    deliver(site, north.id, now=lambda: NOW)
    gone(issued.home / "ledger.sqlite")
    assert adopt(issued.open()).uncertain == 1
    assert issued.mail_states() == {"north": [DeliveryState.UNCERTAIN], "south": []}


def test_revisions_come_back_with_what_they_say_differently(october, tmp_path):
    place = Place(shutil.copytree(october.root, tmp_path / "place"))
    ledger = place.open().ledger
    before, restated = ledger.revisions(), ledger.restatements("north")
    gone(place.home / "ledger.sqlite")
    adopt(place.open())
    ledger = place.open().ledger
    assert ledger.revisions() == before
    found = ledger.restatements("north")
    assert [record.restatement_json for record in found] == [r.restatement_json for r in restated]
    assert [record.is_closed for record in found] == [record.is_closed for record in restated]


def test_a_run_that_was_killed_before_it_sealed_is_made_up_for_by_the_next(sent):
    for path in sent.home.rglob("*.issued"):
        path.unlink()
    sent.run()
    assert len(list(sent.home.rglob("*.issued"))) == 2
    gone(sent.home / "ledger.sqlite")
    with pytest.raises(LostIssuesError):
        sent.run()


def test_a_record_that_was_changed_is_not_adopted(sent):
    path = next(sent.home.rglob("north*.issued"))
    path.write_text(path.read_text("utf-8").replace("Ana Ruiz", "Ana Ruis"), "utf-8")
    gone(sent.home / "ledger.sqlite")
    made = adopt(sent.open())
    assert (made.issues, made.broken) == (1, ("2026-10/north/r1",))


def test_a_record_that_cannot_be_read_is_one_sentence(sent):
    next(sent.home.rglob("north*.issued")).write_text("{", "utf-8")
    with pytest.raises(DataError, match=r"north-2026-10-r1\.issued: expected the record of an issue"):
        sent.run()


def test_the_command_says_what_was_adopted_and_the_book_can_be_had_back(command, sent, tmp_path):
    gone(sent.home / "ledger.sqlite")
    assert command(sent, "ledger", "adopt").out == "adopted: 2 issues, 2 uncertain mails\n"
    done = command(sent, "book", "2026-10/north/r1", "--to", tmp_path / "book")
    assert "files of the book that 2026-10/north/r1 was made with" in done.out
    for path in (sent.root / "config").rglob("*.*"):
        copy = tmp_path / "book" / path.relative_to(sent.root / "config")
        assert copy.read_bytes() == path.read_bytes()
    again = command(sent, "book", "2026-10/north/r1", "--to", tmp_path / "book")
    assert (again.code, "expected an empty folder" in again.err) == (2, True)
    issue = sent.open().ledger.latest_revision(str(OCTOBER), "north")
    assert (issue.made.program, issue.made.book_sha256) == ("0.1.0", sent.open().book.sha256)
    assert " on " in issue.made.made_by


def test_a_card_that_was_changed_in_the_ledger_is_not_mailed(issued):
    north, _ = issued.issues()
    with closing(sqlite3.connect(issued.home / "ledger.sqlite")) as database, database:
        triggers = database.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"drop trigger {name}")
        database.execute("update issues set card_json = replace(card_json, 'Ana Ruiz', 'Ana Ruis')")
    with pytest.raises(DataError, match=r"2026-10/north/r1\): expected the card as it was issued"):
        deliver(issued.open(), north.id, now=lambda: NOW)
    assert issued.mails() == []
