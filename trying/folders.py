"""The files that somebody names: single ones, and all that lie in folders, however deep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_HIDDEN = re.compile(r"(^|/)\.")


def files_at(path: Path) -> Iterator[tuple[Path, str]]:
    """A file with its name, or each file of a folder with its name in there but for hidden ones."""
    if path.is_dir():
        inner = filter(Path.is_file, sorted(path.rglob("*")))
        names = ((each, each.relative_to(path).as_posix()) for each in inner)
        yield from (each for each in names if not _HIDDEN.search(each[1]))
    else:
        yield path, path.name
