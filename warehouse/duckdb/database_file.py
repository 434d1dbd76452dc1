"""A database file and its write-ahead log."""

from __future__ import annotations

import shutil
from pathlib import Path

from disk.rights import narrowed


def log_of(path: Path) -> Path:
    """The log beside the database file `path`."""
    return path.with_name(path.name + ".wal")


def copy_file(path: Path, target: Path) -> None:
    """Copy the database file `path`, which nobody writes to meanwhile, to `target`."""
    with narrowed():
        _copy(path, target)


def _copy(path: Path, target: Path) -> None:
    shutil.copyfile(path, target)
    # it includes what a killed process left in the log
    if (log := log_of(path)).exists():
        shutil.copyfile(log, log_of(target))
