"""Every file of a home is damaged, one byte at a time, cut off and deleted: does `verify --all` see it?"""

from __future__ import annotations

import random
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from auditing.everything import audit
from pipeline.run import RunOptions, run
from tests.etl.dump import dump
from tests.pipeline.conftest import NOW, Place, new_place
from tests.pipeline.exports import ANSWERS, OCTOBER, answers, change
from warehouse import warehouse_in

Damage = Callable[[bytes], bytes | None]
"""What becomes of the bytes of a file; None where it is deleted."""


@dataclass
class Flips:
    """What came of it: each damage was found, or changed nothing that a database holds; `unseen` are the rest."""

    files: int = 0
    damages: int = 0
    found: int = 0
    meaningless: int = 0
    unseen: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.files} files, {self.damages} damages: {self.found} found, {self.meaningless} in bytes "
            f"without meaning, {len(self.unseen)} unseen"
        )


def small_home(root: Path) -> Place:
    """A place with two runs behind it, so that there are older pulls, loads and revisions."""
    place = new_place(root)
    place.run()
    change(place.export(ANSWERS), lambda _: answers([1] * 8))
    later = NOW + timedelta(days=8)
    run(place.open(), RunOptions(OCTOBER, (), True), now=lambda: later, say=lambda _: None)
    return place


def flip_all(place: Place, a_file: int, most: int | None = None, seed: int = 1) -> Flips:
    """Damage every file that vouches for something: `a_file` flips of a byte, each cut off, and deleted.

    With `most` only so many of all these damages are tried, drawn by lot.
    """
    chance = random.Random(seed)
    counts = Flips()
    assert not audit(place.open()).findings
    paths = sorted(path for path in place.home.rglob("*") if _vouches(path))
    cases = [(path, *case) for path in paths for case in _damages(path.stat().st_size, a_file, chance)]
    for path, name, damage in cases if most is None else chance.sample(cases, most):
        counts.damages += 1
        sound, meant = path.read_bytes(), _content(path)
        _put(path, damage(sound))
        if audit(place.open()).findings:
            counts.found += 1
        elif meant is not None and _content(path) == meant:
            counts.meaningless += 1
        else:
            counts.unseen.append(f"{path.relative_to(place.home)}: {name}")
        _put(path, sound)
    assert not audit(place.open()).findings
    counts.files = len(paths)
    return counts


def _vouches(path: Path) -> bool:
    """Lock files hold the number of a process at most."""
    return path.is_file() and not path.name.startswith(".") and path.suffix != ".lock"


def _damages(size: int, count: int, chance: random.Random) -> Iterator[tuple[str, Damage]]:
    places = {0, size // 2, size - 1} | {chance.randrange(size) for _ in range(max(count - 3, 0))}
    for at in sorted(places):
        mask = 1 << chance.randrange(8)
        yield f"byte {at} of {size} ^ {mask}", lambda was, at=at, mask=mask: _flipped(was, at, mask)
    for cut in sorted({0, size // 2, size - 1}):
        yield f"cut to {cut} of {size}", lambda was, cut=cut: was[:cut]
    yield "one byte more", lambda was: was + b" "
    yield "deleted", lambda was: None


def _flipped(was: bytes, at: int, mask: int) -> bytes:
    return was[:at] + bytes([was[at] ^ mask]) + was[at + 1 :]


def _put(path: Path, content: bytes | None) -> None:
    for left in path.parent.glob(f"{path.name}[.-]*"):
        if left.suffix != ".lock":
            left.unlink()
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)


def _content(path: Path) -> object:
    """All that a database holds, read from a copy; None for other files, in which every byte counts."""
    if path.suffix not in (".duckdb", ".sqlite") or not path.exists():
        return None
    copy = path.with_name(f"copy-of-{path.name}")
    subprocess.run(["cp", path, copy], check=True)
    try:
        if path.suffix == ".duckdb":
            return dump(warehouse_in(copy))
        with closing(sqlite3.connect(copy)) as database:
            return [*database.iterdump()]
    finally:
        for left in path.parent.glob(f"copy-of-{path.name}*"):
            left.unlink()
