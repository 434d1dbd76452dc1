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
