"""Stores are deleted, emptied, put back to an earlier state, or have one bit flipped; and are put right."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.faults.adversary.plans import Damage
from tests.faults.databases import Databases

_PLACES = {"ledger": "ledger.sqlite", "warehouse": "warehouse.duckdb"}
_IN_DATABASE = ("ledger", "warehouse")


@dataclass(frozen=True)
class Stores:
    """The stores of a case: a home, and a database on a server where `databases` are given."""

    home: Path
    databases: Databases | None = None

    def damage(self, damage: Damage, older: Path | None) -> str:
        """Do it; returns what was done to what. `older` is the home of an earlier state."""
        lot = random.Random(damage.lot)
        if damage.how == "flipped":
            return self._flip(lot)
        if self.databases is not None and damage.store in _IN_DATABASE:
            return self._damage_database(damage)
        place = self.path(damage.store)
        if damage.how == "emptied":
            emptied = self._emptied(place, lot)
            return f"emptied {', '.join(path.name for path in emptied) or 'nothing'}"
        self.remove(damage.store)
        if damage.how == "aged" and older is not None:
            copy(older / place.name, place)
        return f"{damage.how} {place.name}"

    def path(self, store: str) -> Path:
        """Where a store lies in the home."""
        return self.home / _PLACES.get(store, store)

    def remove(self, store: str) -> None:
        """Take a store away, with what a database keeps beside it."""
        if self.databases is not None and store in _IN_DATABASE:
            self._drop(store)
            return
        place = self.path(store)
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        for ending in ("", "-journal", "-wal", "-shm", ".wal"):
            with suppress(OSError):
                place.with_name(place.name + ending).unlink()

    def restore(self, store: str, backup: Path) -> None:
        """Put a store back to what the backup of the home has of it."""
        self.remove(store)
        copy(backup / self.path(store).name, self.path(store))

    def _flip(self, lot: random.Random) -> str:
        places = [path for path in sorted(self.home.iterdir()) if path.is_file() or any(path.iterdir())]
        if not places:
            return "flipped nothing"
        # by store first: there are a hundred small files for each database
        within = lot.choice(places)
        path = within if within.is_file() else lot.choice([*files_below(within)] or [self.home / "none"])
        content = bytearray(path.read_bytes() if path.exists() else b"")
        written = [at for at, byte in enumerate(content) if byte]
        if not written:
            return "flipped nothing"
        at, mask = lot.choice(written), 1 << lot.randrange(8)
        content[at] ^= mask
        path.write_bytes(content)
        return f"flipped bit {mask} of byte {at} of {path.relative_to(self.home)}"

    def _emptied(self, place: Path, lot: random.Random) -> list[Path]:
        """One file or all of them, without a byte now."""
        files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
        chosen = files if lot.random() < 0.5 or not files else [lot.choice(files)]
        for path in chosen:
            path.write_bytes(b"")
        return chosen

    def _damage_database(self, damage: Damage) -> str:
        if damage.how == "aged":
            assert self.databases is not None
            self.databases.restore(damage.older)
            return f"put the database back to {damage.older}"
        self._drop(damage.store)
        return f"dropped the schema {damage.store}"

    def _drop(self, schema: str) -> None:
        assert self.databases is not None
        with psycopg.connect(self.databases.urls["warehouse"], autocommit=True) as connection:
            connection.execute(f"drop schema if exists {schema} cascade")


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, where it is there."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, by name."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
