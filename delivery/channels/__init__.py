"""The channels, named by an address: `file:` a folder, `smtp://` and `smtps://` a mail server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from delivery.channels.base import (
    Channel,
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    UnknownOutcomeError,
)
from delivery.channels.folder import FolderChannel
from delivery.channels.object_store import StoreChannel
from delivery.channels.smtp import SmtpChannel, smtp_settings
from disk import Place
from disk.objects import ObjectPath
from scoring.errors import UsageError

__all__ = [
    "Channel",
    "Envelope",
    "NotSentError",
    "RefusedForGoodError",
    "RefusedMailError",
    "UnknownOutcomeError",
    "channel_from_url",
    "channels_from_urls",
]


Opener = Callable[[SplitResult, Place], Channel]
"""Builds a channel from the parts of its address; the folder is that of a plain `file:`."""


def channels_from_urls(urls: str, outbox: Place) -> tuple[Channel, ...]:
    """The channels of addresses separated by spaces, one of each kind. Raises `UsageError`."""
    channels = tuple(channel_from_url(url, outbox) for url in urls.split())
    kinds = [channel.kind for channel in channels]
    if not kinds or len(set(kinds)) < len(kinds):
        raise UsageError(
            f"delivery address: expected one address for each kind of channel, found "
            f"{', '.join(kinds) or 'none'}; correct SCOREWRIGHT_DELIVERY."
        )
    return channels


def channel_from_url(url: str, outbox: Place) -> Channel:
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
    if parts.scheme not in OPENERS:
        # without `//` it may be a piece of a password that has a space and a colon
        raise _refusal(parts.scheme if "://" in url and parts.scheme else "nothing known")
    return OPENERS[parts.scheme](parts, outbox)


def _folder(parts: SplitResult, outbox: Place) -> Channel:
    folder = unquote(parts.path)
    if parts.netloc or parts.query or parts.fragment or (folder and not folder.startswith("/")):
        raise _refusal(parts.scheme)
    return outbox_at(Path(folder) if folder else outbox)


def outbox_at(place: Place) -> FolderChannel | StoreChannel:
    """The channel that keeps mails as files in a folder, or in a place of an object store."""
    return StoreChannel(place) if isinstance(place, ObjectPath) else FolderChannel(place)


def _smtp(parts: SplitResult, _: Place) -> Channel:
    return SmtpChannel(smtp_settings(parts))


OPENERS: dict[str, Opener] = {"file": _folder, "smtp": _smtp, "smtps": _smtp}
"""By the scheme of the address. A new channel is one module and one entry here."""


def _refusal(scheme: str) -> UsageError:
    return UsageError(
        f"delivery address: expected file:, file:/some/folder, smtp://host or smtps://host, "
        f"found one that begins with {scheme}; correct SCOREWRIGHT_DELIVERY."
    )
