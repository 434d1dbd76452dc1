"""The mail: what goes in comes out of a mail program, and the same parts give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import SMTPUTF8, default
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.channels.mail import build_message, pack, read_headers
from delivery.message import Attachment, Message
from ledger.errors import DeliveryError

PDF = Attachment("eu-brand-2026-10-r1.pdf", "application/pdf", bytes(range(256)) * 20)
PARTS = Message(
    subject="Scorecard October 2026",
    text="Guten Tag,\n\n.\n谢谢\n",
    html="<p>谢谢</p>",
    documents=(PDF,),
    sender=("Scorewright", "cards@company.example"),
    recipient=("Léa", "lea@company.example"),
    message_id="<2026-10.eu-brand.r1@company.example>",
    sent_on=datetime(2026, 11, 3, 5, 30, tzinfo=UTC),
)

names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
# What breaks naive headers: quotes, brackets, things that look encoded, long words, long Chinese.
awkward = st.lists(
    st.sampled_from(
        ["a", " ", ",", '"', "\\", "(", ")", "<", ">", "@", ";", ":", "=?utf-8?q?x?=", "é", "中"]
    ),
    max_size=16,
).map("".join)


def read(parts: Message, policy=default):
    return message_from_bytes(build_message(parts), policy=policy)


def shown_name(mail, header: str) -> str:
    """The name as RFC 2047 has it read; the library's newer reader puts spaces between some words."""
    raw = next(value for name, value in mail.raw_items() if name == header)
    return str(make_header(decode_header(parseaddr(str(raw))[0])))


def test_a_mail_program_finds_text_page_and_attachment():
    mail = read(PARTS)
    assert mail.get_content_type() == "multipart/mixed"
    body, attachment = mail.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == PARTS.text
    assert mail.get_body(("html",)).get_content().strip() == PARTS.html
    assert attachment.get_filename() == PDF.name
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == PDF.content


def test_the_headers_are_those_of_one_mail_that_nobody_should_answer_by_machine():
    mail = read(PARTS)
    assert mail["Subject"] == PARTS.subject
    assert str(mail["From"]) == "Scorewright <cards@company.example>"
    assert [(one.display_name, one.addr_spec) for one in mail["To"].addresses] == [PARTS.recipient]
    assert mail["Date"].datetime == PARTS.sent_on
    assert mail["Message-ID"] == PARTS.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert all(len(mail.get_all(name)) == 1 for name in mail)
    assert not mail.defects


def test_the_same_parts_are_the_same_bytes_in_another_process_too():
    script = (
        (
            "import sys; sys.path.insert(0, '.'); from datetime import *; from delivery.message import *; from delivery.channels.mail import build_message;"
            f"sys.stdout.buffer.write(build_message({PARTS!r}))"
        )
        .replace("datetime.datetime(", "datetime(")
        .replace("datetime.timezone.utc", "timezone.utc")
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert run.stdout == build_message(PARTS)


def test_the_date_is_the_moment_whatever_its_zone():
    shanghai = PARTS.sent_on.astimezone(timezone(timedelta(hours=8)))
    assert build_message(replace(PARTS, sent_on=shanghai)) == build_message(PARTS)


@pytest.mark.parametrize(
    "change",
    [
        {"documents": (replace(PDF, content=b"%PDF other"),)},
        {"text": "other"},
        {"html": "<p>other</p>"},
        {"subject": "other"},
        {"message_id": "<other@company.example>"},
    ],
)
def test_other_parts_are_other_bytes(change):
    assert build_message(replace(PARTS, **change)) != build_message(PARTS)


def test_every_line_is_seven_bits_and_of_a_length_that_servers_take():
    mail = build_message(replace(PARTS, text="长" * 3000 + "\r.\r" + "x" * 3000, subject="题" * 300))
    lines = mail.split(b"\r\n")
    assert max(len(line) for line in lines) <= 78
    assert mail.isascii()
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@settings(deadline=None, max_examples=60)
@given(st.one_of(names, awkward))
def test_any_name_arrives_as_it_is_and_adds_no_header(name):
    mail = read(
        replace(PARTS, recipient=(name, "lea@company.example"), sender=(name, "cards@company.example"))
    )
    for header, address in (("To", "lea@company.example"), ("From", "cards@company.example")):
        assert [one.addr_spec for one in mail[header].addresses] == [address]
        assert shown_name(mail, header) == name
    assert sorted(mail.keys()) == sorted(read(PARTS).keys())


@settings(deadline=None, max_examples=60)
@given(st.one_of(names, awkward))
def test_any_subject_arrives_as_it_is_and_adds_no_header(subject):
    mail = read(replace(PARTS, subject=subject))
    assert mail["Subject"] == subject
    assert sorted(mail.keys()) == sorted(read(PARTS).keys())


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_no_text_reaches_the_headers_or_the_other_parts(text):
    mail = read(replace(PARTS, text=text))
    assert sorted(mail.keys()) == sorted(read(PARTS).keys())
    assert [part.get_content_type() for part in mail.walk()] == [
        part.get_content_type() for part in read(PARTS).walk()
    ]
    assert next(mail.iter_attachments()).get_content() == PDF.content


BREAKS = [
    "a\nBcc: x@evil.example",
    "a\r\n\r\nbody",
    "a\rb",
    "a\x00b",
    "a\x85b",
    "a\u2028b",
    "a\tb",
    "\x1b[31m",
    "\ud800",
]


@pytest.mark.parametrize("value", BREAKS)
@pytest.mark.parametrize("place", ["subject", "sender", "recipient", "file name", "message_id", "address"])
def test_what_could_end_a_header_is_refused(place, value):
    changes = {
        "sender": {"sender": (value, "cards@company.example")},
        "recipient": {"recipient": (value, "lea@company.example")},
        "message_id": {"message_id": f"<{value}@company.example>"},
        "file name": {"documents": (replace(PDF, name=value),)},
        "address": {"recipient": ("Léa", f"{value}@company.example")},
    }
    with pytest.raises(DeliveryError, match=r"^mail, .*: expected .*, found .*; correct it in config/\.$"):
        build_message(replace(PARTS, **changes.get(place, {place: value})))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lea",
        "lea@",
        "@company.example",
        "lea@company.example, x@evil.example",
        "lea@company.example>\n",
        "Lea <lea@company.example>",
        "le\u0301a@company.example",
        "lea@straße.example",
        "lea@公司\u200d.example",
        "lea@公司..example",
        "lea..b@company.example",
        "lea@company..example",
        "l" * 250 + "@company.example",
    ],
)
def test_only_one_plain_address_is_taken(address):
    with pytest.raises(DeliveryError, match="mail, address: "):
        build_message(replace(PARTS, recipient=("Léa", address)))


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("lea@公司.example", "lea@xn--55qx5d.example"),
        ("lea@Müller.example", "lea@xn--mller-kva.example"),
        ("léa@company.example", "léa@company.example"),
        ("léa@müller.example", "léa@xn--mller-kva.example"),
    ],
)
def test_letters_of_any_script_arrive_and_domains_are_spelled_as_servers_know_them(address, spelled):
    packed = pack(replace(PARTS, sender=("", address), recipient=("王薇", address)))
    headers = read_headers(packed)
    assert (headers.sender, headers.recipient) == (spelled, spelled)
    assert packed.isascii() is spelled.isascii()
    (to,) = BytesParser(policy=SMTPUTF8).parsebytes(packed)["To"].addresses
    assert to.display_name == "王薇"


@pytest.mark.parametrize("name", ["", "../a.pdf", "a/b.pdf", ".pdf", 'a".pdf', "报告.pdf", "a" * 200])
def test_only_a_plain_file_name_is_taken(name):
    with pytest.raises(DeliveryError, match="mail, file name: "):
        build_message(replace(PARTS, documents=(PDF, replace(PDF, name=name))))


@pytest.mark.parametrize(
    ("change", "what"), [({"subject": "s" * 401}, "subject"), ({"sender": ("n" * 201, "a@b")}, "name")]
)
def test_what_is_too_long_is_refused(change, what):
    with pytest.raises(DeliveryError, match=f"mail, {what}: expected at most"):
        build_message(replace(PARTS, **change))


def test_half_a_character_and_a_time_without_zone_are_refused():
    with pytest.raises(DeliveryError, match="lone surrogate"):
        build_message(replace(PARTS, html="<p>\udfff</p>"))
    with pytest.raises(DeliveryError, match="a time with its zone"):
        build_message(replace(PARTS, sent_on=datetime(2026, 11, 3)))


def test_the_longest_message_id_stays_one_header():
    message_id = f"<2026-10.{'t' * 40}.r1.{'c' * 60}@{'d' * 60}.{'e' * 60}.example>"
    assert read_headers(build_message(replace(PARTS, message_id=message_id))).message_id == message_id


def test_a_message_says_whom_it_is_for():
    headers = read_headers(build_message(PARTS))
    assert (headers.sender, headers.recipient) == ("cards@company.example", "lea@company.example")
    with pytest.raises(DeliveryError, match="expected the headers From and To"):
        read_headers(b"Subject: nothing else\r\n\r\nhello")
