"""The book as it was when an issue was made: its files lie in the landing, by their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from book import BookFiles, book_files
from disk import Place, matching, stored, write_atomically
from disk.findings import Finding
from etl.landing import Landing
from scoring.errors import BookError, ScorewrightError, UsageError

_HEAL = "restore it from a backup, or delete it and run again with the same book"


def keep_book(landing: Landing, sha256: str, config: Path) -> None:
    """Keep the files in `config` of the book whose hash (sha256 in hex) was that when it was read.

    Raises `BookError` where they were changed since.
    """
    manifest = _manifest(landing, sha256)
    if not manifest.exists():
        files = book_files(config)
        if files.sha256 != sha256:
            raise BookError(
                f"{config}: expected the book that this run began with, found one that was "
                "changed since; start the run again."
            )
        listed = {name: landing.keep(content) for name, content in files.contents.items()}
        write_atomically(manifest, _spelled(listed))


def restore_book(landing: Landing, sha256: str, folder: Path) -> int:
    """Write the files of a kept book into `folder`, which must be empty; returns how many there are."""
    manifest = _manifest(landing, sha256)
    if not manifest.exists():
        raise UsageError(f"book: expected one that was kept with an issue, found none called {sha256}.")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder}: expected an empty folder or none, found files; name another.")
    with stored(manifest):
        listed = json.loads(manifest.read_bytes())
    for name, object_sha256 in listed.items():
        write_atomically(folder / name, landing.kept(object_sha256))
    return len(listed)


def audit_books(landing: Landing) -> Iterator[Finding | None]:
    """A finding for each kept book whose list of files is not what was kept, and None for each that is."""
    for path in matching(landing.root / "books", "*"):
        yield None if _is_whole(landing, path) else Finding(str(path), "not the list that was kept", _HEAL)


def _is_whole(landing: Landing, path: Place) -> bool:
    """Whether the list names the files whose hashes make the list's own name."""
    content = path.read_bytes()
    try:
        listed = json.loads(content)
        files = BookFiles({name: landing.kept(sha256) for name, sha256 in listed.items()})
    except (ValueError, AttributeError, TypeError, ScorewrightError):
        return False
    return path.name == f"{files.sha256}.json" and content == _spelled(listed)


def _spelled(listed: Mapping[str, str]) -> bytes:
    return json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _manifest(landing: Landing, sha256: str) -> Place:
    return landing.root / "books" / f"{sha256}.json"
