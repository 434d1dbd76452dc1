"""Atomic, durable writes to disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from disk.errors import StorageError
from disk.rights import make_folder, settle
from killpoints import reach


def write_atomically(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a file atomically and durably: whatever is at `path` is complete.

    Its owner alone may read it, or also the group of `disk.rights`. With `replace=False` raises
    `FileExistsError` where somebody else was there first. Raises `StorageError` where the disk is full,
    read-only or broken.
    """
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
def stored(path: Path, but: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Raise disk errors as a `StorageError` that names `path`; `but` passes through."""
    try:
        yield
    except but:
        raise
    except OSError as error:
        raise StorageError(path, error.strerror or type(error).__name__) from None


def files_below(folder: Path) -> list[Path]:
    """The files in a folder and its folders, in order; hidden ones are drafts, which nothing reads."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


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
