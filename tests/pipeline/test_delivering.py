"""A mail carries what was issued, to the one it was issued for, or it does not leave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import Restated
from pipeline.steps import Steps
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import DeliveryError, UsageError
from scoring.evidence import Certificate, CertificateStatus
from tests.pipeline.conftest import NOW


def deliver(place, issue_id):
    return Steps().deliver(place.open(), issue_id, now=lambda: NOW)


def pdf_of(place, team_id):
    return place.home / "scorecards" / "2026-10" / f"{team_id}-2026-10-r1.pdf"


def test_another_pdf_than_the_one_issued_is_not_mailed_until_it_is_drawn_again(issued):
    good = pdf_of(issued, "south").read_bytes()
    pdf_of(issued, "south").write_bytes(pdf_of(issued, "north").read_bytes())
    with pytest.raises(DeliveryError, match="2026-10/south/r1: the PDF on disk is not the one issued"):
        deliver(issued, 2)
    assert issued.mails() == []
    issued.run("south")
    assert pdf_of(issued, "south").read_bytes() == good
    assert issued.mail_states() == {"north": [], "south": ["sent"]}


def test_a_pdf_that_is_gone_is_not_mailed(issued):
    pdf_of(issued, "north").unlink()
    with pytest.raises(UsageError, match=r"2026-10/north/r1: expected the file .* found none"):
        deliver(issued, 1)
    assert issued.mails() == []


def test_a_held_card_is_not_mailed(issued):
    card = replace(
        from_json(issued.issues()[0].card_json),
        revision=2,
        certificate=Certificate(CertificateStatus.HELD, ()),
    )
    held = issued.open().ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=2,
        content_hash=content_hash(card),
        pdf_sha256="b" * 64,
        issued_at=NOW,
        restated=Restated("{}", is_closed=False),
    )
    with pytest.raises(DeliveryError, match="2026-10/north/r2: the card is held"):
        deliver(issued, held.id)
    assert issued.mails() == []


def test_an_issue_is_mailed_once_however_often_it_is_asked_for(issued):
    assert [deliver(issued, 1).delivered_now for _ in range(3)] == [True, False, False]
    assert len(issued.mails()) == 1


def test_an_issue_that_there_is_not_is_refused(issued):
    with pytest.raises(UsageError, match="issue 99: expected an issue of this ledger"):
        deliver(issued, 99)


def test_a_card_without_any_score_is_not_mailed(command, place, tmp_path):
    empty = tmp_path / "nothing mounted"
    empty.mkdir()
    done = command(place, "run", "--period", "2026-10", "--team", "north", exports=str(empty))
    assert done.code == 6
    assert "expected a card with at least one score, found none" in done.err
    assert place.mails() == []
