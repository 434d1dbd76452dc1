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
        """The book as values; raises what `refuse_faults` raises."""
        self.refuse_faults()
        return book_of(self.draft)

    def refuse_faults(self) -> None:
        """Raise `BookError`, which lists every fault, if the book is not sound."""
        if len(self.faults) == 1:
            raise BookError(f"{self.config}/{self.faults[0]}.")
        if self.faults:
            listed = "\n  ".join(told(self.faults))
            raise BookError(
                f"{self.config}: expected a sound book, found {len(self.faults)} faults:\n  {listed}"
            )

    def warnings(self, today: date) -> list[Fault]:
        """The warnings: worth a look but not faults, by file and line."""
        return sorted(set(warnings_of(self.draft, today)))


def read_book(config: Path) -> Reading:
    """Read the book in `config` and check it."""
    return _checked(_read(config))


def _read(config: Path) -> Reading:
    """The files, each read alone."""
    if not config.is_dir():
        setting = "`book` in scorewright.toml or SCOREWRIGHT_CONFIG"
        missing = Fault(".", 0, f"expected the folder of the book, found none; correct {setting}")
        return Reading(config, Draft(), (missing,))
    draft = read_draft(config)
    return Reading(config, draft, tuple(sorted(set(draft.faults))))


def _checked(reading: Reading) -> Reading:
    """The files held against each other, too, if there is a book at all."""
    if not reading.config.is_dir():
        return reading
    return replace(reading, faults=tuple(sorted({*reading.faults, *lint(reading.draft)})))


def load_book(config: Path, checked: str | None = None) -> Book:
    """The book in `config`, read once per process as long as its content is unchanged.

    `checked` is the hash of content already found sound: it is not checked again. Raises `BookError` if the
    book is not sound, or differs from the one that was checked.
    """
    found = book_sha256(config)
    if checked is None:
        _refuse_unsound(config, found)
    elif found != checked:
        raise BookError(
            f"{config}: expected the book that this run was planned with, found one that was changed since; "
            "start the run again."
        )
    return _loaded(config, found)


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
def _loaded(config: Path, content: str) -> Book:
    return replace(_read_once(config, content).book, sha256=content)


@lru_cache(maxsize=4)
def _refuse_unsound(config: Path, content: str) -> None:
    _checked(_read_once(config, content)).refuse_faults()


@lru_cache(maxsize=4)
def _read_once(config: Path, content: str) -> Reading:
    """The files, which have that content; raises `BookError` if they were changed meanwhile."""
    reading = _read(config)
    if book_sha256(config) != content:
        raise BookError(f"{config}: the book was changed while it was being read; run again.")
    return reading
