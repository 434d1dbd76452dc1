"""Mails by SMTP, in steps small enough to know after each failure whether the server has the mail."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote

from delivery.channels.base import (
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    TooLargeError,
    UnknownOutcomeError,
)
from delivery.channels.mail import pack
from delivery.message import Message
from killpoints import reach
from ledger import MAIL
from scoring.addresses import with_ascii_domain
from scoring.errors import UsageError

_DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
_TLS_WORDS = ("offered", "required", "never")
_START_BODY = 354
_FOR_GOOD_FROM, _NO_CODE_FROM = 500, 600
_FOR_GOOD = (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError)
"""Not what a server says, but just as sure to come again: its certificate, or no TLS at all."""
_TOO_LARGE = re.compile(
    r"\(55\d\b.*(5\.3\.4|5\.2\.3|(size|length) exceed|exceed.*(size|length)|message (is )?too (large|big))",
    re.IGNORECASE,
)
"""How servers say that it is the size: by a code of RFC 3463, or in the words of those that have none."""
_PATIENCE = 10
"""How many timeouts a message may take: servers scan first; a client that gives up early never learns the
outcome.
"""


_CORRECT_SENDER = "correct the sender in organisation.yaml, or let the server accept it"
_CORRECT_RECIPIENT = (
    "correct teams.yaml, give this address up or retry it (`scorewright settle`) and run again"
)
_ASK_SERVER = "ask whoever runs the mail server, and run again once it accepts the mail"
_ASK_AND_SETTLE = "ask whoever runs the mail server, retry it (`scorewright settle --again`) and run again"
_OTHER_ADDRESS = "write an address in ASCII letters into the book, or ask whoever runs the mail server"
_CORRECT_SERVER = "correct the address, user and password of the mail server, and run again"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server and how to talk to it.

    `tls` is `from_start`, `required` (by STARTTLS), `offered` (STARTTLS if the server has it) or `never`.
    `timeout` in seconds bounds each wait for the server, ten times that the message itself.
    """

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str = field(default="", repr=False)
    timeout: float = 30.0


def smtp_settings(parts: SplitResult) -> SmtpSettings:
    """Read an `smtp://` or `smtps://` address. Raises `UsageError`.

    With a password, `tls` is `required` unless the address says otherwise: the password must not go to a
    server, or to somebody in between, that does not offer TLS.
    """
    tls, timeout = _options(parts)
    host, port = _server(parts)
    return SmtpSettings(
        host=host,
        port=port,
        tls="from_start" if parts.scheme == "smtps" else tls,
        user=None if parts.username is None else unquote(parts.username),
        password=unquote(parts.password or ""),
        timeout=float(timeout),
    )


def _options(parts: SplitResult) -> tuple[str, str]:
    """`tls` and `timeout`, as they stand in the address or go without saying."""
    query = parse_qs(parts.query, keep_blank_values=True)
    unknown = query.keys() - {"tls", "timeout"}
    tls = query.get("tls", ["required" if parts.username else "offered"])[-1]
    timeout = query.get("timeout", ["30"])[-1]
    if unknown or tls not in _TLS_WORDS or not re.fullmatch(r"[1-9][0-9]?", timeout):
        raise UsageError(
            f"delivery address: expected only tls={'|'.join(_TLS_WORDS)} and timeout=<seconds up to 99> "
            f"after '?', found something else; correct SCOREWRIGHT_DELIVERY."
        )
    return tls, timeout


def _server(parts: SplitResult) -> tuple[str, int]:
    """Host and port."""
    port = _port(parts)
    if not parts.hostname or port is None or parts.path not in ("", "/") or parts.fragment:
        raise UsageError(
            "delivery address: expected smtp://user:password@host:port, found something else; "
            "write special characters of the password as %XX in SCOREWRIGHT_DELIVERY."
        )
    return parts.hostname, port


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or _DEFAULT_PORTS[parts.scheme]
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """One connection per message; it never reads more into a server's answer than it says."""

    settings: SmtpSettings

    @property
    def name(self) -> str:
        """The server as an address, without user and password."""
        return f"smtp://{self.settings.host}:{self.settings.port}"

    @property
    def kind(self) -> str:
        """Mail, whoever carries it."""
        return MAIL

    def pack(self, message: Message) -> bytes:
        """The message as a mail; raises `DeliveryError`."""
        return pack(message)

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Hand the message to the server.

        Raises `NotSentError` if the server could not take it now, or the connection broke before the end of
        the message; `RefusedForGoodError` if it will not take it later, either (codes of 500 and more, RFC
        5321, 4.2.1), as a `TooLargeError` for its size (RFC 1870) and a `RefusedMailError` where it said so
        of this very message or its recipient for another reason; and
        `UnknownOutcomeError` if the connection broke after the end, without an answer.
        """
        connection: smtplib.SMTP | None = None
        try:
            try:
                connection = self._connect()
                reach("smtp.connected")
                self._introduce(connection)
                self._address(connection, envelope, len(packed))
                reach("smtp.addressed")
                self._send_body(connection, packed)
                reach("smtp.body_sent")
            except _FOR_GOOD as error:
                raise self._refused(_reason(error), _CORRECT_SERVER) from None
            except (OSError, smtplib.SMTPException, ValueError) as error:
                raise self._failed(_code_of(error), _reason(error), _ASK_SERVER) from None
            self._end_body(connection)
        finally:
            if connection is not None:
                _part(connection)

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """A mail server cannot be asked afterwards."""
        return None

    def _connect(self) -> smtplib.SMTP:
        host, port, timeout = self.settings.host, self.settings.port, self.settings.timeout
        if self.settings.tls == "from_start":
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=timeout)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        tls = self.settings.tls
        if tls == "required" or (tls == "offered" and connection.has_extn("starttls")):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
        if self.settings.user is not None:
            self._log_in(connection, self.settings.user)

    def _log_in(self, connection: smtplib.SMTP, user: str) -> None:
        try:
            connection.login(user, self.settings.password)
        except (smtplib.SMTPResponseException, ValueError) as error:
            # The server's words may repeat what was sent, so they are left out.
            code = getattr(error, "smtp_code", None)
            found = f"user or password refused ({code or 'not ASCII'})"
            raise self._failed(code or _FOR_GOOD_FROM, found, _CORRECT_SERVER) from None

    def _address(self, connection: smtplib.SMTP, envelope: Envelope, size: int) -> None:
        limit = connection.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            found = f"the server accepts {limit} bytes and the mail has {size}"
            raise TooLargeError(self._sentence(found, _ASK_SERVER), int(limit))
        sender, recipient = with_ascii_domain(envelope.sender), with_ascii_domain(envelope.recipient)
        options = [f"SIZE={size}"] if "size" in connection.esmtp_features else []
        options += self._options_for(connection, sender, recipient)
        code, text = connection.mail(sender, options)
        if not _is_yes(code):
            raise self._failed(code, f"sender refused ({_answer(code, text)})", _CORRECT_SENDER)
        code, text = connection.rcpt(recipient)
        if not _is_yes(code):
            raise self._declined(code, f"recipient refused ({_answer(code, text)})", _CORRECT_RECIPIENT)

    def _options_for(self, connection: smtplib.SMTP, *addresses: str) -> list[str]:
        """What the server is asked for where an address has letters that are not ASCII (RFC 6531)."""
        beyond = [address for address in addresses if not address.isascii()]
        if beyond and not connection.has_extn("smtputf8"):
            found = f"{beyond[0]} has letters that are not ASCII, and the server does not offer SMTPUTF8"
            raise self._refused(found, _OTHER_ADDRESS)
        return ["SMTPUTF8", "BODY=8BITMIME"] if beyond else []

    def _send_body(self, connection: smtplib.SMTP, message: bytes) -> None:
        """All but the closing dot: until that is sent, the server must not treat the mail as complete."""
        code, text = connection.docmd("DATA")
        if code != _START_BODY:
            raise self._declined(code, f"message refused ({_answer(code, text)})", _ASK_AND_SETTLE)
        if connection.sock is not None:
            connection.sock.settimeout(self.settings.timeout * _PATIENCE)
        connection.send(_body_lines(message))

    def _end_body(self, connection: smtplib.SMTP) -> None:
        try:
            connection.send(b".\r\n")
            reach("smtp.ended")
            code, text = connection.getreply()
            reach("smtp.answered")
        except (OSError, smtplib.SMTPException) as error:
            raise self._unknown(_reason(error)) from None
        if 400 <= code < _NO_CODE_FROM:
            raise self._declined(code, f"message refused ({_answer(code, text)})", _ASK_AND_SETTLE)
        if not _is_yes(code):
            raise self._unknown(_answer(code, text))

    def _failed(self, code: int, found: str, step: str) -> NotSentError:
        """What the code says: to be tried again, or that `step` is needed first."""
        if _is_for_good(code):
            return self._refused(found, step)
        return NotSentError(self._sentence(found, "run again later"))

    def _declined(self, code: int, found: str, step: str) -> NotSentError:
        """The same where it was said of this very message or its recipient."""
        if _is_for_good(code) and not _TOO_LARGE.search(found):
            return RefusedMailError(self._sentence(found, step))
        return self._failed(code, found, step)

    def _refused(self, found: str, step: str) -> RefusedForGoodError:
        if _TOO_LARGE.search(found):
            return TooLargeError(self._sentence(found, _ASK_SERVER), 0)
        return RefusedForGoodError(self._sentence(found, step))

    def _sentence(self, found: str, step: str) -> str:
        return f"{self.name}: expected the server to accept the mail, found: {found}; {step}."

    def _unknown(self, found: str) -> UnknownOutcomeError:
        return UnknownOutcomeError(
            f"{self.name}: expected an answer to the whole mail, found: {found}; "
            f"ask the recipient whether it arrived."
        )


def _body_lines(message: bytes) -> bytes:
    """The message as SMTP wants it: lines end with CR LF and none begins with a single dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return _one_line(str(error)) or type(error).__name__


def _code_of(error: Exception) -> int:
    """The code that the server said, 0 where it said none: the connection broke, or never came about."""
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _is_for_good(code: int) -> bool:
    return _FOR_GOOD_FROM <= code < _NO_CODE_FROM


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {_one_line(words)}".strip()


def _one_line(text: str) -> str:
    """A server's words cut to fit a sentence; they are untrusted."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:150].rstrip(".")


def _part(connection: smtplib.SMTP) -> None:
    """Say goodbye without waiting for the answer: until we return, the mail is not marked as sent."""
    with suppress(OSError, smtplib.SMTPException):
        connection.putcmd("QUIT")
    connection.close()
