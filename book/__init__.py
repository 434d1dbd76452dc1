"""The organisation's book: `config/` read, held against itself, and given as values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from book.fault import Fault
from book.files.draft import Draft, read_draft
from book.lint.warnings import warnings_of
from book.lint.whole import lint
from book.model import Book, Manager, Owned, Team
from book.values import book_of
from scoring.errors import BookError

__all__ = ["Book", "Fault", "Manager", "Owned", "Team", "check_book", "check_warnings", "load_book"]


def check_book(config: Path) -> list[Fault]:
    """Everything that is wrong with the book in `config`, by file and line; empty where it is sound."""
    return _read(config)[1]


def check_warnings(config: Path, today: date) -> list[Fault]:
    """What is no fault and yet worth a look, by file and line; nothing where the book cannot be read."""
    return sorted(set(warnings_of(_read(config)[0], today)))


def load_book(config: Path) -> Book:
    """The book in `config`; raises `BookError`, which lists every fault, where it is not sound."""
    draft, faults = _read(config)
    if len(faults) == 1:
        raise BookError(f"{config}/{faults[0]}.")
    if faults:
        listed = "\n  ".join(str(fault) for fault in faults)
        raise BookError(f"{config}: expected a sound book, found {len(faults)} faults:\n  {listed}")
    return book_of(draft)


def _read(config: Path) -> tuple[Draft, list[Fault]]:
    if not config.is_dir():
        missing = Fault(".", 0, "expected the folder of the book, found none; correct SCOREWRIGHT_CONFIG")
        return Draft(), [missing]
    draft = read_draft(config)
    return draft, sorted({*draft.faults, *lint(draft)})
