"""The folder of an archive: written whole or not at all, and replaced only where all in it is our own."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from disk import stored, sync_folder
from disk.lock_file import alone
from disk.rights import make_folder, opened, settle
from scoring.errors import UsageError

MARK = ".scorewright-archive"
"""Says for whom the archive is, and lists its files with their hashes as `sha256sum --check` reads them."""
_FOR = "# scorewright archive for "
_PATIENCE_SECONDS = 5.0

Write = Callable[[str, bytes], None]
"""Writes a file of the archive by its path in it, such as `2026-10/eu-brand-2026-10-r1.html`."""


@contextmanager
def replacing(folder: Path, audience: str) -> Iterator[Write]:
    """Write an archive for `audience` beside `folder`, and put it in its place once the block has ended.

    Raises `UsageError` for a folder with anything in it that no archive for the same audience wrote,
    `BusyError` while another process writes to it, and `StorageError`.
    """
    # a link to the folder stays, and leads to the new one
    folder = folder.resolve()
    if not folder.name:
        raise UsageError(f"{folder}: expected a folder for an archive, found the root; name one below it.")
    part, old = (folder.with_name(f".{folder.name}.{ending}") for ending in ("part", "old"))
    with stored(folder):
        make_folder(folder.parent)
    with alone(folder.with_name(f".{folder.name}.lock"), f"archive in {folder}", _PATIENCE_SECONDS):
        _clear_up(folder, part, old)
        refuse_others(folder, audience)
        try:
            yield from _written(part, audience)
            with stored(folder):
                _swap(part, folder, old, audience)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _clear_up(folder: Path, part: Path, old: Path) -> None:
    """After a process that was killed: what it had moved away comes back, and its draft goes."""
    for left_over in filter(os.path.lexists, (part, old)):
        _refuse_what_is_not_ours(left_over)
    with stored(folder):
        if old.exists() and not folder.exists():
            old.rename(folder)
    for left_over in (part, old):
        shutil.rmtree(left_over, ignore_errors=True)


def _refuse_what_is_not_ours(left_over: Path) -> None:
    """Raise `UsageError` for anything but a folder that is empty or has the mark of an archive."""
    is_folder = left_over.is_dir() and not left_over.is_symlink()
    if not is_folder or (any(left_over.iterdir()) and not (left_over / MARK).is_file()):
        raise UsageError(
            f"{left_over}: expected nothing of that name beside the archive but what a broken run left, "
            "found something else; move it elsewhere, or name another folder."
        )


def _written(part: Path, audience: str) -> Iterator[Write]:
    listed: dict[str, str] = {}

    def write(name: str, content: bytes) -> None:
        with stored(part / name):
            make_folder((part / name).parent)
            _write_durably(part / name, content)
        listed[name] = hashlib.sha256(content).hexdigest()

    with stored(part):
        part.mkdir(mode=0o700)
        settle(part)
    # says from the beginning that the draft is ours
    write(MARK, _marked(audience, {}))
    listed.clear()
    yield write
    write(MARK, _marked(audience, listed))
    with stored(part):
        for inner in (*(path for path in part.iterdir() if path.is_dir()), part):
            sync_folder(inner)


def _write_durably(path: Path, content: bytes) -> None:
    with opened(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(part: Path, folder: Path, old: Path, audience: str) -> None:
    """Whatever was put into the folder meanwhile is found once it stands aside, and stays."""
    if folder.exists():
        folder.rename(old)
    try:
        refuse_others(old, audience)
        part.rename(folder)
    except (OSError, UsageError):
        if old.exists():
            old.rename(folder)
        raise
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _marked(audience: str, listed: Mapping[str, str]) -> bytes:
    lines = [f"{_FOR}{audience}", *(f"{listed[name]}  {name}" for name in sorted(listed))]
    return "".join(f"{line}\n" for line in lines).encode()


def refuse_others(folder: Path, audience: str) -> None:
    """Raise `UsageError` where the folder is not empty and not exactly an archive for the same audience."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: expected a folder, found a file; name another.")
    found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    if found:
        _refuse_strangers(folder, found, _listed(folder, audience))


def _listed(folder: Path, audience: str) -> Mapping[str, str]:
    """The hashes of an archive's files by their paths."""
    mark = folder / MARK
    with stored(mark):
        first, *lines = (mark.read_text("utf-8") if mark.is_file() else "").splitlines() or [""]
    _refuse_another(folder, first, audience)
    return {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def _refuse_another(folder: Path, first: str, audience: str) -> None:
    """Raise `UsageError` unless the first line of a list is that of an archive for the audience."""
    if not first.startswith(_FOR):
        raise UsageError(
            f"{folder}: expected an empty folder or an archive that this command wrote, found other files; "
            "name another folder."
        )
    if first != f"{_FOR}{audience}":
        raise UsageError(
            f"{folder}: expected an archive for {audience}, found one for {first.removeprefix(_FOR)}, whose "
            "readers would see other cards; name another folder, or delete this one."
        )


def _refuse_strangers(folder: Path, found: list[Path], listed: Mapping[str, str]) -> None:
    for path in sorted(found):
        name = path.relative_to(folder).as_posix()
        if name != MARK and not (path.is_file() and _hash(path) == listed.get(name)):
            raise UsageError(
                f"{folder}: expected only what this command wrote there, found {name}, which is new or was "
                "changed; move it elsewhere, or name another folder."
            )


def _hash(path: Path) -> str:
    with stored(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
