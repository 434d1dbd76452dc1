"""What a mail server writes back about a mail: that it came to nothing, or that it takes longer.

Read are delivery status notifications (RFC 3464, 6533) and the plain letters of Exim, qmail and old Exchange
as far as the Message-ID of the returned mail stands in them. Nothing here is believed of whom it is from: a
notice counts for the mail whose Message-ID it has and whose recipient it names.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from enum import StrEnum
from quopri import decodestring

from scoring.addresses import one_spelling

LONGEST = 1_000_000
"""So many bytes of a message are read: what it says of a mail stands before the documents that come back."""

_SAID = 150
_COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_REPLY = re.compile(r"(?m)^.*\b[45]\d\d[ -].*$")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+")
_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_ID_LINE = re.compile(r"(?im)^[> \t]*message-id:\s*<[^<>\s]+>")
_COPY = re.compile(
    r"(?im)^[> \t]*(?:message-id|received|return-path):|^-{2,} ?(?:this is|below this line)|\Z"
)
_SERVER = re.compile(
    r"(?im)^return-path: *<> *$|^x-failed-recipients: .*@|"
    r"^from: .*(?:mailer-daemon|postmaster|mail delivery|microsoftexchange)"
)
_DELAYED = re.compile(
    r"(?i)not (?:yet )?been delivered|delivery (?:has been |is |was )?delayed|attempts will continue|"
    r"will (?:continue|keep) (?:to )?(?:be )?(?:try|retr)|still (?:being )?tr(?:ied|ying)|warning: message"
)
_FAILED = re.compile(
    r"(?i)could(?: not|n't) be delivered|permanent|undeliver|delivery (?:\w+ )?failed|has failed to|"
    r"did not reach|able to deliver|returned to sender|giv(?:en|ing) up|退信|无法投递|nicht zugestellt"
)


class Verdict(StrEnum):
    """What became of the mail, as the server says it."""

    FAILED = "came back"
    DELAYED = "takes longer"
    OTHER = "is not said to have failed"


_ACTIONS = {"failed": Verdict.FAILED, "delayed": Verdict.DELAYED}
"""Of RFC 3464; the others say that a mail went its way."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a server wrote back: of which mails, to which addresses (in one spelling), what became of them.

    `status` is the code of RFC 3463, empty where there is none; `said` is one line of the server's own words,
    which nobody vouches for. `sha256` is the same of each copy of one notice.
    """

    message_ids: tuple[str, ...]
    recipients: frozenset[str]
    verdict: Verdict
    status: str
    said: str
    sha256: str


def read_returned(content: bytes) -> Returned | None:
    """What a message says of mails that it returns; None where it is no notice of a mail server."""
    try:
        message = BytesParser(policy=compat32).parsebytes(content[:LONGEST])
        parts = [*message.walk()]
    except RecursionError:
        # parts within parts without end: nothing that a mail server writes
        return None
    sha256 = hashlib.sha256(_identity(message, content)).hexdigest()
    for report in _of_types(parts, _REPORTS):
        return _of_report(message, _copies(parts), report, sha256)
    return _of_letter(message, parts, sha256) if _is_of_a_server(message) else None


def _identity(message: Message, content: bytes) -> bytes:
    """What two copies of a notice have in common and two notices have not: its own id, or else its lines."""
    return _field(message, "Message-ID").encode() or b"\n".join(content.split())


def _of_report(message: Message, copies: list[Message], report: Message, sha256: str) -> Returned:
    verdict, told = _told(_blocks(report))
    named = _said(copies, "To"), _said(told, "Final-Recipient"), _said(told, "Original-Recipient")
    return Returned(
        message_ids=_ids(_said(copies, "Message-ID")),
        recipients=_addresses(" ".join(named)),
        verdict=verdict,
        status=_first(_STATUS, _said(told, "Status")),
        said=_line(_said(told, "Diagnostic-Code")),
        sha256=sha256,
    )


def _of_letter(message: Message, parts: list[Message], sha256: str) -> Returned:
    text = "\n".join(map(_text, parts))
    # the words of the returned copy are not the server's
    head = text[: _start(_COPY, text)]
    return Returned(
        message_ids=_ids(" ".join([*_ID_LINE.findall(text), _said(_copies(parts), "Message-ID")])),
        recipients=_addresses(f"{_field(message, 'X-Failed-Recipients')} {head}"),
        verdict=_verdict(f"{_field(message, 'Subject')}\n{head}"),
        status=_first(_STATUS, head),
        said=_line(_first(_REPLY, head)),
        sha256=sha256,
    )


def _told(blocks: list[Message]) -> tuple[Verdict, list[Message]]:
    """What is said of the recipients, and where: one failure among them outweighs the rest."""
    for action, verdict in _ACTIONS.items():
        found = [block for block in blocks if _field(block, "Action").lower() == action]
        if found:
            return verdict, found
    return Verdict.OTHER, blocks


def _verdict(words: str) -> Verdict:
    if _DELAYED.search(words):
        return Verdict.DELAYED
    return Verdict.FAILED if _FAILED.search(words) else Verdict.OTHER


def _is_of_a_server(message: Message) -> bool:
    """Whether it claims to be: from nobody, from such a name, or with the header that Exim writes."""
    return (
        _SERVER.search("\n".join(f"{name}: {_line(str(value))}" for name, value in message.items()))
        is not None
    )


def _blocks(report: Message) -> list[Message]:
    """The groups of fields of a report: its own, of the message, then of each recipient."""
    groups = re.split(r"\n\s*\n", _unpacked(report) or report.as_bytes().decode("utf-8", "replace"))
    return [_headers(text) for text in groups]


def _copies(parts: list[Message]) -> list[Message]:
    """The headers of the mails that come back, whole or by themselves."""
    return [_headers(_inside(part)) for part in _of_types(parts, _COPIES)]


def _of_types(parts: list[Message], types: tuple[str, ...]) -> list[Message]:
    return [part for part in parts if part.get_content_type() in types]


def _headers(text: str) -> Message:
    return HeaderParser(policy=compat32).parsestr(text.lstrip())


def _inside(part: Message) -> str:
    """What stands below the headers of a part."""
    return _text(part) or _unpacked(part) or part.as_bytes().partition(b"\n\n")[2].decode("utf-8", "replace")


def _unpacked(part: Message) -> str:
    """What is encoded below the headers of a part, which RFC 6533 allows; nothing where it is not encoded."""
    unpack = _UNPACK.get(_field(part, "Content-Transfer-Encoding").lower(), _nothing)
    with suppress(ValueError):
        return unpack(part.as_bytes().partition(b"\n\n")[2]).decode("utf-8", "replace")
    return ""


def _nothing(_: bytes) -> bytes:
    return b""


_UNPACK: Mapping[str, Callable[[bytes], bytes]] = {"base64": b64decode, "quoted-printable": decodestring}


def _text(part: Message) -> str:
    """The text of a part, whatever it says of its letters; none of one that has parts itself."""
    content: object = part.get_payload(decode=True)
    return _decoded(content, part.get_content_charset("utf-8")) if isinstance(content, bytes) else ""


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode("utf-8")
    except ValueError:
        with suppress(LookupError):
            return content.decode(charset, "replace")
    return content.decode("utf-8", "replace")


def _said(among: Iterable[Message], name: str) -> str:
    """All that they say under a name, one after the other."""
    return " ".join(_field(each, name) for each in among)


def _field(block: Message, name: str) -> str:
    """What the block says under a name; bytes above ASCII are UTF-8, as servers with SMTPUTF8 write them."""
    said = (value for key, value in block.raw_items() if key.lower() == name.lower())
    return str(next(said, "")).encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(text)))


def _addresses(text: str) -> frozenset[str]:
    return frozenset(one_spelling(address.strip(".'")) for address in _ADDRESS.findall(text))


def _first(pattern: re.Pattern[str], text: str) -> str:
    return next((found.group() for found in pattern.finditer(text)), "")


def _start(pattern: re.Pattern[str], text: str) -> int:
    return next(pattern.finditer(text)).start()


def _line(text: str) -> str:
    """One line of untrusted words, cut to fit a sentence."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:_SAID].rstrip(".")
