"""A mail that came back is entered against its delivery; whatever else lies in the mailbox changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from auditing.bouncing import take_bounces
from auditing.everything import audit
from auditing.watching import watch
from ledger import MAIL, DeliveryState, Recipient
from pipeline.steps import Steps
from tests.delivery import notices
from tests.pipeline.conftest import NOW

TO = "ana.ruiz@lantern.example"
ANA = Recipient(MAIL, TO)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sent(issued):
    """North's card was mailed to Ana; `returned` is the folder of what comes back."""
    Steps().deliver(issued.open(), 1, now=lambda: NOW)
    (issued.root / "returned").mkdir()
    return issued


def id_of(place):
    (delivery,) = place.open().ledger.deliveries_of(1)
    return delivery.claim.message_id


def put(place, content, name="a"):
    (place.root / f"returned/{name}.eml").write_bytes(content)


def take(place, now=LATER):
    return [told.sentence for told in take_bounces(place.open(), str(place.root / "returned"), now=now)]


def state(place):
    return place.open().ledger.delivery_states(1)[ANA]


@pytest.mark.parametrize("write", [notices.report, notices.exim, notices.qmail, notices.exchange])
def test_what_came_back_for_good_is_refused_once_and_the_ledger_stays_sound(sent, write):
    put(sent, write(id_of(sent), TO))
    (told,) = take(sent)
    assert "2026-10/north/r1 (issue 1) to ana.ruiz@lantern.example: the mail came back (" in told
    assert state(sent) is DeliveryState.REFUSED
    assert take(sent) == []
    assert audit(sent.open()).findings == []


def test_status_report_and_run_say_so_until_somebody_decides(sent, command):
    put(sent, notices.report(id_of(sent), TO))
    done = command(sent, "bounces", sent.root / "returned")
    assert (done.code, done.out.splitlines()[-1]) == (0, "1 came back")
    assert "refused" in command(sent, "status", "2026-10").out
    assert '"state": "refused"' in command(sent, "status", "2026-10", "--json").out
    said = command(sent, "run", "--period", "2026-10")
    assert said.code == 6
    assert "2026-10/north/r1 (issue 1) to ana.ruiz@lantern.example: the mail came back (5.1.1" in said.err
    assert command(sent, "settle", "1", TO, "--again", "--by", "Jana Roth").code == 0
    assert command(sent, "run", "--period", "2026-10").code == 0
    assert state(sent) is DeliveryState.SENT
    # the notice of the first attempt, from another copy of the mailbox, says nothing of the second
    put(sent, notices.report(id_of(sent), TO).replace(b"\n", b"\r\n") + b"\n")
    assert take(sent) == []
    assert state(sent) is DeliveryState.SENT
    # another notice does, whatever the clock of the server that wrote it says
    put(sent, notices.report(id_of(sent), TO).replace(b"03 Nov 2026", b"03 Nov 2020"), "b")
    assert len(take(sent)) == 1
    assert state(sent) is DeliveryState.REFUSED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda i: notices.report(i, TO, "delayed", "4.4.1"), "it takes longer; nothing is changed"),
        (lambda i: notices.exim_waits(i, TO), "it takes longer; nothing is changed"),
        (
            lambda i: notices.report(i, TO, "delivered", "2.0.0"),
            "it is not said to have failed; nothing is changed",
        ),
        (
            lambda i: notices.report(i, "bo@lantern.example"),
            "the message is of another recipient; nothing is changed",
        ),
        (lambda _: notices.report("<2026-10.north.r1.guess@lantern.example>", TO), "no mail of this ledger"),
        (lambda _: notices.report("", TO), "no mail of this ledger (no Message-ID in it); left alone"),
    ],
)
def test_what_is_forged_foreign_or_only_late_is_named_and_changes_nothing(sent, content, said):
    put(sent, content(id_of(sent)))
    (told,) = take(sent)
    assert said in told
    assert state(sent) is DeliveryState.SENT


def test_an_answer_of_the_reader_is_no_notice(sent):
    put(sent, notices.answer(id_of(sent), TO))
    assert take(sent) == []
    assert state(sent) is DeliveryState.SENT


def test_what_somebody_has_given_up_stays_so(sent):
    put(sent, notices.report(id_of(sent), TO))
    take(sent)
    sent.open().ledger.give_up_delivery(1, ANA, by="Jana Roth", at=LATER)
    put(sent, notices.report(id_of(sent), TO, said="550 again"), "b")
    take(sent)
    assert state(sent) is DeliveryState.SUPERSEDED


def test_the_watch_reads_the_mailbox_of_the_settings(sent):
    put(sent, notices.report(id_of(sent), TO))
    site = sent.open(bounces=str(sent.root / "returned"))
    assert any(
        "to ana.ruiz@lantern.example refused" in str(error) for error in watch(site, now=lambda: LATER)
    )
    broken = sent.open(bounces=str(sent.root / "nowhere"))
    assert any(
        "expected a mailbox that can be read" in str(error) for error in watch(broken, now=lambda: LATER)
    )


def test_without_a_mailbox_the_command_says_what_to_name(sent, command):
    done = command(sent, "bounces")
    assert (done.code, "expected a mailbox, found none; name one" in done.err) == (2, True)
