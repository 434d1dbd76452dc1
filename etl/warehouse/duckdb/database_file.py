"""A database file and its log, in which DuckDB keeps what it has not yet written into the file."""

from __future__ import annotations

import shutil
from pathlib import Path


def log_of(path: Path) -> Path:
    """The log beside the database file `path`."""
    return path.with_name(path.name + ".wal")


def copy_file(path: Path, target: Path) -> None:
    """Copy the database file `path`, which nobody writes to meanwhile, to `target`."""
    shutil.copyfile(path, target)
    # what a killed process left in the log belongs to it, too
    if (log := log_of(path)).exists():
        shutil.copyfile(log, log_of(target))
