"""A scorecard's mail as bytes (RFC 5322): the same parts give the same bytes, and no text can inject a
header.

The standard library writes the body. The headers that carry people's names are written here, because the
library's folding of long names loses quotes, or fails, on some of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.parser import Parser
from email.policy import SMTP
from email.utils import format_datetime

from delivery.message import Message
from ledger.errors import DeliveryError
from scoring.addresses import with_ascii_domain

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
# an address may have letters of any script
_WORD, _LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"([^\W_]|-)+"
_ADDRESS = re.compile(rf"{_WORD}(\.{_WORD})*@{_LABEL}(\.{_LABEL})*")
_MESSAGE_ID = re.compile(rf"<{_ATOM}(\.{_ATOM})*@{_DOMAIN}>")
_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PLAIN_NAME = re.compile(rf"{_ATOM}( {_ATOM})*")
_PLAIN_SUBJECT = re.compile(r"[!-~]+( [!-~]+)*")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Beyond these, mail programs cut, and some servers refuse.
_LONGEST = {"subject": 400, "name": 200, "address": 254, "message id": 250, "file name": 120}
# What fits on a line of 76 besides the header's name; 39 bytes are 52 in base64 and 64 as an encoded word.
_PLAIN_LENGTH, _WORD_BYTES = 64, 39


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers that identify a message: addresses without names."""

    sender: str
    recipient: str
    message_id: str


def build_message(parts: Message) -> bytes:
    """The mail with its text, the same as HTML, and its documents attached.

    Raises `DeliveryError` for a part that a mail cannot have, such as a name with a line break.
    """
    _check(parts)
    headers = (
        ("Subject", _text(parts.subject, _PLAIN_SUBJECT)),
        ("From", _mailbox(*parts.sender)),
        ("To", _mailbox(*parts.recipient)),
        *((("Reply-To", _mailbox(*parts.reply_to)),) if parts.reply_to else ()),
        ("Date", format_datetime(parts.sent_on.astimezone(UTC))),
        ("Message-ID", parts.message_id),
        # Keeps out-of-office replies away (RFC 3834).
        ("Auto-Submitted", "auto-generated"),
    )
    # only an address can have letters that are not ASCII (RFC 6532)
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + _body(parts)


def pack(message: Message) -> bytes:
    """The mail, read back to check its recipient and id.

    Raises `DeliveryError` if they are wrong, or a part cannot be in a mail.
    """
    packed = build_message(message)
    sender, recipient = (with_ascii_domain(address) for _, address in (message.sender, message.recipient))
    meant = Headers(sender, recipient, message.message_id)
    if read_headers(packed) != meant:
        raise DeliveryError(f"message: expected {meant}, found {read_headers(packed)}; nothing was sent.")
    return packed


def read_headers(message: bytes) -> Headers:
    """A built message's sender, recipient and id. Raises `DeliveryError` if one is missing."""
    read = Parser(policy=SMTP).parsestr(message.decode("utf-8", "surrogateescape"), headersonly=True)
    try:
        sender, recipient = (read[name].addresses[0].addr_spec for name in ("From", "To"))
    except (AttributeError, IndexError, TypeError):
        raise DeliveryError(
            "message: expected the headers From and To, found none; build it again."
        ) from None
    return Headers(sender, recipient, str(read["Message-ID"]).strip())


def _body(parts: Message) -> bytes:
    """The parts with the headers that describe them; in seven bits, which every server accepts."""
    message = EmailMessage(policy=SMTP)
    message.set_content(parts.text, cte="quoted-printable")
    message.add_alternative(parts.html, subtype="html", cte="quoted-printable")
    for attachment in parts.documents:
        kind, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    # The library would pick at random; `=_` cannot occur in an encoded part.
    seed = hashlib.sha256(parts.message_id.encode()).hexdigest()[:40]
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed}_{depth}")
    return bytes(message)


def _mailbox(name: str, address: str) -> str:
    address = with_ascii_domain(address)
    if not name:
        return address
    text = _text(name, _PLAIN_NAME)
    gap = " " if len(text) + len(address) < _PLAIN_LENGTH else "\r\n "
    return f"{text}{gap}<{address}>"


def _text(value: str, plain: re.Pattern[str]) -> str:
    """A header's text: unchanged if it is simple, otherwise as encoded words (RFC 2047), one per line."""
    if len(value) <= _PLAIN_LENGTH and plain.fullmatch(value) and "=?" not in value:
        return value
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(value))


def _pieces(value: str) -> Iterator[bytes]:
    """The text's UTF-8 in pieces that fit an encoded word and end between characters."""
    piece = b""
    for character in value:
        encoded = character.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += encoded
    if piece:
        yield piece


def _check(parts: Message) -> None:
    _refuse_unprintable("subject", parts.subject)
    for name, address in filter(None, (parts.sender, parts.recipient, parts.reply_to)):
        _refuse_unprintable("name", name)
        _refuse_unlike("address", address, _ADDRESS, "a plain mail address such as name@company.example")
        _refuse_unknown_domain(address)
    _refuse_unlike("message id", parts.message_id, _MESSAGE_ID, "words between < and @ and >")
    for attachment in parts.documents:
        expected = "letters, digits, dots, hyphens and underscores"
        _refuse_unlike("file name", attachment.name, _FILE_NAME, expected)
    if _SURROGATE.search(parts.text + parts.html):
        raise _refusal("text", "Unicode text", "half a character (a lone surrogate)")
    if parts.sent_on.tzinfo is None:
        raise _refusal("date", "a time with its zone", str(parts.sent_on))


def _refuse_unprintable(what: str, value: str) -> None:
    """Line breaks end a header; other controls and lone surrogates cannot be written in one."""
    if len(value) > _LONGEST[what]:
        raise _refusal(what, f"at most {_LONGEST[what]} characters", f"{len(value)}: {value}")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise _refusal(what, "text on one line, without control characters", value)


def _refuse_unlike(what: str, value: str, pattern: re.Pattern[str], expected: str) -> None:
    if len(value) > _LONGEST[what] or not pattern.fullmatch(value):
        raise _refusal(what, f"{expected}, at most {_LONGEST[what]} characters", value)


def _refuse_unknown_domain(address: str) -> None:
    try:
        with_ascii_domain(address)
    except ValueError as error:
        raise _refusal("address", str(error), address) from None


def _refusal(what: str, expected: str, found: str) -> DeliveryError:
    return DeliveryError(f"mail, {what}: expected {expected}, found {found[:80]!a}; correct it in config/.")
