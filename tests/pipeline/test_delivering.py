"""A mail carries what was issued, to the one it was issued for, or it does not leave."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

import pytest

import delivery.outbox
from delivery.channels import NotSentError
from ledger import Claim, DeliveryState, Document, Restated
from ledger.errors import DeliveryError
from pipeline.recipients import recipients_of
from pipeline.steps import Steps
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import UsageError
from scoring.evidence import Certificate, CertificateStatus
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER


def deliver(place, issue_id):
    (outcome,) = Steps().deliver(place.open(), issue_id, now=lambda: NOW)
    return outcome


def issue_as(place, card, sha256):
    """Enter the card as a second revision whose PDF has that hash."""
    pdf = Document(f"{card.team_id}-{card.period}-r2.pdf", "application/pdf", sha256)
    return place.open().ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=2,
        content_hash=content_hash(card),
        documents=(pdf,),
        issued_at=NOW,
        restated=Restated("{}", is_closed=False),
    )


def pdf_of(place, team_id):
    return place.home / "scorecards" / "2026-10" / f"{team_id}-2026-10-r1.pdf"


@pytest.mark.parametrize("spoil", ["another", "none"])
def test_the_pdf_that_is_mailed_is_the_one_issued_whatever_lies_on_the_disk(issued, spoil):
    good = pdf_of(issued, "south").read_bytes()
    if spoil == "another":
        pdf_of(issued, "south").write_bytes(pdf_of(issued, "north").read_bytes())
    else:
        pdf_of(issued, "south").unlink()
    assert deliver(issued, 2).state == "sent"
    (mail,) = (issued.home / "outbox").glob("*.eml")
    (attached,) = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default).iter_attachments()
    assert attached.get_content() == good
    assert pdf_of(issued, "south").read_bytes() == good


def test_a_pdf_that_this_version_draws_otherwise_and_the_disk_has_not_is_not_mailed(issued):
    card = replace(from_json(issued.issues()[0].card_json), revision=2, appraiser_name="Somebody")
    entered = issue_as(issued, card, "b" * 64)
    with pytest.raises(
        DeliveryError, match=r"2026-10/north/r2: expected north-2026-10-r2.pdf as it was issued, .* restore"
    ):
        deliver(issued, entered.id)
    assert issued.mails() == []


def test_a_held_card_is_not_mailed(issued):
    card = replace(
        from_json(issued.issues()[0].card_json),
        revision=2,
        certificate=Certificate(CertificateStatus.HELD, ()),
    )
    held = issue_as(issued, card, "b" * 64)
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


@pytest.fixture
def sent_by_another(issued, monkeypatch):
    """A mail that a process of another host has claimed; on SQLite nobody here can tell how that one does."""
    monkeypatch.setattr(delivery.outbox, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(delivery.outbox, "_POLL_SECONDS", 0.05)
    site = issued.open()
    ledger = site.ledger
    (recipient,) = recipients_of(site, OCTOBER, "north", NOW)
    ledger.queue_delivery(1, recipient)
    claim = Claim(
        "t" * 32, "another", 1, "boot/1/1", NOW, "smtp://mail:587", "cards@company.example", "<a@b>"
    )
    assert ledger.claim_delivery(1, recipient, claim)
    return lambda state: ledger.settle_delivery(
        1, recipient, token=claim.token, state=state, problem=None, at=NOW
    )


def test_what_another_process_still_sends_is_no_success_and_is_to_be_tried_again(issued, sent_by_another):
    with pytest.raises(NotSentError, match=r"2026-10/north/r1 .*: expected the mail to be at its end within"):
        deliver(issued, 1)
    assert not list((issued.home / "outbox").glob("*"))


def test_what_another_process_ends_meanwhile_is_sent(issued, sent_by_another, monkeypatch):
    monkeypatch.setattr(delivery.outbox.time, "sleep", lambda _: sent_by_another(DeliveryState.SENT))
    assert (deliver(issued, 1).state, deliver(issued, 1).delivered_now) == ("sent", False)


def test_what_another_process_could_not_send_goes_out(issued, sent_by_another, monkeypatch):
    monkeypatch.setattr(delivery.outbox.time, "sleep", lambda _: sent_by_another(DeliveryState.FAILED))
    assert deliver(issued, 1).delivered_now
