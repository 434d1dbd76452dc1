"""A workbook from outside: a packed archive, unpacked and held small before any library sees it.

One way for every workbook, an export, a form and the book's own. What the archive says of itself need not be
so: parts are unpacked piece by piece up to a limit, held against their checksums and packed again without
compression. What is small and plain is then read at once; the rest in a process with a budget.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from processes.guarded import BrokenError, BudgetError, guarded
from scoring.errors import BadFileError, ScorewrightError

T = TypeVar("T")

WORKBOOK = "an Excel workbook (.xlsx)"
_ENTRY = b"PK\x01\x02"
_PIECE = 64 * 2**10
_PLAIN_BYTES = 256 * 2**10
# a library may look at a long text, a formula or a format again and again
_LONG = re.compile(rb"[^<]{1000}")
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CONTENTS = "[Content_Types].xml"


class BadWorkbookError(ScorewrightError):
    """No workbook, or one that is too large to be read; the caller says which file it is and what to do."""

    def __init__(self, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"expected {expected}, found {found}")

    def __reduce__(self) -> tuple[type[BadWorkbookError], tuple[str, str]]:
        return BadWorkbookError, (self.expected, self.found)


@contextmanager
def refusing(file: str, expected: str = "", damaged: str = "{}") -> Iterator[None]:
    """What keeps an export from being read as a `BadFileError` that was `expected` to be something else."""
    try:
        yield
    except BadWorkbookError as error:
        raise BadFileError(file, expected=error.expected, found=error.found) from None
    except BudgetError as error:
        raise BadFileError(file, expected=expected, found=error.found) from None
    except BrokenError as error:
        raise BadFileError(file, expected=expected, found=damaged.format(error.found)) from None


@dataclass(frozen=True, slots=True)
class Room:
    """How much is read: `parts` of the archive, `unpacked` bytes of all of them, in so many `seconds`.

    `is_apart` for readers that are not Python: they may bring their process down.
    """

    unpacked: int
    parts: int = 1000
    seconds: int = 3
    is_apart: bool = False


def read_workbook(content: bytes, room: Room, reader: Callable[..., T], *arguments: Any) -> T:
    """What `reader`, a function of a module, makes of the workbook's bytes and the `arguments`.

    The bytes it gets are those of an archive that is sound, not compressed and within `room`. It may raise
    a `BadWorkbookError`. So does this, for everything that keeps it from being read.
    """
    parts = unpacked(content, room)
    if _CONTENTS not in parts:
        raise BadWorkbookError(WORKBOOK, f"a packed file without {_CONTENTS}")
    is_plain, safe = not room.is_apart and _is_plain(parts), _packed(parts)
    del parts
    with _called_bad():
        if is_plain:
            return _read_here(reader, safe, arguments)
        return guarded(reader, safe, *arguments, seconds=room.seconds)


@contextmanager
def _called_bad() -> Iterator[None]:
    """What keeps a workbook from being read as a `BadWorkbookError`."""
    try:
        yield
    except BrokenError as error:
        raise BadWorkbookError(WORKBOOK, f"one that cannot be read ({error.found})") from None
    except BudgetError as error:
        raise BadWorkbookError("a workbook that is small enough to be read", error.found) from None
    except OSError as error:
        raise BadWorkbookError(
            "a system that can start a process to read it in", str(error.strerror)
        ) from None


def _read_here(reader: Callable[..., T], content: bytes, arguments: tuple[Any, ...]) -> T:
    try:
        return reader(content, *arguments)
    except ScorewrightError:
        raise
    # openpyxl lets through whatever its parsers raise where the archive holds something else
    except Exception as error:
        raise BrokenError(type(error).__name__) from None


def unpacked(content: bytes, room: Room) -> dict[str, bytes]:
    """The parts of an archive by name; raises `BadWorkbookError` where they are more than there is room."""
    # each part has one of these marks in the archive's contents, which are read whole
    if content.count(_ENTRY) > room.parts:
        raise BadWorkbookError(f"at most {room.parts:,} parts", "more")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_large(archive.infolist(), room)
            return _parts(archive, room)
    except BadWorkbookError:
        raise
    except zipfile.BadZipFile as error:
        raise BadWorkbookError(WORKBOOK, _damaged(content, error)) from None
    # zipfile itself breaks on some archives: packed in a way it does not know, encrypted, with other names
    except Exception as error:
        raise BadWorkbookError(WORKBOOK, f"one that cannot be unpacked ({type(error).__name__})") from None


def _damaged(content: bytes, error: zipfile.BadZipFile) -> str:
    # a damaged part says which one it is
    found = "a damaged one" if zipfile.is_zipfile(io.BytesIO(content)) else "something else"
    return f"{found} ({error})"


def _refuse_large(entries: list[zipfile.ZipInfo], room: Room) -> None:
    size = sum(entry.file_size for entry in entries)
    if len(entries) > room.parts:
        raise BadWorkbookError(f"at most {room.parts:,} parts", f"{len(entries):,} with {size:,} bytes")
    if size > room.unpacked:
        raise BadWorkbookError(f"at most {room.unpacked:,} bytes unpacked", f"{size:,}")


def _parts(archive: zipfile.ZipFile, room: Room) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = room.unpacked
    for entry in archive.infolist():
        if entry.filename in parts:
            raise BadWorkbookError(WORKBOOK, f"a packed file that has {entry.filename[:100]!r} twice")
        with archive.open(entry) as file:
            parts[entry.filename] = part = _part(file, left)
        left -= len(part)
        if left < 0:
            raise BadWorkbookError(f"at most {room.unpacked:,} bytes unpacked", "more")
        _refuse_declarations(entry.filename, part)
    return parts


def _part(file: Any, most: int) -> bytes:
    """The bytes of a part, piece by piece, up to one more than `most`."""
    pieces, size = [], 0
    while size <= most and (piece := file.read(min(_PIECE, most + 1 - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _refuse_declarations(name: str, part: bytes) -> None:
    """A spreadsheet declares no entities; what does may grow a thousandfold when it is read."""
    if _DECLARED.search(part.replace(b"\0", b"")):
        raise BadWorkbookError(WORKBOOK, f"one that declares entities in {name[:100]!r}")


def _packed(parts: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()


def _is_plain(parts: Mapping[str, bytes]) -> bool:
    """Whether reading it takes no time to speak of, whatever stands in it."""
    if len(parts) > 100 or sum(map(len, parts.values())) > _PLAIN_BYTES:
        return False
    # a shared formula is written out for each of its cells
    return not any(b'"shared"' in part or _LONG.search(part) for part in parts.values())
