"""Pulls and their manifests: what a manifest says, how it is sealed, and how strictly it is read back.

The manifests of an account (`source`, `entity`) are a chain: each has its place in it, the seal of the one
before, and a seal of its own over all that it says. Manifests of an older program have none of these; the
first sealed one of the account vouches for them, for its `before` is made of all of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from disk import Place, stored
from scoring.errors import DataError, ScorewrightError
from scoring.period import Period

START = "0" * 64
"""What the first manifest of an account is chained to."""

_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file in the landing; `size` in bytes.

    `left_out` are the rows (as a spreadsheet counts them) that its reader is to go without; `landed_on` is
    the day on which it was landed, where that is known.
    """

    name: str
    sha256: str
    size: int
    path: Place
    left_out: frozenset[int] = frozenset()
    landed_on: date | None = None

    def read_bytes(self) -> bytes:
        """The content; raises `DataError` where the disk no longer gives what was landed."""
        content = bytes_at(self.path)
        if content is None or sha256_of(content) != self.sha256:
            raise DataError(
                f"{self.path}: expected the bytes landed as {self.name}, "
                f"found {'no file' if content is None else 'others'}; "
                "restore the file from a backup or delete it and land it again."
            )
        return content


@dataclass(frozen=True, slots=True)
class Link:
    """Where a manifest stands in the chain of its account: its place from 1, and the seal before it."""

    place: int
    before: str


@dataclass(frozen=True, slots=True)
class Pull:
    """All files of one slice, fetched together; `content_sha256` names the names and contents of all.

    `number` counts the pulls of the slice. `link` and `seal` are None where an older program landed it.
    """

    source: str
    entity: str
    month: Period
    files: tuple[LandedFile, ...]
    content_sha256: str
    landed_at: str
    number: int
    link: Link | None = None
    seal: str | None = None

    def was_landed_by(self, moment: datetime) -> bool:
        """Whether the pull was complete at `moment` (with its zone)."""
        return datetime.fromisoformat(self.landed_at) <= moment

    @property
    def dated_files(self) -> Sequence[LandedFile]:
        """Its files, each with the day on which it was landed."""
        day = datetime.fromisoformat(self.landed_at).date()
        return [replace(file, landed_on=day) for file in self.files]

    @property
    def name(self) -> str:
        """The manifest below the folder of its account."""
        return f"{self.month}/{self.number:06d}.json"


def bytes_at(path: Place) -> bytes | None:
    """The content of a file of the landing; None where there is no file."""
    try:
        with stored(path, but=FileNotFoundError):
            return path.read_bytes()
    except FileNotFoundError:
        return None


def sha256_of(content: bytes) -> str:
    """The hash by which contents are known, in hex."""
    return hashlib.sha256(content).hexdigest()


def content_of(files: Sequence[LandedFile]) -> str:
    """The hash over the names and contents of a pull's files, in their order."""
    return _hashed([[file.name, file.sha256] for file in files])


def sealed(pull: Pull, link: Link) -> Pull:
    """The pull at its place in the chain, with its seal."""
    linked = replace(pull, link=link, seal=None)
    return replace(linked, seal=_hashed(_said(linked)))


def end_of_unsealed(pulls: Iterable[Pull]) -> Link:
    """What comes after the manifests of an older program: the first place, and a seal made of all of them."""
    before, place = START, 1
    for pull in sorted(pulls, key=lambda pull: pull.name):
        before, place = _hashed([before, pull.name, _said(pull)]), place + 1
    return Link(place, before)


def manifest_of(pull: Pull) -> bytes:
    """What is written of a pull."""
    said = _said(pull) if pull.seal is None else {**_said(pull), "seal": pull.seal}
    return spelled(said)


def spelled(said: Mapping[str, object]) -> bytes:
    """The one way in which the landing writes JSON."""
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def pull_of(path: Place, content: bytes, path_of: Callable[[str], Place]) -> Pull:
    """The pull of the manifest `path` with that content; `path_of` says where the content of a file lies.

    Raises `DataError` where it is not what was sealed, or is of another folder.
    """
    try:
        pull = _pull(json.loads(content), path, path_of)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ScorewrightError):
        raise DataError(
            f"{path}: expected the manifest of a pull, found something else; restore the file from a "
            "backup or delete it, then run again."
        ) from None
    _refuse_changed(path, pull, content)
    return pull


def _pull(data: dict[str, Any], path: Place, path_of: Callable[[str], Place]) -> Pull:
    files = tuple(_file(file, path_of) for file in data["files"])
    link = Link(_number(data["place"]), _hash(data["before"])) if "seal" in data else None
    datetime.fromisoformat(data["landed_at"])
    return Pull(
        data["source"],
        data["entity"],
        Period.parse(data["month"]),
        files,
        _hash(data["content_sha256"]),
        data["landed_at"],
        _number(data["number"]) if link else int(path.stem),
        link,
        _hash(data["seal"]) if link else None,
    )


def _refuse_changed(path: Place, pull: Pull, content: bytes) -> None:
    """A sealed manifest is exactly what was written; of an older one at least nothing contradicts itself."""
    folder = PurePath(pull.source, pull.entity, str(pull.month), f"{pull.number:06d}.json")
    if path.parts[-4:] != folder.parts:
        found = f"that of {folder}"
    elif content_of(pull.files) != pull.content_sha256:
        found = "other files than it was sealed with"
    elif pull.link and (sealed(pull, pull.link) != pull or manifest_of(pull) != content):
        found = "a changed one"
    else:
        return
    raise DataError(
        f"{path}: expected the manifest as it was sealed, found {found}; restore the file from a backup "
        "or delete it, then run again."
    )


def _file(said: dict[str, Any], path_of: Callable[[str], Place]) -> LandedFile:
    name, sha256 = said["name"], _hash(said["sha256"])
    # below the folder of the exports, and nowhere else
    if not isinstance(name, str) or "\0" in name or {"", ".", ".."} & set(name.split("/")):
        raise ValueError("a plain name")
    return LandedFile(name, sha256, _number(said["size"], least=0), path_of(sha256))


def _hash(said: object) -> str:
    """64 hex digits: anything else could name a file of another folder."""
    if not isinstance(said, str) or not _HEX.fullmatch(said):
        raise ValueError("64 hex digits")
    return said


def _number(said: object, least: int = 1) -> int:
    if type(said) is not int or said < least:
        raise ValueError("a number")
    return said


def _said(pull: Pull) -> dict[str, object]:
    said: dict[str, object] = {
        "source": pull.source,
        "entity": pull.entity,
        "month": str(pull.month),
        "files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in pull.files],
        "content_sha256": pull.content_sha256,
        "landed_at": pull.landed_at,
    }
    if pull.link is not None:
        said |= {"number": pull.number, "place": pull.link.place, "before": pull.link.before}
    return said


def _hashed(said: object) -> str:
    return sha256_of(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
