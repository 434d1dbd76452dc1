"""The channels, named by an address: `file:` a folder, `smtp://` and `smtps://` a mail server, or a chat.

The address of a chat is only its word, such as `dingtalk:`: each group has a webhook of its own, by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.parse import SplitResult, unquote, urlsplit

from delivery.channels.base import (
    Channel,
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    TooLargeError,
    UnknownOutcomeError,
    envelope_for,
)
from delivery.channels.chat import PLATFORMS, ChatChannel, chat_channel
from delivery.channels.folder import FolderChannel
from delivery.channels.object_store import StoreChannel
from delivery.channels.smtp import SmtpChannel, smtp_settings
from disk import Place
from disk.objects import ObjectPath
from ledger import Recipient
from scoring.errors import UsageError

__all__ = [
    "Channel",
    "Envelope",
    "NotSentError",
    "RefusedForGoodError",
    "RefusedMailError",
    "TooLargeError",
    "UnknownOutcomeError",
    "channel_from_url",
    "channels_from_urls",
    "envelope_for",
    "ready_channels",
    "refuse_strangers",
    "with_mail_by",
]


Opener = Callable[[SplitResult, Place], Channel]
"""Builds a channel from the parts of its address; the folder is that of a plain `file:`."""


_NONE: Mapping[str, str] = MappingProxyType({})


def channels_from_urls(
    urls: str, outbox: Place, connections: Mapping[str, str] = _NONE
) -> tuple[Channel, ...]:
    """The channels of addresses separated by spaces, one of each kind. Raises `UsageError`.

    `connections` are the webhooks of groups, by the names of the groups.
    """
    channels = tuple(channel_from_url(url, outbox, connections) for url in urls.split())
    kinds = [channel.kind for channel in channels]
    if not kinds or len(set(kinds)) < len(kinds):
        raise UsageError(
            f"delivery address: expected one address for each kind of channel, found "
            f"{', '.join(kinds) or 'none'}; correct SCOREWRIGHT_DELIVERY."
        )
    return channels


def ready_channels(
    channels: Sequence[Channel], *, groups: Iterable[Recipient], allowed: Collection[str] | None
) -> tuple[Channel, ...]:
    """The channels, if the book allows each, and has a webhook that can be right for each of its groups.

    `groups` are those of the book, `allowed` the kinds that it allows, None for all. Raises `UsageError` with
    a line for each fault.
    """
    faults = [*_not_allowed(channels, allowed), *_unready(channels, groups)]
    if faults:
        raise UsageError("\n".join(dict.fromkeys(faults)))
    return tuple(channels)


def _not_allowed(channels: Iterable[Channel], allowed: Collection[str] | None) -> Iterator[str]:
    for channel in channels:
        if allowed is not None and channel.kind not in allowed:
            yield (
                f"SCOREWRIGHT_DELIVERY: expected only channels that organisation.yaml allows "
                f"({', '.join(allowed)}), found {channel.kind}; take it out, or allow it."
            )


def _unready(channels: Iterable[Channel], groups: Iterable[Recipient]) -> Iterator[str]:
    chats = {channel.kind: channel for channel in channels if isinstance(channel, ChatChannel)}
    for group in groups:
        if group.channel in chats:
            yield from _fault_of(chats[group.channel], group)


def _fault_of(chat: ChatChannel, group: Recipient) -> Iterator[str]:
    try:
        chat.webhook(group.address)
    except UsageError as error:
        yield str(error)


def refuse_strangers(recipients: Iterable[Recipient], is_allowed: Callable[[Recipient], bool]) -> None:
    """Raise `RefusedForGoodError` for a recipient that was waited for before the book forbade it."""
    for recipient in recipients:
        if not is_allowed(recipient):
            raise RefusedForGoodError(
                f"{recipient}: expected a recipient that organisation.yaml allows, found another; allow it, "
                "or give it up (`scorewright settle`) and run again."
            )


def with_mail_by(address: str, urls: str) -> str:
    """The addresses with that one for mail, and without any other for mail."""
    others = [url for url in urls.split() if url.partition(":")[0] in PLATFORMS]
    return " ".join([address, *others])


def channel_from_url(url: str, outbox: Place, connections: Mapping[str, str] = _NONE) -> Channel:
    """The channel of an address; `outbox` is the folder of a plain `file:`.

    - `file:` or `file:/some/folder`
    - `smtp://user:password@host:port?tls=offered|required|never`, `smtps://` for TLS from the start;
      characters that an address cannot hold are written as %XX.
    - `wecom:`, `feishu:`, `dingtalk:`, `slack:`, `teams:`; the webhooks are `connections`.

    Raises `UsageError`, which never repeats the address: it may hold a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refusal("nothing known") from None
    if parts.scheme in PLATFORMS:
        return _chat(url, parts.scheme, connections)
    if parts.scheme not in OPENERS:
        # without `//` it may be a piece of a password that has a space and a colon
        raise _refusal(parts.scheme if "://" in url and parts.scheme else "nothing known")
    return OPENERS[parts.scheme](parts, outbox)


def _chat(url: str, kind: str, connections: Mapping[str, str]) -> Channel:
    if url != f"{kind}:":
        raise UsageError(
            f"delivery address: expected only `{kind}:`, found more; the webhook of each group goes into a "
            "variable of its own, SCOREWRIGHT_CONNECTION_ with the group's name."
        )
    return chat_channel(kind, connections)


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
"""By the scheme of the address. A new channel is a module and an entry here; chats have their own table."""


def _refusal(scheme: str) -> UsageError:
    chats = ", ".join(f"{kind}:" for kind in PLATFORMS)
    return UsageError(
        f"delivery address: expected file:, file:/some/folder, smtp://host, smtps://host or one of {chats}, "
        f"found one that begins with {scheme}; correct SCOREWRIGHT_DELIVERY."
    )
