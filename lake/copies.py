"""The files of a lake at hand on this machine, each compared with the hash that it is named by.

A file never changes, so each process reads one of a folder for that once, and fetches one of a store once.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from disk import Place, stored
from disk.objects import ObjectPath, copy_all
from lake.files import REBUILD
from scoring.errors import DataError

MOST_BYTES = 4 * 2**30
"""How much is kept for other questions; those of the present one are all there, however many they are."""


def at_hand(places: Sequence[Place]) -> list[Path]:
    """The files on this machine; those of a store are fetched, many at a time, unless they were before.

    Raises `DataError` for one that is missing or has other bytes than its name says, `StorageError` where the
    disk or the store does not answer.
    """
    objects = [place for place in places if isinstance(place, ObjectPath)]
    _make_room_for(objects)
    _fetch([place for place in objects if not _copy_of(place).exists()])
    found = [_copy_of(place) if isinstance(place, ObjectPath) else place for place in places]
    for path, place in zip(found, places, strict=True):
        _refuse_other_bytes(path, place)
    return found


def folder() -> Path:
    """Where the copies are; it goes when the process ends."""
    return Path(_made().name)


def _fetch(places: Sequence[ObjectPath]) -> None:
    parts = {place: _copy_of(place).with_suffix(".part") for place in places}
    try:
        if parts:
            copy_all(parts)
    except FileNotFoundError:
        raise damaged(next(place for place in places if not place.exists()), "none") from None
    for place, part in parts.items():
        _refuse_other_bytes(part, place)
        part.rename(_copy_of(place))


def _refuse_other_bytes(path: Path, place: Place) -> None:
    with stored(place):
        state = path.stat()
        if _sha256(path, (state.st_ino, state.st_size, state.st_mtime_ns)) != place.stem:
            raise damaged(place, "others")


@cache
def _sha256(path: Path, state: tuple[int, ...]) -> str:
    """The hash of a file as long as it is in that state."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(place: Place, found: str) -> DataError:
    """A file of a lake is not what its name says."""
    return DataError(f"lake {place}: expected the bytes that it is named by, found {found}; {REBUILD}")


def _make_room_for(places: Iterable[ObjectPath]) -> None:
    """Remove copies that the question does not need where there are too many."""
    sizes = {path: path.stat().st_size for path in folder().iterdir()}
    if sum(sizes.values()) > MOST_BYTES:
        for path in sizes.keys() - set(map(_copy_of, places)):
            path.unlink()


def _copy_of(place: ObjectPath) -> Path:
    return folder() / place.name


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="scorewright-lake-")
