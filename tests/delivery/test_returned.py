"""What mail servers write back is read as far as it says something of a mail of ours, and no further."""

from __future__ import annotations

import mailbox
import socket
import ssl
from threading import Thread

import pytest

from delivery.mailboxes import messages_in
from delivery.returned import Verdict, read_returned
from scoring.errors import UsageError
from tests.delivery import notices
from tests.delivery.certificates import write_certificate
from tests.delivery.conftest import NOON

ID = "<2026-10.north.r1.0123456789.abcdef0123@lantern.example>"
TO = "ana.ruiz@lantern.example"


@pytest.mark.parametrize("copy", ["headers", "whole", "global"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_report_says_which_mail_failed_for_whom_and_why(copy, ending):
    found = read_returned(notices.report(ID, TO, copy=copy).replace(b"\n", ending))
    assert (found.message_ids, found.recipients) == ((ID,), {TO})
    assert (found.verdict, found.status) == (Verdict.FAILED, "5.1.1")
    assert found.said == f"smtp; 550 5.1.1 <{TO}>: User unknown"


SPELLINGS = [
    "müller@bücher.example",
    "müller@xn--bcher-kva.example",
    "Müller@XN--BCHER-KVA.example",
    r"m\x{FC}ller@b\x{FC}cher.example",
    "mu\u0308ller@bu\u0308cher.example",
]


@pytest.mark.parametrize("write", [notices.report, notices.exim, notices.qmail])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_international_address_is_one(write, spelling):
    assert "müller@xn--bcher-kva.example" in read_returned(write(ID, spelling)).recipients


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_report_for_smtputf8_may_be_encoded(encoding):
    found = read_returned(notices.encoded_report(ID, "müller@bücher.example", encoding))
    assert found.recipients == {"müller@xn--bcher-kva.example"}
    assert (found.message_ids, found.verdict, found.status) == ((ID,), Verdict.FAILED, "5.1.1")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "x-unknown"])
def test_a_letter_is_read_in_its_own_charset(charset):
    text = notices.exim(ID, "müller@bücher.example").decode().replace("X-Failed-Recipients: ", "X-Other: ")
    mail = f"Content-Type: text/plain; charset={charset}\n{text}"
    known = charset if charset != "x-unknown" else "utf-8"
    assert "müller@xn--bcher-kva.example" in read_returned(mail.encode(known)).recipients


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_a_mail_that_went_its_way_is_no_failure(action):
    assert read_returned(notices.report(ID, TO, action, "2.0.0")).verdict is Verdict.OTHER


def test_one_that_takes_longer_is_told_apart_from_one_that_was_given_up_after_days():
    assert read_returned(notices.report(ID, TO, "delayed", "4.4.1")).verdict is Verdict.DELAYED
    assert read_returned(notices.report(ID, TO, "failed", "4.4.7")).verdict is Verdict.FAILED
    assert read_returned(notices.exim_waits(ID, TO)).verdict is Verdict.DELAYED


@pytest.mark.parametrize(
    ("letter", "status", "said"),
    [
        (notices.exim, "", "550 No such user here"),
        (notices.qmail, "5.1.1", ""),
        (notices.exchange, "5.1.1", "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##"),
    ],
)
def test_plain_letters_are_read_as_far_as_the_id_stands_in_them(letter, status, said):
    found = read_returned(letter(ID, TO))
    assert (found.message_ids, found.verdict) == ((ID,), Verdict.FAILED)
    assert TO in found.recipients
    assert (found.status, found.said) == (status, said)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 100,
        notices.answer(ID, TO),
        b"Subject: lunch\n\ncould not be delivered",
        b'Content-Type: multipart/mixed; boundary="%d"\n\n' * 2,
    ],
)
def test_what_is_no_notice_of_a_server_is_none(content):
    assert read_returned(content) is None


def test_parts_within_parts_without_end_are_nothing():
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(3000)
    )
    assert read_returned(deep) is None


def test_words_that_would_command_a_terminal_or_run_on_are_cut():
    found = read_returned(notices.report(ID, TO, said="550 \x1b[31mno" + "x" * 500))
    assert found.said.isprintable()
    assert len(found.said) <= 150


def test_a_maildir_an_mbox_and_files_are_read_and_left_as_they_are(tmp_path):
    first, second = notices.report(ID, TO), notices.qmail(ID, TO)
    box = mailbox.Maildir(tmp_path / "maildir")
    kept = mailbox.mbox(tmp_path / "mbox")
    for content in (first, second):
        box.add(content)
        kept.add(content)
    kept.close()
    (tmp_path / "files").mkdir()
    (tmp_path / "files/a.eml").write_bytes(first)
    (tmp_path / "files/b.eml").write_bytes(second)
    (tmp_path / "files/.c.eml").write_bytes(second)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for place in ("maildir", "mbox", "files"):
        found = [read_returned(content) for _, content in messages_in(str(tmp_path / place), NOON)]
        assert {each.message_ids for each in found} == {(ID,)}
        assert len(found) == 2
    assert [where for where, _ in messages_in(f"{tmp_path}/files/a.eml", NOON)] == [f"{tmp_path}/files/a.eml"]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("nothing/there", "found nothing/there: No such file or directory"),
        ("imap://user:secret@host/INBOX", "found another"),
        ("imaps://host", "found another"),
        ("imaps://user:secret@127.0.0.1:1/x", "found the mail server: Connection refused"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_without_its_password(place, found):
    with pytest.raises(UsageError) as refusal:
        [*messages_in(place, NOON)]
    assert found in str(refusal.value)
    assert "secret" not in str(refusal.value)


class Imap(Thread):
    """A mail server that has one message in the folder `Back & forth`, and keeps what it was asked."""

    def __init__(self, certificate, content, *, login="OK"):
        super().__init__(daemon=True)
        self.content, self.login, self.asked = content, login, []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def run(self):
        with (
            self.listening,
            self.listening.accept()[0] as plain,
            self.context.wrap_socket(plain, server_side=True) as line,
            line.makefile("rwb") as talk,
        ):
            self._say(talk, b"* OK ready")
            for asked in talk:
                tag, command, *rest = asked.decode().split()
                self.asked.append(" ".join([command, *rest]))
                self._answer(talk, command, tag)
                if command == "LOGOUT":
                    return

    def _answer(self, talk, command, tag):
        said = {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1",
            "EXAMINE": b"* 1 EXISTS",
            "SEARCH": b"* SEARCH 1",
            "FETCH": b"* 1 FETCH (BODY[]<0> {%d}\r\n%s)" % (len(self.content), self.content),
            "LOGOUT": b"* BYE",
        }
        if command in said:
            self._say(talk, said[command])
        word = self.login if command == "LOGIN" else "OK"
        self._say(talk, f"{tag} {word} done".encode())

    @staticmethod
    def _say(talk, line):
        talk.write(line + b"\r\n")
        talk.flush()


@pytest.fixture
def imap(tmp_path, monkeypatch):
    """Opens such a server, whose certificate this machine trusts."""
    certificate = write_certificate(tmp_path / "mail.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def open_one(content, **options):
        server = Imap(certificate, content, **options)
        server.start()
        return server

    return open_one


def test_a_folder_of_a_mail_server_is_read_and_nothing_in_it_is_marked(imap):
    server = imap(notices.report(ID, TO))
    place = f"imaps://back:p%40ss@127.0.0.1:{server.port}/Back%20%26%20forth"
    ((where, content),) = messages_in(place, NOON)
    server.join(10)
    assert (where, read_returned(content).message_ids) == ("127.0.0.1/Back & forth, message 1", (ID,))
    assert 'LOGIN back "p@ss"' in server.asked
    assert 'EXAMINE "Back & forth"' in server.asked
    assert "SEARCH SINCE 04-Sep-2026" in server.asked
    assert any("BODY.PEEK[]" in asked for asked in server.asked)


def test_a_login_that_a_mail_server_refuses_is_one_sentence(imap):
    server = imap(b"", login="NO")
    with pytest.raises(UsageError, match=r"found the mail server: error; correct MAILBOX") as refusal:
        [*messages_in(f"imaps://back:secret@127.0.0.1:{server.port}/x", NOON)]
    assert "secret" not in str(refusal.value)
