"""The organisation's book: `config/` read, checked, and turned into values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from book.fault import Fault, told
from book.files.dictionary import FOLDER, dictionary, used_definitions
from book.files.draft import Draft, read_draft
from book.lint.warnings import warnings_of
from book.lint.whole import lint
from book.model import Book, Manager, Owned, Team
from book.values import book_of
from scoring.errors import BookError

__all__ = [
    "Book",
    "BookFiles",
    "Fault",
    "Manager",
    "Owned",
    "Reading",
    "Team",
    "book_files",
    "book_sha256",
    "dictionary",
    "load_book",
    "read_book",
    "told",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from the book in `config`, and all its faults, by file and line."""

    config: Path
    draft: Draft
    faults: tuple[Fault, ...]

    @property
    def book(self) -> Book:
        """The book as values; raises `BookError`, which lists every fault, if it is not sound."""
        if len(self.faults) == 1:
            raise BookError(f"{self.config}/{self.faults[0]}.")
        if self.faults:
            listed = "\n  ".join(told(self.faults))
            raise BookError(
                f"{self.config}: expected a sound book, found {len(self.faults)} faults:\n  {listed}"
            )
        return book_of(self.draft)

    def warnings(self, today: date) -> list[Fault]:
        """The warnings: worth a look but not faults, by file and line."""
        return sorted(set(warnings_of(self.draft, today)))


def read_book(config: Path, *, is_sound: bool = False) -> Reading:
    """Read the book in `config` and check it, unless it is already known that it `is_sound`."""
    if not config.is_dir():
        setting = "`book` in scorewright.toml or SCOREWRIGHT_CONFIG"
        missing = Fault(".", 0, f"expected the folder of the book, found none; correct {setting}")
        return Reading(config, Draft(), (missing,))
    draft = read_draft(config)
    found = () if is_sound else lint(draft)
    return Reading(config, draft, tuple(sorted({*draft.faults, *found})))


def load_book(config: Path, checked: str | None = None) -> Book:
    """The book in `config`, read once per process as long as its content is unchanged.

    `checked` is the hash of content already found sound: it is not checked again. Raises `BookError` if the
    book is not sound, or differs from the one that was checked.
    """
    found = book_sha256(config)
    if checked is not None and found != checked:
        raise BookError(
            f"{config}: expected the book that this run was planned with, found one that was changed since; "
            "start the run again."
        )
    return _loaded(config, found, is_sound=checked is not None)


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The bytes of a book by the names of its files, and one hash (hex) of all of them."""

    contents: Mapping[str, bytes]

    @property
    def sha256(self) -> str:
        """The sha256 of the names and contents."""
        whole = hashlib.sha256()
        for name, content in self.contents.items():
            whole.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            whole.update(content)
        return whole.hexdigest()


def book_files(config: Path) -> BookFiles:
    """All files of the book and the definitions it uses of the dictionary, in order of their names.

    So what is kept of a book is whole, and a definition that changed makes another book of it.
    """
    paths = [path for path in config.rglob("*") if path.is_file()]
    own = {str(path.relative_to(config)): path.read_bytes() for path in paths}
    return BookFiles(dict(sorted({**_definitions(own.get("organisation.yaml", b"")), **own}.items())))


@lru_cache(maxsize=4)
def _definitions(organisation: bytes) -> Mapping[str, bytes]:
    """The definitions that an organisation.yaml uses, by the names they have in a kept book."""
    used = used_definitions(organisation.decode("utf-8", "replace"))
    return {f"{FOLDER}/{kpi_id}.yaml": content for kpi_id, content in used.items()}


def book_sha256(config: Path) -> str:
    """The sha256 (hex) of the names and contents of all files of the book."""
    return book_files(config).sha256


@lru_cache(maxsize=4)
def _loaded(config: Path, content: str, *, is_sound: bool) -> Book:
    book = read_book(config, is_sound=is_sound).book
    if book_sha256(config) != content:
        raise BookError(f"{config}: the book was changed while it was being read; run again.")
    return replace(book, sha256=content)
