"""Places in an object store, such as `s3://bucket/prefix`, used like paths of a disk.

A store has whole objects under names: no folders, no links, no renames. An object is written at once or not
at all, and is durable when the store says so. With `replace=False` the store itself refuses a name that is
taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from disk.errors import StoreError
from killpoints import reach
from scoring.errors import UsageError

_ADDRESS = re.compile(r"([a-z][a-z0-9+-]*)://([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._=-]*)*)/?")

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True, order=True)
class ObjectPath:
    """A place in an object store. Its methods raise `StoreError` where the store does not do as they say."""

    scheme: str
    path: PurePosixPath

    def __str__(self) -> str:
        return f"{self.scheme}://{self.path}"

    def __truediv__(self, other: str | PurePath) -> ObjectPath:
        return replace(self, path=self.path / other)

    @property
    def name(self) -> str:
        """The last part."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return self.path.stem

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts but the scheme."""
        return self.path.parts

    @property
    def parent(self) -> ObjectPath:
        """What the place lies in."""
        return replace(self, path=self.path.parent)

    def relative_to(self, other: ObjectPath) -> PurePosixPath:
        """The way here from a place above."""
        return self.path.relative_to(other.path)

    def match(self, pattern: str) -> bool:
        """Whether the end of the name fits a pattern."""
        return self.path.match(pattern)

    def exists(self) -> bool:
        """Whether there is such an object, or any below it."""
        with _answering(self):
            return bool(self.system.exists(self._there))

    def read_bytes(self) -> bytes:
        """The object; raises `FileNotFoundError` where there is none."""
        with _answering(self, but=FileNotFoundError):
            content: bytes = self.system.cat_file(self._there)
            return content

    def write(self, content: bytes, *, replace: bool = True) -> None:
        """Write the object. With `replace=False` raises `FileExistsError` where there is another already."""
        reach("file.opened")
        if replace:
            with _answering(self):
                self.system.pipe_file(self._there, content)
        else:
            self._create(content)
        reach("file.named")

    def _create(self, content: bytes) -> None:
        try:
            with _answering(self, but=FileExistsError):
                self.system.pipe_file(self._there, content, mode="create")
        except (FileExistsError, StoreError) as error:
            # an answer that was lost is asked for again, and then the object is our own
            if self._content() == content:
                return
            if self.exists():
                raise FileExistsError(str(self)) from None
            raise error from None

    def _content(self) -> bytes | None:
        try:
            return self.read_bytes()
        except FileNotFoundError:
            return None

    def unlink(self, *, missing_ok: bool) -> None:
        """Remove the object; without `missing_ok` raises `FileNotFoundError` where there is none."""
        with _answering(self, but=FileNotFoundError):
            if not missing_ok or self.system.exists(self._there):
                self.system.rm_file(self._there)

    def modified(self) -> datetime:
        """When the object was last written (UTC)."""
        with _answering(self):
            found: datetime = self.system.modified(self._there)
            return found.astimezone(UTC)

    def below(self) -> list[ObjectPath]:
        """Every object below this place, in order."""
        with _answering(self):
            found = self.system.find(self._there)
        inner = (str(name).strip("/") for name in found if not str(name).endswith("/"))
        return sorted(replace(self, path=PurePosixPath(name)) for name in inner if name != str(self.path))

    def glob(self, pattern: str) -> list[ObjectPath]:
        """The objects below whose parts fit those of a pattern, in order."""
        wanted = PurePosixPath(pattern).parts
        return [path for path in self.below() if _fits(path.relative_to(self).parts, wanted)]

    @property
    def system(self) -> Any:
        """The store as fsspec opens it."""
        return _opened(self.scheme, str(self))

    @property
    def _there(self) -> str:
        return str(self)


def object_path(address: str, setting: str) -> ObjectPath:
    """The place that an address names; raises `UsageError`, which repeats nothing: it may hold a secret."""
    match = _ADDRESS.fullmatch(address)
    if match is None or match[1] in ("file", "local"):
        raise UsageError(
            f"{setting}: expected a folder, or the address of an object store such as s3://bucket/prefix "
            "without user, password or options, found another; correct it."
        )
    return ObjectPath(match[1], PurePosixPath(match[2]))


def read_all(places: Sequence[ObjectPath]) -> Iterator[bytes]:
    """The objects in their order, many asked for at a time; raises `StoreError` where one is missing."""
    for start in range(0, len(places), _AT_A_TIME):
        some = places[start : start + _AT_A_TIME]
        with _answering(some[0].parent):
            found = some[0].system.cat([place._there for place in some])
        by_path = {PurePosixPath(str(name).strip("/")): content for name, content in found.items()}
        yield from (by_path[place.path] for place in some)


def copy_all(copies: Mapping[ObjectPath, Path]) -> None:
    """Copy each object, of which there are some, into a file of this machine, many at a time.

    Raises `FileNotFoundError` where one is missing; what was copied by then is of no use.
    """
    first = next(iter(copies))
    with _answering(first.parent, but=FileNotFoundError):
        first.system.get([place._there for place in copies], [*map(str, copies.values())])


def refuse_overwriting(place: ObjectPath) -> None:
    """Raise `UsageError` where the store writes over an object though it was told not to."""
    place.write(b"first")
    try:
        place.write(b"second", replace=False)
    except FileExistsError:
        return
    raise UsageError(
        f"{place}: expected a store that refuses to write over an object when told so (If-None-Match), found "
        "one that does not; name another."
    )


def _fits(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _opened(scheme: str, address: str) -> Any:
    """The library's own store; it keeps one for each process, also after a fork."""
    import fsspec  # noqa: PLC0415 - a home on a disk needs none of it

    try:
        # others write there, too: no listing is kept
        system, _ = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"SCOREWRIGHT_HOME: expected the address of a store that can be opened, found {scheme}:// "
            f"({error}); install its package beside Scorewright."
        ) from None
    return system


@contextmanager
def _answering(place: ObjectPath, but: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Raise whatever the store's library raises as a `StoreError`; `but` passes through."""
    try:
        yield
    except but:
        raise
    except UsageError:
        raise
    except Exception as error:
        # each library has errors of its own, and all of them say that the store did not do it
        words = str(error).splitlines()
        raise StoreError(place, words[0] if words else type(error).__name__) from None
