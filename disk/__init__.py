"""Atomic, durable writes to disk, or to an object store where the place is in one."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from disk.errors import StorageError
from disk.objects import ObjectPath, read_all
from disk.rights import make_folder, settle
from killpoints import reach

Place: TypeAlias = Path | ObjectPath
"""A file or folder of this machine, or a place in an object store."""


def ordinary_bytes(path: Path) -> bytes:
    """The content of a file; raises `OSError`, also for a pipe, a socket or a device, which may never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "a pipe, a socket or a device", str(path))
    return path.read_bytes()


def write_atomically(path: Place, content: bytes, *, replace: bool = True) -> None:
    """Write a file atomically and durably: whatever is at `path` is complete.

    Its owner alone may read it, or also the group of `disk.rights`. With `replace=False` raises
    `FileExistsError` where somebody else was there first. Raises `StorageError` where the disk is full,
    read-only or broken. An object store writes a whole object or none by itself.
    """
    if isinstance(path, ObjectPath):
        path.write(content, replace=replace)
    else:
        _write_file(path, content, replace=replace)


def _write_file(path: Path, content: bytes, *, replace: bool) -> None:
    with stored(path):
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with stored(path):
            _write_durably(handle, content)
        with stored(path, but=FileExistsError):
            if replace:
                part.replace(path)
            else:
                os.link(part, path)
        reach("file.named")
    finally:
        # a draft that cannot be cleared away is read by nobody, and must not hide what went wrong before
        with suppress(OSError):
            part.unlink()
    with stored(path):
        sync_folder(path.parent)


@contextmanager
def stored(path: Place, but: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Raise disk errors as a `StorageError` that names `path`; `but` passes through."""
    try:
        yield
    except but:
        raise
    except OSError as error:
        raise StorageError(path, error.strerror or type(error).__name__) from None


def remove(path: Place) -> None:
    """Remove a file, which may be gone already; raises `StorageError` where that cannot be done."""
    with stored(path):
        path.unlink(missing_ok=True)


def modified(path: Place) -> datetime:
    """When a file was last written (UTC)."""
    if isinstance(path, ObjectPath):
        return path.modified()
    with stored(path):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def files_below(folder: Place) -> Sequence[Place]:
    """The files in a folder and its folders, in order; hidden ones are drafts, which nothing reads."""
    if isinstance(folder, ObjectPath):
        return folder.below()
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def matching(folder: Place, pattern: str) -> list[Place]:
    """What fits a pattern in a folder, in order."""
    return [*folder.glob(pattern)] if isinstance(folder, ObjectPath) else [*sorted(folder.glob(pattern))]


def contents_of(paths: Sequence[Place]) -> Iterator[bytes]:
    """What is in each file, in their order; a store is asked for many at a time."""
    objects = [path for path in paths if isinstance(path, ObjectPath)]
    return read_all(objects) if objects else map(_content, paths)


def _content(path: Place) -> bytes:
    with stored(path):
        return path.read_bytes()


def _write_durably(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        reach("file.opened")
        file.write(content)
        file.flush()
        reach("file.written")
        settle(file.fileno())
        os.fsync(file.fileno())
    reach("file.synced")


def sync_folder(folder: Path) -> None:
    """Make a new name in the folder itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
