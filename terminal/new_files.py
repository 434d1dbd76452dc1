"""Files that a command writes under a name that somebody gives: what is there already is not its to lose."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scoring.errors import UsageError


def refuse_existing(paths: Iterable[Path | None], *, force: bool) -> None:
    """Raise `UsageError`, before any work is done, for a file that there is, unless it is to be replaced."""
    taken = () if force else filter(Path.exists, filter(None, paths))
    for path in taken:
        raise UsageError(f"{path}: expected a new file, found one; name another, or replace it with --force.")
