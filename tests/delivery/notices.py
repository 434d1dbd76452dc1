"""What mail servers write back, each in its own manner, of a mail with the id and the recipient given."""

from __future__ import annotations

from base64 import b64encode
from quopri import encodestring

DATE = "Tue, 03 Nov 2026 12:05:00 +0000"
TO = "back@lantern.example"


def report(
    message_id, to, action="failed", status="5.1.1", said="550 5.1.1 <{to}>: User unknown", copy="headers"
):
    """As Postfix writes it (RFC 3464); `copy` is what it returns of the mail."""
    kinds = {"headers": "text/rfc822-headers", "whole": "message/rfc822", "global": "message/global-headers"}
    kind = "message/global-delivery-status" if copy == "global" else "message/delivery-status"
    return (
        f"Return-Path: <>\nDate: {DATE}\nFrom: MAILER-DAEMON@mx.lantern.example (Mail Delivery System)\n"
        f"Subject: Undelivered Mail Returned to Sender\nTo: {TO}\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary="B/mx"\n\n'
        "This is a MIME-encapsulated message.\n\n--B/mx\nContent-Type: text/plain; charset=us-ascii\n\n"
        f"I'm sorry to have to inform you that your message could not\nbe delivered.\n\n<{to}>: unknown\n\n"
        f"--B/mx\nContent-Type: {kind}\n\nReporting-MTA: dns; mx.lantern.example\n"
        f"Arrival-Date: {DATE}\n\nFinal-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\n"
        f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mail.other.example\n"
        f"Diagnostic-Code: smtp; {said.format(to=to)}\n\n--B/mx\nContent-Type: {kinds[copy]}\n\n"
        f"Return-Path: <{TO}>\nFrom: Scorewright <cards@lantern.example>\nTo: Ana <{to}>\n"
        f"Message-ID: {message_id}\nSubject: Marketing North\n\nthe body\n--B/mx--\n"
    ).encode()


def encoded_report(message_id, to, encoding):
    """A report whose parts are encoded, as RFC 6533 allows for those of SMTPUTF8."""
    encode = {"base64": b64encode, "quoted-printable": encodestring}[encoding]
    head, status, copy = (
        report(message_id, to, copy="global").decode().split("--B/mx\nContent-Type: message/")
    )
    parts = [head.encode()]
    for part in (status, copy.removesuffix("--B/mx--\n")):
        kind, _, inside = part.partition("\n\n")
        parts.append(
            f"{kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + encode(inside.encode()) + b"\n"
        )
    return b"--B/mx\nContent-Type: message/".join(parts) + b"--B/mx--\n"


def exim(message_id, to):
    return (
        f"Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.lantern.example>\nDate: {DATE}\n"
        f"X-Failed-Recipients: {to}\nTo: {TO}\nSubject: Mail delivery failed: returning message to sender\n\n"
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not "
        "be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) "
        f"failed:\n\n  {to}\n    host mail.other.example [192.0.2.1]\n    550 No such user here\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
        f"Return-path: <{TO}>\nReceived: from [192.0.2.7]\nTo: Ana <{to}>\nMessage-ID: {message_id}\n\nbody\n"
    ).encode()


def exim_waits(message_id, to):
    return (
        f"Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.lantern.example>\nDate: {DATE}\nTo: {TO}\n"
        "Subject: Warning: message 1abc delayed 24 hours\n\nThis message was created automatically by mail "
        "delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients "
        f"after more than 24 hours on the queue.\n\nMessage-ID: {message_id}\n\nThe address to which the message "
        f"has not yet been delivered is:\n\n  {to}\n\nNo action is required on your part. Delivery attempts "
        "will continue for\nsome time.\n"
    ).encode()


def qmail(message_id, to):
    return (
        f"Return-Path: <>\nDate: 3 Nov 2026 12:05:00 -0000\nFrom: MAILER-DAEMON@mx.lantern.example\nTo: {TO}\n"
        "Subject: failure notice\n\nHi. This is the qmail-send program at mx.lantern.example.\nI'm afraid I wasn't "
        "able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry "
        f"it didn't work out.\n\n<{to}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <{TO}>\nTo: Ana <{to}>\n"
        f"Message-ID: {message_id}\n\nbody\n"
    ).encode()


def exchange(message_id, to):
    """An older one: a text in base64, with the headers of the mail below it."""
    text = (
        f"Delivery has failed to these recipients or groups:\n\n{to}\nThe e-mail address you entered couldn't be "
        f"found.\n\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nOriginal message headers:\n\n"
        f"Received: from EX01\nMessage-ID: {message_id}\n"
    )
    return (
        f"From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615@lantern.example>\nDate: {DATE}\nTo: {TO}\n"
        "Subject: Undeliverable: Marketing North\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{b64encode(text.encode()).decode()}\n"
    ).encode()


def answer(message_id, to):
    """A person's answer, which quotes what servers write."""
    return (
        f"From: Ana <{to}>\nDate: {DATE}\nTo: {TO}\nIn-Reply-To: {message_id}\nSubject: Re: Marketing North\n\n"
        f"It could not be delivered, permanent error, said my phone.\n> Message-ID: {message_id}\n"
    ).encode()
