"""A reader of several teams gets one mail with all cards, where the book says so: once, or it is doubtful."""

from __future__ import annotations

import email
import email.policy
import hashlib
import os
import re
import shutil
import signal
from dataclasses import replace

import pytest

import killpoints
from archive import documents
from auditing.approving import approve
from auditing.everything import audit
from ledger import MAIL, DeliveryState, Recipient, Restated
from ledger.errors import DeliveryError
from pipeline.steps import Steps
from scoring.canonical import content_hash, from_json, to_json
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import OCTOBER, change
from tests.pipeline.test_approving import APPROVAL

ANA = Recipient(MAIL, "ana.ruiz@lantern.example")
MAIL_OF_THE_BOOK = """mail:
  together: true
  reply_to: {name: Scores, address: scores@lantern.example}
  contact: {en: "Jana Roth, extension 120", zh_CN: "罗晓婷，分机 120"}
  objections: 5
"""


def is_anas(place):
    """South is Ana's, too, and she reads both in one mail."""
    change(
        place.root / "config/teams.yaml",
        lambda book: (
            book.replace("name: 王薇", "name: Ana Ruiz\n    formerly: [王薇]")
            .replace("wang.wei@lantern.example", ANA.address)
            .replace("language: zh_CN", "language: en")
        ),
    )
    change(place.root / "config/organisation.yaml", lambda book: book + MAIL_OF_THE_BOOK)


@pytest.fixture(scope="module")
def hers(unsent, tmp_path_factory):
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("hers") / "place"))
    is_anas(place)
    return place


@pytest.fixture
def place(hers, tmp_path):
    """October's two cards are issued and wait for Ana."""
    place = Place(shutil.copytree(hers.root, tmp_path / "place"))
    for issue_id in (1, 2):
        place.open().ledger.queue_delivery(issue_id, ANA)
    return place


def send(place, issue_id, **settings):
    (outcome,) = Steps().deliver(place.open(**settings), issue_id, now=lambda: NOW)
    return outcome


def read(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)


def states(place):
    ledger = place.open().ledger
    return [ledger.delivery_states(issue_id)[ANA] for issue_id in (1, 2)]


def killed(work, point, times=1):
    """Does the work in a process of its own that dies by `kill -9` when it is at the point so often."""
    child = os.fork()
    if child == 0:
        try:
            killpoints.kill_at(point, times)
            work()
        finally:
            os._exit(99)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_run_sends_one_mail_with_every_card(hers, tmp_path):
    place = Place(shutil.copytree(hers.root, tmp_path / "place"))
    place.run()
    (path,) = (place.home / "outbox").glob("*.eml")
    mail = read(path.read_bytes())
    sure = "[0-9.]+ (FINAL|PROVISIONAL)"
    assert re.fullmatch(f"{sure} Marketing North, {sure} Marketing South · October 2026", mail["Subject"])
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["north-2026-10-r1.pdf", "south-2026-10-r2.pdf"]
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for form in (text, html):
        assert form.index("Marketing North") < form.index("Marketing South")
        # five working days after Tuesday, 3 November
        assert form.count("Objections are taken until 10 November 2026.") == 1
        assert "Contact: Jana Roth, extension 120" in form
        assert "An answer to this mail goes to Scores (scores@lantern.example)." in form
    assert mail["Reply-To"] == "Scores <scores@lantern.example>"
    assert place.mail_states() == {"north": ["sent"], "south": ["sent"]}
    place.run()
    assert len(place.mails()) == 1
    assert not audit(place.open()).findings


def test_cards_that_were_issued_without_a_mail_go_in_one_as_well(hers, tmp_path):
    place = Place(shutil.copytree(hers.root, tmp_path / "place"))
    place.run(send=False)
    assert place.mail_states() == {"north": [], "south": []}
    place.run()
    assert len(place.mails()) == 1
    assert place.mail_states() == {"north": ["sent"], "south": ["sent"]}


def test_in_airflow_they_do_too(hers, tmp_path):
    place = Place(shutil.copytree(hers.root, tmp_path / "place"))
    place.run(send=False)
    names = [issue.name for issue in place.issues() if issue.name in {"2026-10/north/r1", "2026-10/south/r2"}]
    ids = Steps().issue(place.open(), names, now=NOW, send=True)
    assert [send(place, issue_id).state for issue_id in ids] == [DeliveryState.SENT] * 2
    assert len(place.mails()) == 1


def test_without_that_word_each_card_has_its_mail(place):
    change(
        place.root / "config/organisation.yaml",
        lambda book: book.replace("together: true", "together: false"),
    )
    assert [send(place, issue_id).delivered_now for issue_id in (1, 2)] == [True, True]
    assert len(place.mails()) == 2


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_card_that_cannot_be_drawn_as_issued_is_named_and_keeps_no_other_from_the_mail(
    place, monkeypatch, first, lost
):
    name = ("north-2026-10-r1", "south-2026-10-r1")[lost - 1]
    (place.home / "scorecards" / "2026-10" / f"{name}.pdf").unlink()
    # as another version of the program would draw it
    monkeypatch.setattr(
        documents, "draw", lambda card: {kind.ending: b"other" for kind in documents.kinds_of(card)}
    )
    said = []
    for issue_id in (first, 3 - first):
        try:
            send(place, issue_id)
        except DeliveryError as error:
            said.append(str(error))
    (problem,) = said
    assert f"expected {name}.pdf as it was issued" in problem
    assert states(place)[lost - 1] is DeliveryState.PENDING
    assert states(place)[2 - lost] is DeliveryState.SENT
    (path,) = (place.home / "outbox").glob("*.eml")
    (attached,) = [part.get_filename() for part in read(path.read_bytes()).iter_attachments()]
    assert not attached.startswith(name)
    # with the file back it goes by itself, and nothing goes twice
    monkeypatch.undo()
    assert send(place, lost).state is DeliveryState.SENT
    assert len(place.mails()) == 2


@pytest.mark.parametrize(
    ("point", "found", "sent"),
    [
        ("deliver.queued", DeliveryState.PENDING, 0),
        ("deliver.built", DeliveryState.PENDING, 0),
        ("deliver.claim_entered", DeliveryState.PENDING, 0),
        ("deliver.claimed", DeliveryState.UNCERTAIN, 0),
        ("smtp.body_sent", DeliveryState.UNCERTAIN, 0),
        ("smtp.answered", DeliveryState.UNCERTAIN, 1),
        ("deliver.settle_entered", DeliveryState.UNCERTAIN, 1),
        ("deliver.settled", DeliveryState.SENT, 1),
    ],
)
def test_killed_at_any_point_the_mail_is_sent_once_at_most_and_all_cards_stand_alike(
    place, post, point, found, sent
):
    by_server = {"delivery": f"smtp://127.0.0.1:{post.port}?tls=never"}
    killed(lambda: send(place, 1, **by_server), point)
    assert len(post.accepted) == sent
    if found is DeliveryState.UNCERTAIN:
        assert states(place) == [DeliveryState.SENDING] * 2
    for issue_id in (2, 1):
        if found is DeliveryState.UNCERTAIN:
            with pytest.raises(DeliveryError, match="died before it recorded the outcome"):
                send(place, issue_id, **by_server)
        else:
            send(place, issue_id, **by_server)
    assert len(post.accepted) == (1 if found is not DeliveryState.UNCERTAIN else sent)
    assert set(states(place)) == {DeliveryState.SENT if found is not DeliveryState.UNCERTAIN else found}


COPIES = "  copies: [{name: Cai, email: cai@lantern.example}, {name: Dee, email: dee@lantern.example}]\n"


@pytest.mark.parametrize(
    ("together", "point"),
    [("true", "deliver.queue_entered"), ("false", "deliver.queue_entered"), ("false", "deliver.settled")],
)
@pytest.mark.parametrize("times", [1, 2])
def test_killed_between_two_readers_of_a_card_that_went_to_nobody_yet_each_gets_it(
    hers, tmp_path, together, point, times
):
    place = Place(shutil.copytree(hers.root, tmp_path / "place"))
    change(place.root / "config/teams.yaml", lambda book: book.replace("  owns:", f"{COPIES}  owns:"))
    change(
        place.root / "config/organisation.yaml",
        lambda book: book.replace("together: true", f"together: {together}"),
    )
    place.run(send=False)
    killed(place.run, point, times)
    place.run()
    assert place.mail_states() == {"north": ["sent"] * 3, "south": ["sent"] * 3}


LINK = "card_link: https://cards.lantern.example/{period}/{file}\n"


def test_what_a_server_does_not_take_gives_way_to_a_link_and_the_ledger_says_so(place, open_post):
    change(place.root / "config/organisation.yaml", lambda book: book + LINK)
    sizes = [path.stat().st_size for path in place.home.glob("scorecards/*/*-r*.pdf")]
    post = open_post(data_size_limit=max(sizes) * 8 // 5)
    outcome = send(place, 1, delivery=f"smtp://127.0.0.1:{post.port}?tls=never")
    mail = read(post.accepted[0])
    (kept,) = (part.get_filename() for part in mail.iter_attachments())
    (gone,) = {"north-2026-10-r1.pdf", "south-2026-10-r1.pdf"} - {kept}
    text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    there = f"https://cards.lantern.example/2026-10/{gone}"
    lines = text.splitlines()
    (at,) = (number for number, line in enumerate(lines) if gone in line and "://" not in line)
    assert re.search("^Left out, because the mail server takes no mail so large: |未随信发送：", lines[at])
    assert lines[at + 1].endswith(there)
    assert f'href="{there}"' in page
    attached = ("is attached as a PDF.", "见附件 PDF。")
    assert sum(map(text.count, attached)) == 1
    assert states(place) == [DeliveryState.SENT] * 2
    ledger = place.open().ledger
    for issue_id in (1, 2):
        delivery = ledger.queue_delivery(issue_id, ANA)
        assert delivery.claim.message_sha256 == hashlib.sha256(post.accepted[0]).hexdigest()
        assert delivery.problem == outcome.note
    assert outcome.note.startswith(f"sent without {gone}: the server accepts ")
    assert not audit(place.open()).findings
    send(place, 2, delivery=f"smtp://127.0.0.1:{post.port}?tls=never")
    assert len(post.accepted) == 1


def test_a_server_that_refuses_refuses_all_of_them(place, post):
    post.answers["RCPT"] = "550 5.1.1 no such user"
    with pytest.raises(DeliveryError, match="550"):
        send(place, 1, delivery=f"smtp://127.0.0.1:{post.port}?tls=never")
    assert states(place) == [DeliveryState.REFUSED] * 2


def test_the_channel_is_told_where_the_mail_comes_back_to(place, post):
    change(
        place.root / "config/organisation.yaml", lambda book: f"{book}  returned_to: back@lantern.example\n"
    )
    send(place, 1, delivery=f"smtp://127.0.0.1:{post.port}?tls=never")
    assert post.senders == [("back@lantern.example", [ANA.address])]
    assert read(post.accepted[0])["From"].endswith("<cards@lantern.example>")


def test_only_approved_cards_are_in_it_and_the_others_follow(place):
    change(place.root / "config/organisation.yaml", lambda book: book + APPROVAL)
    approve(place.open(), OCTOBER, ("north",), by="Jana Roth", rejected=None, now=NOW)
    send(place, 1)
    assert states(place) == [DeliveryState.SENT, DeliveryState.PENDING]
    approve(place.open(), OCTOBER, ("south",), by="Jana Roth", rejected=None, now=NOW)
    send(place, 2)
    assert states(place) == [DeliveryState.SENT] * 2
    assert len(place.mails()) == 2


def test_a_card_that_was_changed_in_the_ledger_is_left_out_and_named_at_its_own_turn(place, monkeypatch):
    ledger = place.open().ledger
    issue = ledger.get_issue(2)
    monkeypatch.setattr(
        type(ledger),
        "waiting_for",
        lambda *_: (ledger.get_issue(1), replace(issue, content_hash="0" * 64)),
    )
    send(place, 1)
    assert states(place) == [DeliveryState.SENT, DeliveryState.PENDING]


def test_a_restatement_of_a_closed_month_goes_by_itself(place):
    ledger = place.open().ledger
    card = replace(from_json(ledger.get_issue(2).card_json), revision=2, appraiser_name="Somebody")
    entered = ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=2,
        content_hash=content_hash(card),
        documents=ledger.get_issue(2).documents,
        issued_at=NOW,
        restated=Restated("{}", is_closed=True),
        recipients=[ANA],
    )
    send(place, 1)
    assert ledger.delivery_states(entered.id) == {ANA: DeliveryState.PENDING}
    (path,) = (place.home / "outbox").glob("*")
    assert len([*read(path.read_bytes()).iter_attachments()]) == 1
