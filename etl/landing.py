"""The landing: bytes as received, stored by hash, never changed.

`objects/ab/<sha256>` holds each content once; `pulls/<source>/<entity>/<month>/<n>.json` lists the files of
one complete pull. A pull with a manifest is complete; one without never happened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from disk import stored, write_atomically
from etl.account import Account, ExportFile
from killpoints import reach
from scoring.errors import DataError, ScorewrightError
from scoring.period import Period


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file in the landing; `size` in bytes.

    `left_out` are the rows (as a spreadsheet counts them) that its reader must skip.
    """

    name: str
    sha256: str
    size: int
    path: Path
    left_out: frozenset[int] = frozenset()

    def read_bytes(self) -> bytes:
        """The content; raises `DataError` if the disk no longer has the landed bytes."""
        with stored(self.path):
            content = self.path.read_bytes() if self.path.exists() else None
        if content is None or _sha256(content) != self.sha256:
            raise DataError(
                f"{self.path}: expected the bytes landed as {self.name}, "
                f"found {'no file' if content is None else 'others'}; "
                "restore the file from a backup or delete it and land it again."
            )
        return content


@dataclass(frozen=True, slots=True)
class Pull:
    """All files of one slice, fetched together; `content_sha256` names the names and contents of all."""

    source: str
    entity: str
    month: Period
    files: tuple[LandedFile, ...]
    content_sha256: str
    landed_at: str

    def was_landed_by(self, moment: datetime) -> bool:
        """Whether the pull was complete at `moment` (with its zone)."""
        return datetime.fromisoformat(self.landed_at) <= moment


@dataclass(frozen=True, slots=True)
class Landing:
    """A landing folder. Another one, `beneath`, is read as if it were here, and never changed."""

    root: Path
    beneath: Path | None = None

    def land(self, account: Account, month: Period, files: Sequence[ExportFile], landed_at: datetime) -> Pull:
        """Keep the files and their manifest; the same content as last time is the same pull."""
        landed = tuple(self._described(file) for file in files)
        # even if the pull is known: this restores an object that was lost, or deleted as damaged
        for file, described in zip(files, landed, strict=True):
            if not described.path.exists():
                write_atomically(described.path, file.content)
                reach("extract.object_landed")
        latest = self.latest(account.source, account.entity, month)
        if latest is not None and latest.content_sha256 == _content(landed):
            return latest
        pull = Pull(account.source, account.entity, month, landed, _content(landed), landed_at.isoformat())
        self._write_manifest(pull)
        reach("extract.manifest_landed")
        return pull

    def keep(self, content: bytes) -> str:
        """Keep some content under its sha256 (hex), which is returned."""
        path = self.path_of(sha256 := _sha256(content))
        if not path.exists():
            write_atomically(path, content)
        return sha256

    def kept(self, sha256: str) -> bytes:
        """What was kept under a sha256; raises `DataError` where the disk no longer has it."""
        return LandedFile("a kept file", sha256, 0, self.path_of(sha256)).read_bytes()

    def latest(self, source: str, entity: str, month: Period) -> Pull | None:
        """The newest complete pull of a slice."""
        manifests = self._manifests(source, entity, month)
        return self._read_manifest(manifests[-1]) if manifests else None

    def pulls(self, source: str, entity: str, month: Period) -> tuple[Pull, ...]:
        """Every complete pull of a slice, oldest first."""
        return tuple(self._read_manifest(path) for path in self._manifests(source, entity, month))

    def as_of(self, source: str, entity: str, month: Period, moment: datetime) -> Pull | None:
        """The newest pull of a slice that was complete at `moment` (with its zone)."""
        known = [pull for pull in self.pulls(source, entity, month) if pull.was_landed_by(moment)]
        return known[-1] if known else None

    def slices(self) -> tuple[tuple[str, str, Period], ...]:
        """Source, entity and month of every slice ever pulled, in order."""
        folders = {path.parent for path in (self.root / "pulls").glob("*/*/*/[0-9]*.json")}
        return tuple(sorted((path.parts[-3], path.parts[-2], Period.parse(path.name)) for path in folders))

    def _described(self, file: ExportFile) -> LandedFile:
        sha256 = _sha256(file.content)
        return LandedFile(file.name, sha256, len(file.content), self.path_of(sha256))

    def path_of(self, sha256: str) -> Path:
        """The path of a content, if it was ever landed."""
        name = Path("objects") / sha256[:2] / sha256
        is_beneath = self.beneath is not None and (self.beneath / name).exists()
        return (self.beneath if self.beneath is not None and is_beneath else self.root) / name

    def _manifests(self, source: str, entity: str, month: Period) -> list[Path]:
        """The manifests of a slice, oldest first; those landed here are newer than those beneath."""
        folder = Path("pulls") / source / entity / str(month)
        roots = [root for root in (self.beneath, self.root) if root is not None]
        return [path for root in roots for path in sorted((root / folder).glob("[0-9]*.json"))]

    def _write_manifest(self, pull: Pull) -> None:
        content = json.dumps(_manifest(pull), ensure_ascii=False, indent=1, sort_keys=True).encode()
        number = len(self._manifests(pull.source, pull.entity, pull.month)) + 1
        folder = self.root / "pulls" / pull.source / pull.entity / str(pull.month)
        while True:
            try:
                write_atomically(folder / f"{number:06d}.json", content, replace=False)
            except FileExistsError:
                number += 1  # another process landed at the same time; both pulls are kept
            else:
                return

    def _read_manifest(self, path: Path) -> Pull:
        with stored(path):
            content = path.read_bytes()
        try:
            return self._pull(json.loads(content))
        except (ValueError, KeyError, TypeError, ScorewrightError):
            raise DataError(
                f"{path}: expected the manifest of a pull, found something else; restore the file from a "
                "backup or delete it, then run again."
            ) from None

    def _pull(self, data: dict[str, Any]) -> Pull:
        files = tuple(
            LandedFile(file["name"], file["sha256"], file["size"], self.path_of(file["sha256"]))
            for file in data["files"]
        )
        return Pull(
            data["source"],
            data["entity"],
            Period.parse(data["month"]),
            files,
            data["content_sha256"],
            data["landed_at"],
        )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(files: Sequence[LandedFile]) -> str:
    return _sha256(json.dumps([[file.name, file.sha256] for file in files], ensure_ascii=False).encode())


def _manifest(pull: Pull) -> dict[str, Any]:
    return {
        "source": pull.source,
        "entity": pull.entity,
        "month": str(pull.month),
        "files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in pull.files],
        "content_sha256": pull.content_sha256,
        "landed_at": pull.landed_at,
    }
