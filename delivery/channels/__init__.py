"""The ways out, named by an address: `file:` a folder, `smtp://` and `smtps://` a mail server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from delivery.channels.base import Channel, Envelope, NotSentError, UnknownOutcomeError
from delivery.channels.folder import FolderChannel
from delivery.channels.smtp import SmtpChannel, smtp_settings
from scoring.errors import UsageError

__all__ = ["Channel", "Envelope", "NotSentError", "UnknownOutcomeError", "channel_from_url"]


def channel_from_url(url: str, outbox: Path) -> Channel:
    """The channel of an address; `outbox` is the folder of a plain `file:`.

    - `file:` or `file:/some/folder`
    - `smtp://user:password@host:port?tls=offered|required|never`, `smtps://` for TLS from the start;
      characters that an address cannot hold are written as %XX.

    Raises `UsageError`, which never repeats the address: it may hold a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refusal("nothing known") from None
    if parts.scheme in ("smtp", "smtps"):
        return SmtpChannel(smtp_settings(parts))
    folder = unquote(parts.path)
    is_folder = parts.scheme == "file" and not (parts.netloc or parts.query or parts.fragment)
    if is_folder and (not folder or folder.startswith("/")):
        return FolderChannel(Path(folder) if folder else outbox)
    raise _refusal(parts.scheme or "nothing known")


def _refusal(scheme: str) -> UsageError:
    return UsageError(
        f"delivery address: expected file:, file:/some/folder, smtp://host or smtps://host, "
        f"found one that begins with {scheme}; correct SCOREWRIGHT_DELIVERY."
    )
