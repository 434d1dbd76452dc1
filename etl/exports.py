"""Where exports come from: files of a folder, or of any store that fsspec knows, found by pattern."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from etl.account import Account, ExportFile
from etl.reading.door import MEGABYTE, MOST_MEGABYTES, opening, read_export, refuse_large
from scoring.errors import BadFileError, UsageError
from scoring.period import Period


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine; names of files have slashes and begin below it."""

    path: Path

    def exists(self) -> bool:
        return self.path.is_dir()

    def matching(self, pattern: str) -> list[str]:
        """What a glob pattern matches, in the order of names.

        Raises `BadFileError` where that cannot be known, as behind a link to nothing or in a folder that may
        not be looked into: what is missing there is not what nobody has exported.
        """
        with opening(pattern):
            paths = sorted(self.path.glob(pattern))
            for place in () if paths else accumulate(Path(pattern).parts, Path.joinpath, initial=self.path):
                _refuse_unseen(place)
        return [path.relative_to(self.path).as_posix() for path in paths]

    def all(self) -> list[str]:
        """Every file that is not hidden, however deep."""
        with opening(self.path.name):
            return [*_visible(self.path)]

    def read(self, name: str, most_megabytes: int) -> bytes:
        """A file's content; raises `BadFileError` where it is too large or cannot be read."""
        return read_export(self.path / name, self.path, most_megabytes)


def _refuse_unseen(place: Path) -> None:
    """Raise `OSError` for a link to nothing and for what may not be looked at, but not where nothing is."""
    try:
        found = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(found.st_mode):
        place.stat()


def _visible(exports: Path) -> Iterator[str]:
    """What is no folder and not hidden, by its path with slashes; as text, for there may be thousands."""
    for folder, folders, names in os.walk(exports):
        folders[:] = filter(_is_shown, folders)
        inner = os.path.relpath(folder, exports)
        shown = (os.path.join(inner, name) for name in filter(_is_shown, names))
        yield from (os.path.normpath(path).replace(os.sep, "/") for path in shown)


def _is_shown(name: str) -> bool:
    return not name.startswith(".")


@dataclass(frozen=True)
class Store:
    """The same of a store, such as `s3://bucket/exports` or `sftp://host/exports`."""

    address: str

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        import fsspec  # noqa: PLC0415 - few need it, and it takes a moment

        try:
            found: tuple[Any, str] = fsspec.core.url_to_fs(self.address)
        except (ImportError, ValueError) as error:
            raise UsageError(
                f"SCOREWRIGHT_EXPORTS: expected the address of a store that can be opened, found "
                f"{self.address.partition('://')[0]}:// ({error}); install its package beside Scorewright."
            ) from None
        return found

    def exists(self) -> bool:
        system, root = self._opened
        with opening(self.address):
            return bool(system.isdir(root))

    def matching(self, pattern: str) -> list[str]:
        system, root = self._opened
        with opening(pattern):
            found = system.glob(f"{root.rstrip('/')}/{pattern}")
            return sorted(path[len(root.rstrip("/")) + 1 :] for path in found if system.isfile(path))

    def all(self) -> list[str]:
        return [name for name in self.matching("**") if all(map(_is_shown, name.split("/")))]

    def read(self, name: str, most_megabytes: int) -> bytes:
        system, root = self._opened
        path = f"{root.rstrip('/')}/{name}"
        with opening(name):
            refuse_large(name, int(system.size(path) or 0), most_megabytes)
            with system.open(path, "rb") as file:
                content: bytes = file.read(most_megabytes * MEGABYTE + 1)
        refuse_large(name, len(content), most_megabytes)
        return content


Files = Folder | Store


def files_at(place: str | Path) -> Files:
    """The folder, or the store where the address names one."""
    return Store(place) if isinstance(place, str) and "://" in place else Folder(Path(place))


Pull = Callable[[Account, Period], tuple[ExportFile, ...] | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data of accounts comes from: files, databases by the names of their connections, and `pull`,
    which asks the platform of an account that names one.
    """

    files: Files
    most_megabytes: int = MOST_MEGABYTES
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    pull: Pull | None = None


def find_exports(account: Account, month: Period, origin: Origin) -> tuple[ExportFile, ...] | None:
    """The account's files for the month, in the order of its patterns; None where there is none at all.

    A pattern without `{month}` matches the same file for every month. Raises `BadFileError` where a
    pattern matches two files, only some of the patterns match (half a month is not a month), or the
    door does not let a file in.
    """
    patterns = (pattern.replace("{month}", str(month)) for pattern in account.files)
    names = {pattern: _only_file(pattern, origin.files) for pattern in patterns}
    found = [*filter(None, names.values())]
    if found:
        _refuse_missing(names)
    files = (ExportFile(name, origin.files.read(name, origin.most_megabytes)) for name in found)
    return tuple(files) or None


def _refuse_missing(names: Mapping[str, str | None]) -> None:
    for pattern, name in names.items():
        if name is None:
            raise BadFileError(
                pattern,
                expected="this file beside the account's others of the month",
                found="none",
                hint="export it, too, and rerun",
            )


def _only_file(pattern: str, files: Files) -> str | None:
    """The file that a pattern matches; None where there is none."""
    names = files.matching(pattern)
    if len(names) > 1:
        found = ", ".join(name.rpartition("/")[2] for name in names)
        raise BadFileError(
            pattern, expected="one file", found=found, hint="move away those that are not meant"
        )
    return names[0] if names else None
