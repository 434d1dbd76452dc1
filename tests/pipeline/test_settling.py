"""A person says what became of an uncertain mail, and the program goes by it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from auditing.overview import overview
from delivery.channels import (
    OPENERS,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    UnknownOutcomeError,
)
from ledger import MAIL, Claim, DeliveryState, Recipient
from ledger.errors import DeliveryError
from pipeline.steps import Steps
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


class WrongAddress:
    """A mail server that knows one address less."""

    def __init__(self, folder, unknown):
        self.name, self.kind, self.folder, self.unknown = "smtp://here:25", MAIL, folder, unknown
        self.pack, self.outcome = folder.pack, folder.outcome
        self.tried = []

    def send(self, packed, envelope):
        self.tried.append(envelope.recipient)
        if envelope.recipient == self.unknown:
            raise RefusedMailError("smtp://here:25: expected yes, found: 550 unknown; correct the address.")
        self.folder.send(packed, envelope)


def test_a_corrected_address_gets_the_card_and_the_wrong_one_is_given_up(place, command, monkeypatch):
    book = place.root / "config/teams.yaml"
    right = place.open().teams(OCTOBER, ("south",))[0].manager.email
    wrong = f"x{right}"
    book.write_text(book.read_text("utf-8").replace(right, wrong), "utf-8")
    opener = OPENERS["file"]
    monkeypatch.setitem(OPENERS, "file", lambda *parts: WrongAddress(opener(*parts), wrong))

    done = command(place, "run", "--period", "2026-10")
    assert done.code == 6
    assert f"2026-10/south/r1 (issue 2) to {wrong}: smtp://here:25: expected yes" in " ".join(
        done.err.split()
    )
    book.write_text(book.read_text("utf-8").replace(wrong, right), "utf-8")
    assert command(place, "settle", "2", wrong, "--given-up", "--by", "Ana Ruiz").out.endswith("given up\n")
    for _ in range(2):
        assert command(place, "run", "--period", "2026-10").code == 0
        assert place.mail_states()["south"] == ["sent", "superseded"]
        assert len(place.mails()) == 2


def test_a_refused_address_is_named_by_each_run_and_tried_only_when_somebody_says_so(
    place, command, monkeypatch
):
    unknown = place.open().teams(OCTOBER, ("south",))[0].manager.email
    folder = OPENERS["file"](urlsplit("file:"), place.home / "outbox")
    server = WrongAddress(folder, unknown)
    monkeypatch.setitem(OPENERS, "file", lambda *parts: server)
    for _ in range(3):
        done = command(place, "run", "--period", "2026-10")
        assert done.code == 6
        assert f"2026-10/south/r1 (issue 2) to {unknown}: smtp://here:25: expected yes" in said(done)
    assert server.tried.count(unknown) == 1
    assert [(one.recipient, one.state) for one in overview(place.open()).waiting] == [(unknown, "refused")]
    done = command(place, "run", "--period", "2026-10", "--team", "north")
    assert (done.code, "2026-10/south/r1 (issue 2) to" in said(done)) == (6, True)
    assert f"{unknown} refused; run that period again" in said(done)

    server.unknown = None
    assert command(place, "settle", "2", unknown, "--again", "--by", "Ana Ruiz").code == 0
    assert command(place, "run", "--period", "2026-10").code == 0
    assert (server.tried.count(unknown), place.mail_states()["south"]) == (2, ["sent"])


def said(done):
    return " ".join(done.err.split())


class Fickle:
    """A mail server that has a problem of its own with each address."""

    def __init__(self, folder, problems):
        self.name, self.kind, self.problems, self.tried = "smtp://here:25", MAIL, problems, []
        self.pack, self.outcome = folder.pack, lambda envelope, message_id: None

    def send(self, packed, envelope):
        self.tried.append(envelope.recipient)
        if envelope.recipient in self.problems:
            raise self.problems[envelope.recipient]


TRANSIENT, UNKNOWN = NotSentError("451."), UnknownOutcomeError("gone.")
FOR_GOOD, OF_THIS_MAIL = RefusedForGoodError("535."), RefusedMailError("550.")


@pytest.mark.parametrize(
    ("problems", "kind", "tried_again"),
    [
        ((TRANSIENT, OF_THIS_MAIL), NotSentError, [0]),
        ((OF_THIS_MAIL, TRANSIENT), NotSentError, [1]),
        ((TRANSIENT, UNKNOWN), NotSentError, [0]),
        ((UNKNOWN, OF_THIS_MAIL), DeliveryError, []),
        ((OF_THIS_MAIL, FOR_GOOD), RefusedForGoodError, [1]),
    ],
)
def test_of_several_refusals_only_what_may_pass_is_tried_again(
    issued, monkeypatch, problems, kind, tried_again
):
    addresses = ("a@lantern.example", "b@lantern.example")
    site = issued.open()
    for address in addresses:
        site.ledger.queue_delivery(1, Recipient(MAIL, address))
    folder = OPENERS["file"](urlsplit("file:"), issued.home / "outbox")
    server = Fickle(folder, dict(zip(addresses, problems, strict=True)))
    monkeypatch.setitem(OPENERS, "file", lambda *parts: server)
    for _ in range(2):
        with pytest.raises(DeliveryError) as raised:
            Steps().deliver(site, 1, now=lambda: NOW)
        assert type(raised.value) is kind
    assert server.tried == [*addresses, *(addresses[number] for number in tried_again)]


@pytest.mark.parametrize(
    "words", [(), ("--lost", "--given-up"), ("--arrived", "--given-up"), ("--again", "--lost")]
)
def test_settling_says_one_thing(issued, uncertain, command, words):
    done = command(issued, "settle", "2", uncertain, *words, "--by", "Ana Ruiz")
    assert done.code == 2
    assert "expected one of --arrived, --lost, --given-up and --again" in done.err


def test_what_may_have_arrived_is_not_given_up(issued, uncertain, command):
    done = command(issued, "settle", "2", uncertain, "--given-up", "--by", "Ana Ruiz")
    assert done.code == 6
    assert "only what was not sent can be given up" in done.err
