"""The PDF in a mail that only its reader opens, and a mail that stays where there is no passphrase."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess

import pikepdf
import pytest

from archive.locking import Lock
from auditing.everything import audit
from book import read_book
from delivery.channels import RefusedForGoodError
from delivery.message import Attachment
from ledger import MAIL, DeliveryState, Recipient
from ledger.errors import DeliveryError
from tests.pipeline.conftest import Place
from tests.pipeline.exports import change
from tests.pipeline.test_one_mail import killed, read, send

NORTH, SOUTH = "ana.ruiz@lantern.example", "wang.wei@lantern.example"
HERS, THEIRS = "correct horse; Battery 7", "for-everybody-else"
PASSPHRASES = f"""mail:
  passphrases:
    {NORTH}: ana_ruiz
    "*": everybody
"""
SECRETS = {"connection_ana_ruiz": HERS, "connection_everybody": THEIRS}
KEYS = {1: HERS, 2: THEIRS}


@pytest.fixture(scope="module")
def asking(unsent, tmp_path_factory):
    """October's cards are issued, and the book names passphrases."""
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("asking") / "place"))
    change(place.root / "config/organisation.yaml", lambda book: book + PASSPHRASES)
    return place


@pytest.fixture
def place(asking, tmp_path):
    return Place(shutil.copytree(asking.root, tmp_path / "place"))


def pdf_of(mail: bytes) -> bytes:
    (part,) = read(mail).iter_attachments()
    assert part.get_filename().endswith(".pdf")
    return part.get_content()


def text_of(pdf: bytes, *options: str) -> str:
    command = ["pdftotext", "-layout", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def by(post, **secrets):
    return {"delivery": f"smtp://127.0.0.1:{post.port}?tls=never", **secrets}


def test_each_reader_opens_what_they_got_and_nobody_else_does(place, post):
    for issue_id in (1, 2):
        send(place, issue_id, **by(post, **SECRETS))
    ledger = place.open().ledger
    for issue_id, mail in enumerate(post.accepted, start=1):
        issue, got = ledger.get_issue(issue_id), pdf_of(mail)
        for wrong in ("", KEYS[3 - issue_id], KEYS[issue_id].lower()[:-1]):
            with pytest.raises(pikepdf.PasswordError):
                pikepdf.open(io.BytesIO(got), password=wrong)
        kept = next(place.home.glob(f"scorecards/*/{issue.documents[0].name}")).read_bytes()
        # what was archived is clear, and as it was issued
        assert hashlib.sha256(kept).hexdigest() == issue.documents[0].sha256
        with pikepdf.open(io.BytesIO(got), password=KEYS[issue_id]) as opened:
            assert (opened.encryption.R, opened.encryption.stream_method.name) == (6, "aesv3")
            attached = opened.attachments["scorecard.json"].get_file().read_bytes()
            assert attached.decode() == issue.card_json
            with opened.open_metadata() as said:
                assert "pdfaid:part" not in said
                assert said["pdfuaid:part"] == "1"
        assert text_of(got, "-upw", KEYS[issue_id]) == text_of(kept)
        delivery = ledger.queue_delivery(issue_id, Recipient(MAIL, (NORTH, SOUTH)[issue_id - 1]))
        assert delivery.claim.message_sha256 == hashlib.sha256(mail).hexdigest()


def test_the_mail_says_what_opens_it_in_the_readers_language(place, post):
    for issue_id in (1, 2):
        send(place, issue_id, **by(post, **SECRETS))
    for mail, sentence in zip(post.accepted, ("opens with your passphrase", "请用您的密码打开"), strict=True):
        for kind in ("plain", "html"):
            assert sentence in read(mail).get_body((kind,)).get_content()
        assert not any(secret.encode() in mail for secret in (HERS, THEIRS, "ana_ruiz"))


def test_without_a_passphrase_that_mail_stays_and_the_others_go(place, post):
    with pytest.raises(RefusedForGoodError) as refusal:
        send(place, 1, **by(post, connection_everybody=THEIRS))
    assert str(refusal.value) == (
        f"{NORTH}: expected in SCOREWRIGHT_CONNECTION_ANA_RUIZ a passphrase of 8 to 127 letters, digits and "
        "signs of ASCII, blanks only between them, found none; set it and run again. Nothing was sent to them."
    )
    assert place.mail_states()["north"] == [DeliveryState.PENDING]
    send(place, 2, **by(post, connection_everybody=THEIRS))
    assert len(post.accepted) == 1
    send(place, 1, **by(post, **SECRETS))
    send(place, 1, **by(post, **SECRETS))
    assert len(post.accepted) == 2


@pytest.mark.parametrize(
    "secret",
    [
        *("short", "x" * 128, "Straßenfest", "line\nbreak here", "密码密码密码密码"),
        *(" " * 8, " leading one", "trailing one "),
    ],
)
def test_a_passphrase_that_readers_of_pdf_may_take_for_another_is_refused(place, secret):
    with pytest.raises(RefusedForGoodError, match="found another; set it") as refusal:
        send(place, 1, connection_ana_ruiz=secret)
    assert secret not in str(refusal.value)
    assert place.mails() == []


def test_a_run_ends_with_the_sentence_and_sends_all_else(place, command):
    done = command(place, "run", "--period", "2026-10", connection_everybody=THEIRS)
    assert done.code == 6
    assert f"{NORTH}: expected in SCOREWRIGHT_CONNECTION_ANA_RUIZ" in done.err
    assert len(place.mails()) == 1
    said = command(place, "check")
    assert said.code == 0
    assert re.search(r"nothing is sent to .* in SCOREWRIGHT_CONNECTION_EVERYBODY", said.out + said.err)


@pytest.mark.parametrize(
    ("point", "sent"), [("deliver.built", 1), ("smtp.body_sent", 0), ("smtp.answered", 1)]
)
def test_killed_at_any_point_it_is_sent_once_at_most(place, post, point, sent):
    by_server = by(post, **SECRETS)
    killed(lambda: send(place, 1, **by_server), point)
    if point == "deliver.built":
        send(place, 1, **by_server)
    else:
        with pytest.raises(DeliveryError, match="died before it recorded the outcome"):
            send(place, 1, **by_server)
    assert len(post.accepted) == sent
    for mail in post.accepted:
        pikepdf.open(io.BytesIO(pdf_of(mail)), password=HERS).close()


def test_what_lies_in_a_folder_is_as_it_went_out(place):
    for issue_id in (1, 2):
        send(place, issue_id, **SECRETS)
    assert not audit(place.open()).findings
    assert len(place.mails()) == 2


def test_an_address_that_left_the_book_gets_nothing_in_clear(place):
    old = Recipient(MAIL, NORTH)
    place.open().ledger.queue_delivery(1, old)
    change(place.root / "config/teams.yaml", lambda book: book.replace(NORTH, "ana@lantern.example"))
    change(
        place.root / "config/organisation.yaml",
        lambda book: book.replace(NORTH, "ana@lantern.example").replace('    "*": everybody\n', ""),
    )
    with pytest.raises(RefusedForGoodError, match="that it has no longer"):
        send(place, 1, **SECRETS)
    # who is in the book without a passphrase reads in clear, as ever
    send(place, 2, **SECRETS)
    (path,) = (place.home / "outbox").glob("*.eml")
    pikepdf.open(io.BytesIO(pdf_of(path.read_bytes()))).close()


def test_a_passphrase_of_nobody_is_a_fault(place):
    path = place.root / "config/organisation.yaml"
    change(path, lambda book: book.replace(f"    {NORTH}:", "    ana.riuz@lantern.example:"))
    (fault,) = read_book(path.parent).faults
    assert "cards are mailed to, or '*', found 'ana.riuz@lantern.example'" in str(fault)
    assert f"(did you mean {NORTH}?); correct it" in str(fault)


def test_a_locked_card_goes_to_no_chat_as_a_file(place):
    group = "  groups:\n    - {channel: wecom, connection: people, readers: team, file: true}\nsouth:"
    change(place.root / "config/teams.yaml", lambda book: book.replace("south:", group, 1))
    faults = read_book(place.root / "config").faults
    assert any("because the book has passphrases" in str(fault) for fault in faults)


def test_a_workbook_travels_within_the_locked_pdf(place):
    pdf = next(place.home.glob("scorecards/*/north*.pdf")).read_bytes()
    both = (Attachment("a.pdf", "application/pdf", pdf), Attachment("a.xlsx", "application/x", b"clear"))
    (closed,) = Lock(HERS).close(both)
    assert closed.name == "a.pdf"
    assert HERS not in repr(Lock(HERS))
