"""SMTP against a real server: what it takes arrives to the byte, and each failure is told for what it is."""

from __future__ import annotations

import socket
import ssl

import pytest
from aiosmtpd.smtp import AuthResult

from delivery.channels import (
    Channel,
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    TooLargeError,
    UnknownOutcomeError,
    channel_from_url,
)
from delivery.channels.smtp import SmtpChannel, SmtpSettings
from tests.delivery.certificates import write_certificate

# The server says so of its own accord when it is set up to take a password on an open line.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")

TO_WEI = Envelope("cards@company.example", "wei@company.example", "name")


def to(post, *, scheme="smtp", user="", query="tls=never&timeout=30") -> Channel:
    return channel_from_url(f"{scheme}://{user}127.0.0.1:{post.port}?{query}", None)


def test_the_server_gets_the_very_bytes(post, mail):
    to(post).send(mail, TO_WEI)
    assert post.accepted == [mail]
    assert post.senders == [("cards@company.example", ["wei@company.example"])]


def test_lines_that_are_a_dot_do_not_end_the_message(post):
    message = b"Subject: x\r\n\r\n.\r\n..\r\n.hidden\r\nQUIT\r\nlast\r\n"
    to(post).send(message, TO_WEI)
    assert post.accepted == [message]


@pytest.mark.parametrize(
    "body", [b"a\n.\nMAIL FROM:<x@evil.example>\n", b"a\r.\rRSET\r", b"a\r\n.\nb", b"no end"]
)
def test_no_spelling_of_a_line_end_smuggles_a_second_mail(post, body):
    to(post).send(b"Subject: x\r\n\r\n" + body, TO_WEI)
    assert len(post.accepted) == 1
    assert post.accepted[0].count(b"\n") == post.accepted[0].count(b"\r\n") == post.accepted[0].count(b"\r")


@pytest.mark.parametrize("answer", ["421 closing down", "450 later", "550 never heard of", "999 odd"])
@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_refusal_before_the_message_is_certainly_not_sent(post, mail, command, answer):
    post.answers[command] = answer
    with pytest.raises(NotSentError, match=f"127.0.0.1:{post.port}: expected .* found: .*{answer[:3]}"):
        to(post).send(mail, TO_WEI)
    assert post.accepted == []


STEPS = {
    "EHLO": "ask whoever runs the mail server",
    "MAIL": "correct the sender in organisation.yaml",
    "RCPT": "correct teams.yaml, give this address up",
    "DATA": "ask whoever runs the mail server",
    "BODY": "ask whoever runs the mail server",
}


@pytest.mark.parametrize("command", STEPS)
def test_what_is_refused_for_good_names_what_to_change_and_all_else_the_next_run(post, mail, command):
    of_this_mail = command in ("RCPT", "DATA", "BODY")
    for code, kind, step in (
        (499, NotSentError, "run again later"),
        (500, RefusedMailError if of_this_mail else RefusedForGoodError, STEPS[command]),
    ):
        post.answers[command] = f"{code} no"
        with pytest.raises(NotSentError, match=step) as refusal:
            to(post).send(mail, TO_WEI)
        assert type(refusal.value) is kind
        assert ("run again later" in str(refusal.value)) is (code == 499)


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_line_lost_before_the_message_is_certainly_not_sent(post, mail, command):
    post.drops.add(command)
    with pytest.raises(NotSentError, match="expected the server to accept the mail"):
        to(post).send(mail, TO_WEI)
    assert post.accepted == []


@pytest.mark.parametrize("answer", ["452 disk full", "554 looks like spam"])
def test_a_message_that_the_server_declines_is_certainly_not_sent(post, mail, answer):
    post.answers["BODY"] = answer
    with pytest.raises(NotSentError, match=f"message refused .{answer}"):
        to(post).send(mail, TO_WEI)


def test_a_server_that_takes_the_message_and_dies_leaves_the_outcome_unknown(post, mail):
    post.drops.add("BODY")
    with pytest.raises(UnknownOutcomeError, match="ask the recipient"):
        to(post).send(mail, TO_WEI)
    assert len(post.accepted) == 1


def test_a_server_that_takes_the_message_and_says_nothing_leaves_the_outcome_unknown(post, mail):
    post.holds.add("BODY")
    with pytest.raises(UnknownOutcomeError, match="timed out"):
        SmtpChannel(SmtpSettings("127.0.0.1", post.port, "never", timeout=0.1)).send(mail, TO_WEI)
    assert len(post.accepted) == 1


def test_a_server_that_answers_in_riddles_leaves_the_outcome_unknown(post, mail):
    post.answers["BODY"] = "199 well"
    with pytest.raises(UnknownOutcomeError, match="found: 199 well"):
        to(post).send(mail, TO_WEI)


def test_a_server_that_hangs_before_the_message_is_certainly_not_sent(post, mail):
    post.holds.add("RCPT")
    with pytest.raises(NotSentError, match="timed out"):
        SmtpChannel(SmtpSettings("127.0.0.1", post.port, "never", timeout=0.5)).send(mail, TO_WEI)


def test_a_goodbye_that_fails_changes_nothing(post, mail):
    post.drops.add("QUIT")
    to(post).send(mail, TO_WEI)
    assert len(post.accepted) == 1


def test_a_server_that_is_not_there_is_certainly_not_sent(mail):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSentError, match="refused"):
        channel_from_url(f"smtp://127.0.0.1:{port}", None).send(mail, TO_WEI)


def test_a_mail_larger_than_the_server_says_is_not_begun(open_post, mail):
    post = open_post(data_size_limit=500)
    with pytest.raises(TooLargeError, match="the server accepts 500 bytes and the mail has") as refusal:
        to(post).send(mail, TO_WEI)
    assert refusal.value.most == 500
    assert "ask whoever runs the mail server, and run again once it accepts the mail" in str(refusal.value)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", "552 5.3.4 Message size exceeds fixed limit"),
        ("MAIL", "552 Message size exceeds maximum permitted"),
        ("BODY", "552-5.2.3 Your message exceeded Google's message size limits"),
        ("BODY", "552 sorry, that message size exceeds my databytes limit (#5.3.4)"),
        ("DATA", "552 5.3.4 too big"),
        ("BODY", "554 5.3.4 Message too big for system"),
        ("BODY", "550 5.2.3 message length exceeds administrative limit"),
        ("BODY", "552 Message too large"),
    ],
)
def test_a_server_that_says_later_that_it_is_the_size_is_understood(post, mail, command, answer):
    post.answers[command] = answer.replace("552-", "552-5.2.3 too large\r\n552 ")
    with pytest.raises(TooLargeError, match="ask whoever runs the mail server, and run again") as refusal:
        to(post).send(mail, TO_WEI)
    assert refusal.value.most == 0
    assert post.accepted == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "552 5.2.2 mailbox full"), ("BODY", "552 too large"), ("BODY", "554 5.7.1 spam")],
)
def test_another_reason_is_not_taken_for_the_size(post, mail, command, answer):
    post.answers[command] = answer
    with pytest.raises(RefusedMailError):
        to(post).send(mail, TO_WEI)


BEYOND_ASCII = Envelope("cards@müller.example", "léa@公司.example", "name")


def test_letters_of_any_script_go_to_a_server_that_offers_smtputf8(open_post, mail):
    post = open_post(enable_SMTPUTF8=True)
    to(post).send(mail, BEYOND_ASCII)
    assert post.senders == [("cards@xn--mller-kva.example", ["léa@xn--55qx5d.example"])]


def test_where_a_server_does_not_the_sentence_says_so(open_post, mail):
    post = open_post(enable_SMTPUTF8=False)
    with pytest.raises(
        RefusedForGoodError,
        match=r"léa@.* has letters that are not ASCII, .* does not offer SMTPUTF8; write an",
    ):
        to(post).send(mail, BEYOND_ASCII)
    assert post.accepted == []


def test_a_domain_in_any_script_needs_nothing_of_the_server(open_post, mail):
    post = open_post(enable_SMTPUTF8=False)
    to(post).send(mail, Envelope("cards@müller.example", "lea@公司.example", "name"))
    assert post.senders == [("cards@xn--mller-kva.example", ["lea@xn--55qx5d.example"])]


def test_what_the_server_says_is_shown_on_one_line_and_short(post, mail):
    post.answers["RCPT"] = "550-first\r\n550 \x1b[31m" + "x" * 300
    with pytest.raises(NotSentError) as refusal:
        to(post).send(mail, TO_WEI)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 350


def test_nobody_can_ask_a_mail_server_afterwards(post):
    assert to(post).outcome(TO_WEI, "<id@x>") is None


@pytest.fixture
def guarded(open_post):
    """A server that knows one password, and asks for it on any line."""

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"u@x", b"p/:"), handled=False)

    return open_post(authenticator=check, auth_required=True, auth_require_tls=False)


def test_the_password_of_the_address_opens_the_server(guarded, mail):
    to(guarded, user="u%40x:p%2F%3A@").send(mail, TO_WEI)
    assert len(guarded.accepted) == 1


@pytest.mark.parametrize("user", ["u%40x:hunter2@", "u%40x:hunter%C3%A4@", "u%40x@"])
def test_a_wrong_password_is_certainly_not_sent_and_not_repeated(guarded, mail, user):
    with pytest.raises(RefusedForGoodError, match="user or password refused") as refusal:
        to(guarded, user=user).send(mail, TO_WEI)
    assert "hunter" not in str(refusal.value)
    assert guarded.accepted == []


def test_a_password_is_not_told_to_a_server_without_tls(guarded, mail):
    with pytest.raises(RefusedForGoodError, match="STARTTLS"):
        to(guarded, user="u%40x:p%2F%3A@", query="timeout=30").send(mail, TO_WEI)
    assert guarded.accepted == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return write_certificate(tmp_path_factory.mktemp("tls") / "mail.pem")


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("query", ["timeout=30", "tls=required"])
def test_tls_is_used_where_the_server_offers_it(open_post, tls, certificate, monkeypatch, mail, query):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    post = open_post(tls_context=tls, require_starttls=True)
    to(post, query=query).send(mail, TO_WEI)
    assert post.secure == [True]


def test_required_tls_that_is_not_offered_is_certainly_not_sent(post, mail):
    with pytest.raises(RefusedForGoodError, match="STARTTLS extension not supported"):
        to(post, query="tls=required").send(mail, TO_WEI)
    assert post.accepted == []


def test_a_certificate_that_nobody_vouches_for_is_certainly_not_sent(open_post, tls, mail):
    post = open_post(tls_context=tls)
    with pytest.raises(RefusedForGoodError, match="certificate verify failed"):
        to(post, query="tls=offered").send(mail, TO_WEI)
    assert post.accepted == []


def test_tls_from_the_start_is_another_scheme(open_post, tls, certificate, monkeypatch, mail):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    post = open_post(ssl_context=tls)
    to(post, scheme="smtps", query="timeout=30").send(mail, TO_WEI)
    assert len(post.accepted) == 1
