"""Who may read what is written: its owner alone, or also one group; never more than the umask lets."""

from __future__ import annotations

import grp
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scoring.errors import UsageError

_lock = threading.RLock()


class _Shared:
    """What one process has settled: the group that reads along, and how many have the umask narrowed."""

    group: int | None = None
    narrowed = 0
    umask = 0


def share_with(group: str | None) -> None:
    """From now on this process's files are readable by `group`, too; None means by nobody else.

    Raises `UsageError` for a group that the machine does not know, or whose member the user is not.
    """
    _Shared.group = None if group is None else _number_of(group)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing; what is there stays as it is. Raises `OSError`."""
    if folder.is_dir():
        return
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        settle(path)
    # for what is there and no folder
    folder.mkdir(exist_ok=True)


def settle(place: Path | int) -> None:
    """Give a file or folder that was just made (a path, or an open file's number) its rights."""
    is_folder = stat.S_ISDIR(os.stat(place).st_mode)
    mode = 0o700 if is_folder else 0o600
    if _Shared.group is not None:
        # first whose it is: until then a wider mode would be for another group
        os.chown(place, -1, _Shared.group)
        mode |= 0o050 if is_folder else 0o040
    os.chmod(place, mode & ~_umask())


def opened(path: Path) -> BinaryIO:
    """A file to be written from its start, with its rights from its first moment. Raises `OSError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    settle(handle)
    return os.fdopen(handle, "wb")


@contextmanager
def narrowed() -> Iterator[None]:
    """What others make within the block, such as a database's own files, nobody outside may read."""
    allowed = 0o077 if _Shared.group is None else 0o027
    with _lock:
        if not _Shared.narrowed:
            _Shared.umask = os.umask(0o077)
            os.umask(_Shared.umask | allowed)
        _Shared.narrowed += 1
    try:
        yield
    finally:
        with _lock:
            _Shared.narrowed -= 1
            if not _Shared.narrowed:
                os.umask(_Shared.umask)


def hand_over(*paths: Path) -> None:
    """Let the group read files that another library has made; where there is no group, nothing is done."""
    if _Shared.group is None:
        return
    for path in paths:
        if path.exists() and _is_kept_from_the_group(path.stat()):
            settle(path)


def _is_kept_from_the_group(found: os.stat_result) -> bool:
    """Whether it is ours to give and not given yet."""
    is_given = found.st_gid == _Shared.group and found.st_mode & 0o040
    return found.st_uid == os.geteuid() and not is_given


def _number_of(group: str) -> int:
    try:
        number = grp.getgrnam(group).gr_gid
    except KeyError:
        number = None
    if number is None or not _may_give_to(number):
        raise UsageError(
            f"SCOREWRIGHT_FILE_GROUP: expected a group of this machine that the user belongs to, "
            f"found {group!r}; name another or unset it."
        )
    return number


def _may_give_to(group: int) -> bool:
    """Nobody may give a file to a group but its members, and root."""
    return os.geteuid() == 0 or group in {os.getegid(), *os.getgroups()}


def _umask() -> int:
    """The umask of the process, without what `narrowed` adds."""
    with _lock:
        if _Shared.narrowed:
            return _Shared.umask
        now = os.umask(0o077)
        os.umask(now)
        return now
