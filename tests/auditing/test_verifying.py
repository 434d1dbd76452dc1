"""Issued cards are re-made from the ledger alone, and what is not as it was issued is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter

import pytest

from auditing import verifying
from auditing.verifying import CardState, DrawingState, FileState, verify
from tests.pipeline.exports import ANSWERS, OCTOBER, answers, change


@pytest.fixture(scope="module", autouse=True)
def pages_drawn_once():
    """They are drawn each time: that they are the same bytes is shown here."""


def tamper(place, sql, *values):
    """Change the ledger as somebody with the file and bad intentions would."""
    with sqlite3.connect(place.home / "ledger.sqlite") as ledger:
        for (trigger,) in ledger.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            ledger.execute(f"drop trigger {trigger}")
        ledger.execute(sql, values)


def states(place):
    return {
        (one.issue.team_id, one.issue.revision): (one.card, one.drawing, one.file)
        for one in verify(place.open())
    }


SOUND = (CardState.OK, DrawingState.OK, FileState.OK)


def test_an_old_issue_is_made_again_byte_for_byte_after_the_warehouse_and_the_exports_are_gone(
    place, command
):
    place.run(send=False)
    change(place.export(ANSWERS), lambda _: answers([1] * 8))
    place.run(send=False)
    (place.home / "warehouse.duckdb").write_bytes(b"nothing of it is needed")
    for folder in ("exports", "home/landing"):
        shutil.rmtree(place.root / folder)
    for draft in (place.home / "scorecards").rglob("*.json"):
        draft.unlink()
    found = states(place)
    assert {revision for _, revision in found} == {1, 2}
    assert Counter(found.values()) == {SOUND: len(found)}
    done = command(place, "verify", "--period", "2026-10")
    assert done.code == 0, done.err
    assert f"content: {len(found)} ok\nPDF: {len(found)} ok\nfile on disk: {len(found)} ok\n" in done.out


def test_many_are_drawn_in_two_processes_with_the_same_result(issued, monkeypatch):
    monkeypatch.setattr(verifying, "MANY", 1)
    assert set(states(issued).values()) == {SOUND}


@pytest.mark.parametrize(
    ("sql", "card", "drawing"),
    [
        (
            """update issues set card_json = replace(card_json, '"total":"', '"total":"1') where id = 1""",
            CardState.CHANGED,
            DrawingState.NOT_DRAWN,
        ),
        ("update issues set card_json = '{}' where id = 1", CardState.UNREADABLE, DrawingState.NOT_DRAWN),
        (
            "update issues set content_hash = replace(content_hash, substr(content_hash, 1, 1), 'x') where id = 1",
            CardState.CHANGED,
            DrawingState.NOT_DRAWN,
        ),
        ("update issues set period = '2026-09' where id = 1", CardState.CHANGED, DrawingState.NOT_DRAWN),
        (
            """update issues set card_json = replace(card_json, '"rows":', '"rows":1') where id = 1""",
            CardState.OK,
            DrawingState.DIFFERENT,
        ),
    ],
)
def test_a_card_that_somebody_changed_in_the_ledger_is_found(issued, command, sql, card, drawing):
    tamper(issued, sql)
    first = verify(issued.open())[0]
    assert (first.issue.id, first.card, first.drawing) == (1, card, drawing)
    done = command(issued, "verify")
    assert done.code == 4
    assert "(issues 1)" in done.err


def test_a_pdf_that_was_changed_or_lost_is_found(issued, command):
    first, second = sorted((issued.home / "scorecards").rglob("*.pdf"))
    first.write_bytes(first.read_bytes() + b" ")
    second.unlink()
    found = [state for *_, state in states(issued).values()]
    assert sorted(found) == [FileState.CHANGED, FileState.MISSING]
    done = command(issued, "verify")
    assert done.code == 4
    assert "file on disk: 1 changed, 1 missing" in done.out


def test_another_version_of_the_program_is_not_called_wrong(issued, command):
    tamper(issued, "update documents set sha256 = ? where issue_id = 1", "0" * 64)
    done = command(issued, "verify")
    assert done.code == 4
    assert "drawn differently by this version" in done.out.replace("\n", " ")


def test_nothing_issued_is_said(issued, command):
    done = command(issued, "verify", "--period", "2026-09")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert OCTOBER.year == 2026
