"""A mail that is too large for a server, made again without the documents that make it so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from delivery.message import Attachment, Message

Lighten = Callable[[Collection[str]], Message]
"""Makes a message again without the documents of these names, in words that say so."""

_LINE, _ROOM = 76, 2048
"""What a line of base64 holds, and the bytes that are kept free for the words about what is left out."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message and its bytes as they go out."""

    message: Message
    packed: bytes


def lightened(parcel: Parcel, most: int, lighten: Lighten, pack: Callable[[Message], bytes]) -> Parcel | None:
    """The parcel with as many documents as fit into `most` bytes, or with none where that is not known (0).

    None where not even the words alone fit, or there is nothing that could be left out.
    """
    documents = parcel.message.documents
    choices = (_heaviest(documents, len(parcel.packed) - most), _all(documents))
    for names in filter(None, dict.fromkeys(choices)):
        smaller = lighten(names)
        packed = pack(smaller)
        if len(packed) <= (most or len(parcel.packed)):
            return Parcel(smaller, packed)
    return None


def what_is_left_out(parcel: Parcel, whole: Parcel, most: int) -> str:
    """What a mail went out without, and why, for whoever asks the ledger."""
    limit = f"the server accepts {most} bytes" if most else "the server refused it for its size"
    names = ", ".join(parcel.message.left_out)
    return f"sent without {names}: {limit} and the whole mail has {len(whole.packed)}."


def _all(documents: Sequence[Attachment]) -> frozenset[str]:
    return frozenset(document.name for document in documents)


def _heaviest(documents: Sequence[Attachment], excess: int) -> frozenset[str]:
    """The fewest documents without which a mail is smaller by so many bytes."""
    left_out = set()
    for document in sorted(documents, key=_weight, reverse=True):
        if excess + _ROOM > 0:
            left_out.add(document.name)
            excess -= _weight(document)
    return frozenset(left_out)


def _weight(document: Attachment) -> int:
    """Its bytes in a mail: base64, in lines that end with CR LF."""
    encoded = -(-len(document.content) // 3) * 4
    return encoded + -(-encoded // _LINE) * 2
