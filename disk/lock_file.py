"""A lock file: held by one process, released by the operating system however that process ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disk.errors import BusyError
from disk.rights import hand_over

_POLL_SECONDS = 0.05


@contextmanager
def alone(lock: Path, what: str, patience_seconds: float) -> Iterator[None]:
    """Hold the file `lock`, which guards `what`.

    Raises `BusyError`, naming the process that holds it, if it is not free in time.
    """
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        hand_over(lock)
        _acquire(handle, what, patience_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, what: str, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _busy(handle, what, patience_seconds) from None
        time.sleep(_POLL_SECONDS)


def _busy(handle: int, what: str, patience_seconds: float) -> BusyError:
    holder = os.pread(handle, 20, 0).decode() or "unknown"
    return BusyError(
        f"{what}: expected it free within {patience_seconds:g} s, found it held by "
        f"process {holder}; wait for that run to end and try again."
    )
