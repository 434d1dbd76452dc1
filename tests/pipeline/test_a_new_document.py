"""A new kind of document is one function and one entry: drawn, issued, mailed, verified and made again."""

from __future__ import annotations

import email
import email.policy

import pytest

from auditing.verifying import DrawingState, FileState, verify
from reports.documents import KINDS, DocumentKind
from scoring.scorecard import Scorecard


def receipt(card: Scorecard) -> bytes:
    return f"{card.team_id} {card.period}: {card.total}\n".encode()


@pytest.fixture
def receipts():
    kind = DocumentKind("txt", "text/plain", receipt)
    KINDS.append(kind)
    yield
    KINDS.remove(kind)


def test_a_new_kind_of_document_goes_all_the_way(receipts, place):
    place.run()
    north, _ = place.issues()
    assert [(document.name, document.media_type) for document in north.documents] == [
        ("north-2026-10-r1.pdf", "application/pdf"),
        ("north-2026-10-r1.txt", "text/plain"),
    ]
    mails = [
        email.message_from_bytes((place.home / "outbox" / name).read_bytes(), policy=email.policy.default)
        for name in place.mails()
    ]
    attached = [[part.get_filename() for part in mail.iter_attachments()] for mail in mails]
    assert [document.name for document in north.documents] in attached
    assert all(one.holds for one in verify(place.open()))


def test_a_lost_document_is_noticed_and_made_again_with_its_bytes(receipts, place):
    place.run(send=False)
    lost = place.home / "scorecards" / "2026-10" / "north-2026-10-r1.txt"
    before = lost.read_bytes()
    lost.unlink()
    assert {one.file for one in verify(place.open())} == {FileState.MISSING, FileState.OK}
    place.run()
    assert lost.read_bytes() == before
    assert {one.file for one in verify(place.open())} == {FileState.OK}


def test_a_document_that_this_program_does_not_draw_is_drawn_differently(receipts, place):
    place.run(send=False)
    known = KINDS.pop()
    try:
        assert {one.drawing for one in verify(place.open())} == {DrawingState.DIFFERENT}
    finally:
        KINDS.append(known)


def test_a_workbook_goes_all_the_way_where_the_book_asks_for_it(place):
    place.run(send=False)
    ask_for_a_workbook(place)
    # what is issued stays as it is: to ask for a workbook is no new content
    place.run(send=False)
    assert [[document.name for document in issue.documents] for issue in place.issues()] == [
        ["north-2026-10-r1.pdf"],
        ["south-2026-10-r1.pdf"],
    ]
    assert all(one.holds for one in verify(place.open()))


def test_a_workbook_is_mailed_verified_and_made_again(place):
    ask_for_a_workbook(place)
    place.run()
    names = ["north-2026-10-r1.pdf", "north-2026-10-r1.xlsx"]
    assert [document.name for document in place.issues()[0].documents] == names
    assert any(names == attached for attached in attachments(place))
    lost = place.home / "scorecards" / "2026-10" / "north-2026-10-r1.xlsx"
    before = lost.read_bytes()
    lost.unlink()
    assert {one.file for one in verify(place.open())} == {FileState.MISSING, FileState.OK}
    place.run()
    assert lost.read_bytes() == before
    assert all(one.holds for one in verify(place.open()))


def ask_for_a_workbook(place):
    file = place.root / "config" / "organisation.yaml"
    file.write_text(file.read_text("utf-8") + "\ndocuments: [pdf, workbook]\n", "utf-8")


def attachments(place):
    mails = [
        email.message_from_bytes((place.home / "outbox" / name).read_bytes(), policy=email.policy.default)
        for name in place.mails()
    ]
    return [[part.get_filename() for part in mail.iter_attachments()] for mail in mails]
