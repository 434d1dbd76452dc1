"""The landing: bytes as received, stored by hash, never changed.

`objects/ab/<sha256>` holds each content once; `pulls/<source>/<entity>/<month>/<n>.json` lists the
files of one complete pull. A pull that has a manifest is complete, one that has none never happened.
`heads/<source>/<entity>.json` says where the chain of an account's manifests ends (see `etl.pulls`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from disk import Place, contents_of, matching, stored, write_atomically
from disk.errors import BusyError
from disk.lock_file import alone
from disk.objects import ObjectPath
from disk.rights import make_folder
from etl.account import Account, ExportFile
from etl.pulls import (
    LandedFile,
    Link,
    Pull,
    bytes_at,
    content_of,
    end_of_unsealed,
    manifest_of,
    pull_of,
    sealed,
    sha256_of,
    spelled,
)
from killpoints import reach
from scoring.errors import DataError
from scoring.period import Period

__all__ = ["LandedFile", "Landing", "Pull"]

_PATIENCE_SECONDS = 120.0

Locked = Callable[[str], AbstractContextManager[None]]
"""Holds the lock of a name for a block; raises `BusyError` where it is not free in time."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A landing folder. Another one, `beneath`, is read as if it were here, and never changed.

    In an object store there are no lock files; `locked` gives a named lock that all its users share.
    """

    root: Place
    beneath: Place | None = None
    locked: Locked | None = field(default=None, compare=False)

    def land(self, account: Account, month: Period, files: Sequence[ExportFile], landed_at: datetime) -> Pull:
        """Keep the files and their sealed manifest; the same content as last time is the same pull.

        Raises `DataError` where the chain of the account's manifests cannot be gone on with.
        """
        landed = tuple(map(self._described, files))
        # even if the pull is known: this restores an object that was lost, or deleted as damaged
        for file, described in zip(files, landed, strict=True):
            if not described.path.exists():
                write_atomically(described.path, file.content)
                reach("extract.object_landed")
        which = (account.source, account.entity, month)
        known = self._known(which, landed)
        return known if known is not None else self._enter(which, landed, landed_at)

    def _known(self, which: tuple[str, str, Period], landed: Sequence[LandedFile]) -> Pull | None:
        latest = self.latest(*which)
        return latest if latest is not None and latest.content_sha256 == content_of(landed) else None

    def _enter(
        self, which: tuple[str, str, Period], landed: tuple[LandedFile, ...], landed_at: datetime
    ) -> Pull:
        """Seal a pull and write its manifest; one process of an account after another."""
        source, entity, month = which
        with self.held(source, entity):
            known = self._known(which, landed)
            if known is not None:
                return known
            link = self._next_link(source, entity)
            number = max((int(path.stem) for path in self.manifests_of(*which)), default=0) + 1
            content = content_of(landed)
            pull = Pull(source, entity, month, landed, content, landed_at.isoformat(), number)
            pull = sealed(pull, link)
            self._write_manifest(pull)
            reach("extract.manifest_landed")
            self._write_head(source, entity, link_after(pull))
            reach("extract.head_moved")
        return pull

    def keep(self, content: bytes) -> str:
        """Keep some content under its sha256 (hex), which is returned."""
        path = self.path_of(sha256 := sha256_of(content))
        if not path.exists():
            write_atomically(path, content)
        return sha256

    def kept(self, sha256: str) -> bytes:
        """What was kept under a sha256; raises `DataError` where the disk no longer has it."""
        return LandedFile("a kept file", sha256, 0, self.path_of(sha256)).read_bytes()

    def latest(self, source: str, entity: str, month: Period) -> Pull | None:
        """The newest complete pull of a slice; raises `DataError` where it is not what was sealed."""
        manifests = self.manifests_of(source, entity, month)
        return self.read(manifests[-1]) if manifests else None

    def latest_in(self, source: str, entity: str, months: Collection[Period]) -> Iterator[Pull]:
        """The newest complete pull of each month that has one; raises what `latest` raises."""
        newest = {path.parent.name: path for path in self.manifests_of(source, entity)}
        paths = [newest[str(month)] for month in months if str(month) in newest]
        read = zip(paths, contents_of(paths), strict=True)
        return (pull_of(path, content, self.path_of) for path, content in read)

    def pulls(self, source: str, entity: str, month: Period) -> tuple[Pull, ...]:
        """Every complete pull of a slice, oldest first."""
        return tuple(map(self.read, self.manifests_of(source, entity, month)))

    def as_of(self, source: str, entity: str, month: Period, moment: datetime) -> Pull | None:
        """The newest pull of a slice that was complete at `moment` (with its zone)."""
        newest_first = reversed(self.pulls(source, entity, month))
        return next((pull for pull in newest_first if pull.was_landed_by(moment)), None)

    def slices(self) -> tuple[tuple[str, str, Period], ...]:
        """Source, entity and month of every slice ever pulled, in order."""
        folders = {path.parent for path in matching(self.root / "pulls", "*/*/*/[0-9]*.json")}
        return tuple(sorted((path.parts[-3], path.parts[-2], Period.parse(path.name)) for path in folders))

    def accounts(self) -> tuple[tuple[str, str], ...]:
        """Source and entity of every account that has manifests, or a head that says it had some."""
        pulls = {(source, entity) for source, entity, _ in self.slices()}
        heads = {(path.parts[-2], path.stem) for path in matching(self.root / "heads", "*/*.json")}
        return tuple(sorted(pulls | heads))

    def path_of(self, sha256: str) -> Place:
        """The path of a content, if it was ever landed."""
        return self._there(PurePath("objects", sha256[:2], sha256))

    def _there(self, name: PurePath) -> Place:
        """A file here, or in the landing beneath where only that has it."""
        here = self.root / name
        if self.beneath is None or here.exists():
            return here
        return self.beneath / name if (self.beneath / name).exists() else here

    def folder_of(self, source: str, entity: str) -> Place:
        """Where the manifests of an account that are landed here lie."""
        return self.root / "pulls" / source / entity

    def head_path(self, source: str, entity: str) -> Place:
        """Where it is written how far an account's chain goes."""
        return self.root / "heads" / source / f"{entity}.json"

    def manifests_of(self, source: str, entity: str, month: Period | None = None) -> list[Place]:
        """The manifests of an account, or of one month of it; those landed here come after those beneath."""
        folder, names = PurePath("pulls", source, entity), f"{month or '*'}/[0-9]*.json"
        return [path for root in self._roots for path in matching(root / folder, names)]

    def read(self, manifest: Place) -> Pull:
        """The pull of a manifest; raises `DataError` where it is not what was sealed."""
        with stored(manifest):
            content = manifest.read_bytes()
        return pull_of(manifest, content, self.path_of)

    def head(self, source: str, entity: str) -> Link | None:
        """What the next manifest of an account is chained to; None where none of it was ever sealed.

        Raises `DataError` where it cannot be read.
        """
        path = self._there(PurePath("heads", source, f"{entity}.json"))
        content = bytes_at(path)
        return None if content is None else _head(path, content)

    @property
    def _roots(self) -> list[Place]:
        return [root for root in (self.beneath, self.root) if root is not None]

    def _described(self, file: ExportFile) -> LandedFile:
        sha256 = sha256_of(file.content)
        return LandedFile(file.name, sha256, len(file.content), self.path_of(sha256))

    @contextmanager
    def held(self, source: str, entity: str) -> Iterator[None]:
        """Have an account's chain to oneself; raises `BusyError` where another process keeps it."""
        what, folder = f"landing of {source}/{entity}", self.root / "heads" / source
        if isinstance(folder, ObjectPath):
            assert self.locked is not None  # noqa: S101 - whoever opens a landing in a store gives one
            with self.locked(what):
                yield
            return
        with stored(self.head_path(source, entity)):
            make_folder(folder)
            with alone(folder / f".{entity}.lock", what, _PATIENCE_SECONDS):
                yield

    def _next_link(self, source: str, entity: str) -> Link:
        """What a new manifest is chained to.

        Whoever was killed between a manifest and its head left a manifest that the head does not know yet.
        """
        manifests = self.manifests_of(source, entity)
        head = self.head(source, entity) or self._first_link(source, entity, manifests)
        if isinstance(self.root, ObjectPath) and len(manifests) == head.place - 1:
            # as many manifests as places: it knows all, and each that is not read is one request less
            return head
        # a year's manifests are read before each new one: only that after the head is held against its seal
        later = self.readable(path for path in manifests if _names(path, head.before))
        return next((link_after(pull) for pull in later if pull.link == head), head)

    def _first_link(self, source: str, entity: str, manifests: Iterable[Place]) -> Link:
        """What the first sealed manifest is chained to; raises `DataError` where there are some already."""
        pulls = [*self.readable(manifests)]
        if any(pull.link for pull in pulls):
            raise _bad_head(self.head_path(source, entity), "none")
        link = end_of_unsealed(pulls)
        # so that no head is missing where anything is sealed
        self._write_head(source, entity, link)
        return link

    def readable(self, manifests: Iterable[Place]) -> Iterator[Pull]:
        """The pulls of manifests; what is damaged is for those to tell who need it."""
        for path in manifests:
            try:
                yield self.read(path)
            except DataError:
                continue

    def _write_manifest(self, pull: Pull) -> None:
        path = self.folder_of(pull.source, pull.entity) / pull.name
        try:
            write_atomically(path, manifest_of(pull), replace=False)
        except FileExistsError:
            # the lock was lost: the server that holds it for a store was restarted
            raise BusyError(
                f"{path}: expected to be the only one to land there, found the pull of another process; "
                "run again."
            ) from None

    def _write_head(self, source: str, entity: str, link: Link) -> None:
        write_atomically(self.head_path(source, entity), head_of(link))


def _names(manifest: Place, seal: str) -> bool:
    """Whether a seal is named in a manifest."""
    with stored(manifest):
        return seal.encode() in manifest.read_bytes()


def link_after(pull: Pull) -> Link:
    """What the manifest after a sealed one is chained to."""
    assert pull.link is not None and pull.seal is not None  # noqa: S101, PT018 - only sealed ones come here
    return Link(pull.link.place + 1, pull.seal)


def head_of(link: Link) -> bytes:
    """What is written as the head of a chain."""
    return spelled({"place": link.place, "before": link.before})


def _head(path: Place, content: bytes) -> Link:
    with suppress(ValueError, KeyError, TypeError):
        said = json.loads(content)
        link = Link(said["place"], said["before"])
        if head_of(link) == content and isinstance(link.place, int):
            return link
    raise _bad_head(path, "something else")


def _bad_head(path: Place, found: str) -> DataError:
    return DataError(
        f"{path}: expected the head of an account's chain, found {found}; restore the file from a backup, or "
        "run `scorewright rebuild --reseal` where there is none."
    )
