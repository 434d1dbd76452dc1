"""The outbox without any crash: one mail, and each failure leaves the right state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

import pytest

from delivery.channels import (
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    TooLargeError,
    UnknownOutcomeError,
    channel_from_url,
)
from delivery.channels.mail import pack
from delivery.message import Attachment
from ledger import MAIL, DeliveryState, Recipient
from ledger.errors import DeliveryError
from scoring.errors import UsageError

TO = "wei@company.example"
WEI = Recipient(MAIL, TO)


@dataclass
class Letterbox:
    """A channel in memory that fails as it is told; `knows` is what it can say afterwards."""

    fails: Exception | None = None
    knows: bool | None = None
    name: str = "letterbox"
    kind: str = "mail"
    sent: list[bytes] = field(default_factory=list)

    def pack(self, message):
        return pack(message)

    def send(self, message, envelope):
        if self.fails is not None:
            raise self.fails
        self.sent.append(message)

    def outcome(self, envelope, message_id):
        return self.knows


@pytest.fixture
def delivery(ledger, issue_id):
    return lambda: ledger.queue_delivery(issue_id, WEI)


def test_a_mail_is_sent_once_however_often_it_is_asked_for(send, mail, delivery):
    box = Letterbox()
    first, second = send(box), send(box)
    assert (first.state, first.delivered_now, first.problem) == (DeliveryState.SENT, True, None)
    assert (second.state, second.delivered_now) == (DeliveryState.SENT, False)
    assert box.sent == [mail]
    assert delivery().attempts == 1


def test_what_was_sent_is_not_even_built_again(send):
    send(Letterbox())

    def gone() -> bytes:
        raise DeliveryError("the PDF is gone")

    assert send(Letterbox(), build=gone).state is DeliveryState.SENT


def test_a_mail_certainly_not_sent_is_tried_again_at_the_next_call(send, mail, delivery):
    failed = send(Letterbox(fails=NotSentError("the server was away.")))
    assert (failed.state, failed.delivered_now) == (DeliveryState.FAILED, False)
    assert failed.problem == "the server was away."
    box = Letterbox()
    assert send(box).delivered_now
    assert box.sent == [mail]
    assert (delivery().attempts, delivery().problem) == (2, None)


def test_what_is_refused_of_this_very_mail_is_not_tried_again(send, delivery):
    first = send(Letterbox(fails=RefusedMailError("550.")))
    box = Letterbox()
    again = send(box)
    for outcome in (first, again):
        assert (outcome.state, outcome.problem, outcome.is_for_good) == (DeliveryState.REFUSED, "550.", True)
    assert (box.sent, delivery().attempts) == ([], 1)


def test_what_is_refused_to_everybody_is_tried_by_the_next_run(send):
    first = send(Letterbox(fails=RefusedForGoodError("535.")))
    assert (first.state, first.is_for_good) == (DeliveryState.FAILED, True)
    assert send(Letterbox()).state is DeliveryState.SENT


BIG = tuple(
    Attachment(f"{name}.pdf", "application/pdf", bytes(size)) for name, size in (("a", 9000), ("b", 60000))
)


def lighten(parts, names):
    rest = tuple(document for document in parts.documents if document.name not in names)
    return replace(parts, text=f"without {sorted(names)}\n", documents=rest, left_out=tuple(sorted(names)))


@dataclass
class Narrow(Letterbox):
    """Takes so many bytes and no more; `says` is what it says of that."""

    takes: int = 0
    says: int = 0
    tried: list[int] = field(default_factory=list)

    def send(self, message, envelope):
        self.tried.append(len(message))
        if len(message) > self.takes:
            raise TooLargeError("too large.", self.says)
        super().send(message, envelope)


@pytest.mark.parametrize(
    ("takes", "says", "left_out"),
    [(50000, 50000, ["b.pdf"]), (5000, 5000, ["a.pdf", "b.pdf"]), (50000, 0, ["a.pdf", "b.pdf"])],
)
def test_a_mail_that_is_too_large_goes_out_with_less_and_the_ledger_says_so(
    send, parts, delivery, takes, says, left_out
):
    whole = replace(parts, documents=BIG)
    box = Narrow(takes=takes, says=says)
    sent = send(box, build=lambda: whole, lighten=lambda names: lighten(whole, names))
    smaller = pack(lighten(whole, left_out))
    assert (sent.state, sent.delivered_now, sent.problem) == (DeliveryState.SENT, True, None)
    assert box.sent == [smaller]
    kept = delivery()
    assert (kept.attempts, kept.state) == (2, DeliveryState.SENT)
    assert kept.claim.message_sha256 == sha256(smaller).hexdigest()
    why = f"the server accepts {says} bytes" if says else "the server refused it for its size"
    assert kept.problem == f"sent without {', '.join(left_out)}: {why} and the whole mail has {box.tried[0]}."
    again = send(Letterbox(), build=lambda: whole)
    assert (again.state, again.delivered_now, again.problem) == (DeliveryState.SENT, False, None)
    assert again.note == sent.note == kept.problem


def test_where_not_even_the_words_fit_the_mail_is_tried_once_and_failed(send, parts, delivery):
    for documents in (BIG, ()):
        whole = replace(parts, documents=documents)
        failed = send(Narrow(says=300), build=lambda whole=whole: whole, lighten=partial(lighten, whole))
        assert (failed.state, failed.is_for_good, failed.problem) == (
            DeliveryState.FAILED,
            True,
            "too large.",
        )
    assert delivery().attempts == 2
    assert send(Letterbox()).delivered_now


def test_of_the_smaller_mail_too_it_is_known_what_became_of_it(send, parts, delivery):
    @dataclass
    class Lost(Narrow):
        def send(self, message, envelope):
            super().send(message, envelope)
            raise UnknownOutcomeError("no answer.")

    whole = replace(parts, documents=BIG)
    lost = send(Lost(takes=5000), build=lambda: whole, lighten=partial(lighten, whole))
    assert lost.state is delivery().state is DeliveryState.UNCERTAIN
    assert delivery().problem.startswith("no answer. It was sent without a.pdf, b.pdf: ")


def test_a_mail_of_unknown_outcome_is_never_sent_again_by_itself(send):
    lost = send(Letterbox(fails=UnknownOutcomeError("no answer.")))
    assert (lost.state, lost.delivered_now, lost.problem) == (DeliveryState.UNCERTAIN, False, "no answer.")
    box = Letterbox()
    again = send(box)
    assert (again.state, again.problem, box.sent) == (DeliveryState.UNCERTAIN, "no answer.", [])


@pytest.mark.parametrize(("knows", "state"), [(True, DeliveryState.SENT), (False, DeliveryState.FAILED)])
def test_a_channel_that_can_tell_is_asked_before_anyone_is_troubled(send, knows, state):
    assert send(Letterbox(fails=UnknownOutcomeError("no answer."), knows=knows)).state is state


def test_a_person_may_have_an_uncertain_mail_sent_again(send, ledger, issue_id, mail):
    send(Letterbox(fails=UnknownOutcomeError("no answer.")))
    now = ledger.get_issue(issue_id).issued_at
    ledger.decide_delivery(issue_id, WEI, arrived=False, by="Ana Ruiz", at=now)
    box = Letterbox()
    assert send(box).delivered_now
    assert box.sent == [mail]


def test_an_error_nobody_foresaw_is_raised_and_leaves_the_mail_uncertain(send, delivery):
    with pytest.raises(ZeroDivisionError):
        send(Letterbox(fails=ZeroDivisionError()))
    assert delivery().state is DeliveryState.UNCERTAIN


def test_a_mail_that_cannot_be_built_waits(send, delivery, mail):
    def broken() -> bytes:
        raise DeliveryError("the PDF is not the one issued.")

    with pytest.raises(DeliveryError, match="not the one issued"):
        send(Letterbox(), build=broken)
    assert delivery().state is DeliveryState.PENDING
    assert send(Letterbox()).delivered_now


@pytest.mark.parametrize(
    "change",
    [{"recipient": ("Ana", "ana@company.example")}, {"message_id": "<other@company.example>"}],
)
def test_a_mail_for_somebody_else_is_not_sent(send, parts, delivery, change):
    box = Letterbox()
    with pytest.raises(DeliveryError, match="nothing was sent"):
        send(box, build=lambda: replace(parts, **change))
    assert box.sent == []
    assert delivery().state is DeliveryState.PENDING


def test_an_unknown_issue_is_refused(send):
    with pytest.raises(UsageError, match="issue 77"):
        send(Letterbox(), issue_id=77)


def test_two_recipients_of_an_issue_get_a_mail_each(send, parts, ledger, issue_id):
    send(Letterbox())
    ana = replace(parts, recipient=("Ana", "ana@company.example"), message_id="<second@company.example>")
    box = Letterbox()
    sent = send(box, address="ana@company.example", build=lambda: ana, message_id=ana.message_id)
    assert sent.delivered_now
    assert ledger.delivery_states(issue_id) == {
        Recipient(MAIL, "ana@company.example"): DeliveryState.SENT,
        WEI: DeliveryState.SENT,
    }


def test_a_mail_goes_into_the_outbox_folder_under_a_name_of_its_own(send, mail, tmp_path):
    assert send(channel_from_url("file:", tmp_path / "outbox")).delivered_now
    (file,) = (tmp_path / "outbox").iterdir()
    assert (file.name, file.read_bytes()) == ("2026-10.eu-brand.r1.abc.eml", mail)


def test_a_mail_reaches_a_server(send, mail, post):
    channel = channel_from_url(f"smtp://127.0.0.1:{post.port}", None)
    assert [send(channel).delivered_now, send(channel).delivered_now] == [True, False]
    assert post.accepted == [mail]


def test_a_server_that_takes_the_mail_and_dies_never_gets_it_twice(send, post):
    post.drops.add("BODY")
    channel = channel_from_url(f"smtp://127.0.0.1:{post.port}", None)
    assert [send(channel).state, send(channel).state] == [DeliveryState.UNCERTAIN] * 2
    assert len(post.accepted) == 1


def test_a_server_that_refused_gets_it_when_it_is_well_again(send, mail, post):
    channel = channel_from_url(f"smtp://127.0.0.1:{post.port}", None)
    post.answers["RCPT"] = "450 later"
    assert send(channel).state is DeliveryState.FAILED
    post.answers.clear()
    assert send(channel).delivered_now
    assert post.accepted == [mail]
