"""The door for the bytes of an export: a file of the exports folder, of a size that can be read, of a kind.

What is behind it may break on what it is given; nothing of that leaves as a traceback.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path

from etl.landing import LandedFile
from scoring.errors import BadFileError, ScorewrightError

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
MOST_MEGABYTES = 64
"""What an export may weigh unless `SCOREWRIGHT_MAX_EXPORT_MB` says otherwise.

Reading one takes about five times as much memory."""

_MOVE = "move it away and export the file"
_WHY: Mapping[int | None, str] = {
    errno.EMFILE: "raise the limit of open files (ulimit -n) and rerun",
    errno.ENFILE: "close other programs, or raise the machine's limit of open files, and rerun",
    errno.EACCES: "give the user who runs this the right to read it and rerun",
    errno.EPERM: "give the user who runs this the right to read it and rerun",
    errno.ENOENT: "export the file again and rerun",
    errno.ELOOP: _MOVE,
}
_CALLED = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
DATABASE = "a database"
_MARK = rb"(?:\xef\xbb\xbf)?"
_KINDS = tuple(
    (re.compile(form, re.DOTALL), kind)
    for form, kind in (
        (rb"PK\x03\x04", "an Excel workbook or another packed file"),
        (rb"PK\x05\x06", "an empty packed file"),
        (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
        (rb"\x1f\x8b", "a file packed by gzip"),
        (rb"7z\xbc\xaf", "a file packed by 7-Zip"),
        (rb"%PDF-", "a PDF"),
        (rb"\x89PNG|\xff\xd8\xff", "a picture"),
        (rb"SQLite format 3\0|.{8}DUCK", DATABASE),
        (rb"PAR1", "a Parquet file"),
        (_MARK + rb"\s*[\[{]\s*[\[{\"]", "JSON in one piece"),
        (
            _MARK + rb"\s*<\?xml.{0,400}urn:schemas-microsoft-com:office:spreadsheet",
            "an Excel workbook as XML",
        ),
        (_MARK + rb"\s*<\?xml", "XML"),
    )
)


def read_export(path: Path, exports: Path, most_megabytes: int = MOST_MEGABYTES) -> bytes:
    """The content of a file below `exports`.

    Raises `BadFileError` for what is no file (a folder, a pipe, a device), for a link that leads out of the
    folder, for a file that cannot be opened, and for one of more than `most_megabytes`.
    """
    name = path.relative_to(exports).as_posix()
    with opening(name):
        inside = _inside(name, path, exports)
        # a pipe would keep its reader waiting, and what is looked at may be another file by now
        handle = os.open(inside, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            _refuse_no_file(name, found.st_mode)
            refuse_large(name, found.st_size, most_megabytes)
            content = file.read(most_megabytes * MEGABYTE + 1)
    refuse_large(name, len(content), most_megabytes)
    return content


@contextmanager
def opening(name: str) -> Iterator[None]:
    """What the system refuses to open as a `BadFileError` of `name`."""
    try:
        yield
    except OSError as error:
        raise BadFileError(
            name,
            expected="a file that can be read",
            found=repr(error.strerror or type(error).__name__),
            hint=_WHY.get(error.errno, "see to the disk it lies on and rerun"),
        ) from None


def _inside(name: str, path: Path, exports: Path) -> Path:
    """Where the file really lies; raises `BadFileError` where that is not below `exports`."""
    try:
        real = path.resolve(strict=True)
    except RuntimeError:  # how Python up to 3.12 says that links go round in a circle
        raise BadFileError(name, expected="a file", found="a link to itself", hint=_MOVE) from None
    if not real.is_relative_to(exports.resolve()):
        raise BadFileError(
            name,
            expected="a file of the exports folder",
            found=f"a link that leads out of it, to {real}",
            hint="put the file itself there and rerun",
        )
    _refuse_no_file(name, real.lstat().st_mode)
    return real


def _refuse_no_file(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        found = _CALLED.get(stat.S_IFMT(mode), "a device")
        raise BadFileError(name, expected="a file", found=found, hint=_MOVE)


def refuse_large(name: str, size: int, most_megabytes: int) -> None:
    """Raise `BadFileError` for a file of more than `most_megabytes`."""
    if size > most_megabytes * MEGABYTE:
        raise BadFileError(
            name,
            expected=f"at most {most_megabytes:,} MB",
            found=f"{size / MEGABYTE:,.1f} MB",
            hint="export fewer columns or less at once; if the file must be so large, raise "
            "SCOREWRIGHT_MAX_EXPORT_MB and rerun",
        )


def kind_of(content: bytes) -> str | None:
    """What a file that holds no table as text is, by its first bytes; None where they may begin one."""
    return next((kind for form, kind in _KINDS if form.match(content[:2000])), None)


@contextmanager
def reading(files: Sequence[LandedFile]) -> Iterator[None]:
    """Whatever a reader of `files` breaks on, as a `BadFileError` that names them.

    A reader refuses what it knows; this is for what nobody thought of. The traceback goes into the log.
    """
    try:
        yield
    except ScorewrightError:
        raise
    except Exception as error:
        log.info("a reader broke on %s", ", ".join(map(attrgetter("name"), files)), exc_info=True)
        raise BadFileError(
            " and ".join(map(attrgetter("name"), files)),
            expected="a file that its reader understands",
            found=_summary(error),
            hint="the file may be damaged; export it again in its place and rerun, and if the new one is "
            "refused, too, send this sentence to whoever looks after the program",
        ) from None


def _summary(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "one that needs more memory than there is"
    text = " ".join(str(error).split())
    return f"something else ({type(error).__name__}{f': {text[:120]}' if text else ''})"
