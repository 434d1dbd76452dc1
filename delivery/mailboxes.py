"""The messages of a mailbox, read and left as they are: a Maildir, an mbox, files, or a server's folder."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from delivery.returned import LONGEST
from scoring.errors import UsageError

Found = tuple[str, bytes]
"""Where a message lies, and its bytes: of a long one the first million."""

_LOOKED_BACK = timedelta(days=60)
_SECONDS = 30.0
_PORT = 993


def messages_in(place: str, now: datetime) -> Iterator[Found]:
    """The messages of a place: a folder (a Maildir or `.eml` files), a file (an mbox or one `.eml`), or
    `imaps://user:password@host/folder`, of which those of the last 60 days are read.

    Raises `UsageError`, which never repeats an address: it may hold a password.
    """
    is_server = "://" in place
    name = "the mail server" if is_server else place
    try:
        yield from _of_server(_server(place), now) if is_server else _of_path(Path(place))
    except (OSError, mailbox.Error, imaplib.IMAP4.error) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(
            f"bounces: expected a mailbox that can be read, found {name}: {reason}; correct MAILBOX or "
            "SCOREWRIGHT_BOUNCES, or look again later."
        ) from None


def _of_path(path: Path) -> Iterator[Found]:
    if path.is_dir():
        return _of_files(_listed(path))
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    return _of_mbox(path) if is_mbox else _of_files([path])


def _listed(folder: Path) -> list[Path]:
    """The messages of a folder; names that begin with a dot are of the program that keeps it."""
    return sorted(filter(_is_message, chain.from_iterable(map(folder.glob, ("cur/*", "new/*", "*.eml")))))


def _is_message(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _of_files(paths: Iterable[Path]) -> Iterator[Found]:
    for path in paths:
        # a mail program may move it meanwhile: it is read the next time
        with suppress(FileNotFoundError), path.open("rb") as file:
            yield str(path), file.read(LONGEST)


def _of_mbox(path: Path) -> Iterator[Found]:
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            yield f"{path}, message {number}", box.get_bytes(key)[:LONGEST]
    finally:
        box.close()


def _server(place: str) -> SplitResult:
    """The parts of the address; raises `UsageError`."""
    with suppress(ValueError):
        parts = urlsplit(place)
        if parts.scheme == "imaps" and parts.hostname and parts.username and parts.port != 0:
            return parts
    raise UsageError(
        "bounces: expected a folder, a file or imaps://user:password@host/folder, found another; write "
        "special characters of the password as %XX in SCOREWRIGHT_BOUNCES."
    )


def _of_server(parts: SplitResult, now: datetime) -> Iterator[Found]:
    folder = unquote(parts.path.strip("/")) or "INBOX"
    context = ssl.create_default_context()
    with imaplib.IMAP4_SSL(
        str(parts.hostname), parts.port or _PORT, ssl_context=context, timeout=_SECONDS
    ) as server:
        server.login(unquote(str(parts.username)), unquote(parts.password or ""))
        _yes(server.select(_quoted(folder), readonly=True))
        since = (now - _LOOKED_BACK).strftime("%d-%b-%Y")
        for number in _yes(server.search(None, "SINCE", since))[0].decode().split():
            # of PEEK nothing is marked as read
            answer = _yes(server.fetch(number, f"(BODY.PEEK[]<0.{LONGEST}>)"))
            yield f"{parts.hostname}/{folder}, message {number}", _content(answer)


def _content(answer: list[Any]) -> bytes:
    """The message in an answer; nothing where it is gone by now."""
    return b"".join(piece[1] for piece in answer if isinstance(piece, tuple))


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _yes(answer: tuple[str, list[Any]]) -> list[Any]:
    """What a server answered; raises `imaplib.IMAP4.error` where it said no."""
    kind, content = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return content
