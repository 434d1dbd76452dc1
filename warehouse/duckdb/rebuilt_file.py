"""A database file rebuilt beside the old one, which it then replaces by a rename."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disk import sync_folder
from disk.lock_file import alone
from disk.rights import make_folder
from scoring.errors import UsageError
from warehouse.duckdb.database_file import log_of

ASIDE, KEPT = ".rebuilding", ".replaced"


@contextmanager
def rebuilt_file(path: Path, patience_seconds: float, *, replace: bool) -> Iterator[Path]:
    """A free path for a database file, which becomes the file `path` when the block ends well.

    Nobody else uses `path` meanwhile, and it is never opened: it may be damaged. With `replace` the old file
    is kept beside it under `.replaced`; without, an existing file raises `UsageError`.
    """
    make_folder(path.parent)
    aside = path.with_name(path.name + ASIDE)
    lock = path.with_name(path.name + ".lock")
    with alone(lock, f"warehouse {path}", patience_seconds):
        if path.exists() and not replace:
            raise UsageError(f"{path}: expected a file that does not exist yet, found one; name another.")
        _remove(aside)
        try:
            yield aside
            _take_the_place(aside, path)
        finally:
            _remove(aside)
    if not replace:
        lock.unlink(missing_ok=True)


def _take_the_place(aside: Path, path: Path) -> None:
    """Put the new file in place; readers see either the old one or the new one."""
    kept = path.with_name(path.name + KEPT)
    if path.exists():
        kept.unlink(missing_ok=True)
        os.link(path, kept)
    # before the rename: the engine would apply the old file's log to the new one
    if (log := log_of(path)).exists():
        log.replace(log_of(kept))
    aside.replace(path)
    sync_folder(path.parent)


def _remove(aside: Path) -> None:
    for file in (aside, log_of(aside), aside.with_name(aside.name + ".lock")):
        file.unlink(missing_ok=True)
