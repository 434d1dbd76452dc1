"""A file of the book as text, or the fault that prevents it."""

from __future__ import annotations

from pathlib import Path

from book.fault import Fault
from disk import ordinary_bytes


def read_text(root: Path, name: str) -> str | Fault:
    """`root/name` as text, without a byte order mark."""
    try:
        return ordinary_bytes(root / name).decode("utf-8-sig")
    except FileNotFoundError:
        return Fault(name, 0, "expected this file, found none; add it")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Fault(name, line, "expected UTF-8 text, found other bytes; save the file as UTF-8")
    except OSError as error:
        return Fault(name, 0, f"expected a file that can be read, found {error.strerror!r}; fix that")


def visible_files(root: Path, folder: str) -> list[Path]:
    """The content of `root/folder`, without hidden files of editors and systems."""
    hidden = (".", "~$")
    return sorted(path for path in (root / folder).glob("*") if not path.name.startswith(hidden))


def wrong_ending(name: str, ending: str) -> Fault:
    """The fault of a file that would be ignored because of its ending."""
    return Fault(name, 0, f"expected a name that ends in {ending}, found another; rename or remove the file")
