"""A person says what became of an uncertain mail, and the program goes by it."""

from __future__ import annotations

import pytest

from ledger import MAIL, Claim, DeliveryState, Recipient
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER


@pytest.fixture
def uncertain(issued):
    """South's mail, of which nobody knows."""
    site = issued.open()
    recipient = Recipient(MAIL, site.teams(OCTOBER, ("south",))[0].manager.email)
    ledger = site.ledger
    ledger.queue_delivery(2, recipient)
    claim = Claim("t", "h", 1, "s", NOW, "file:", "cards@lantern.example", "<m@x>")
    assert ledger.claim_delivery(2, recipient, claim)
    ledger.settle_delivery(
        2, recipient, token=claim.token, state=DeliveryState.UNCERTAIN, problem="lost sight of it", at=NOW
    )
    return recipient.address


def test_a_mail_that_has_arrived_is_sent_and_not_sent_again(issued, uncertain, command):
    done = command(issued, "settle", "2", uncertain, "--arrived", "--by", "Ana Ruiz")
    assert (done.code, done.out) == (0, f"issue 2 to {uncertain}: sent\n")
    issued.run("south")
    assert issued.mails() == []


def test_a_mail_that_is_lost_is_sent_by_the_next_run(issued, uncertain, command):
    assert command(issued, "settle", "2", uncertain, "--lost", "--by", "Ana Ruiz").code == 0
    issued.run("south")
    assert len(issued.mails()) == 1
    assert issued.mail_states()["south"] == ["sent"]


def test_only_an_uncertain_mail_is_for_a_person_to_settle(issued, command):
    done = command(issued, "settle", "1", "nobody@lantern.example", "--lost", "--by", "Ana Ruiz")
    assert done.code == 6
    assert "expected an uncertain delivery, found none" in done.err
