"""From bytes to text: the encodings in which platforms really export."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

import numpy as np

from etl.landing import LandedFile
from scoring.errors import BadFileError

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_QUOTED = re.compile(rb'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text as UTF-8 without a byte order mark; `left_out` are the rows to go without.

    Where `ends` is true, only the end of its last line shows that the file is whole: it has no totals.
    """

    file: str
    content: bytes
    left_out: frozenset[int] = frozenset()
    ends: bool = False


def read_utf8(file: LandedFile) -> Text:
    """The file's text.

    A byte order mark decides; else what is valid UTF-8 is UTF-8, and the rest must be GB18030.
    Raises `BadFileError` for an empty file, for neither encoding, and for NUL characters, which
    are the mark of UTF-16 that lost its mark, or of a spreadsheet that is no text at all.
    """
    content = file.read_bytes()
    if not content.strip():
        raise BadFileError(file.name, expected="a table", found="an empty file")
    text = _decode(file.name, content)
    if b"\0" in text:
        raise BadFileError(
            file.name,
            expected="text",
            found="NUL characters",
            hint="export the report again as CSV (UTF-8) and rerun",
        )
    return Text(file.name, text, file.left_out)


def read_whole_lines(file: LandedFile) -> Text:
    """The text of a file that declares no total: it must end with a line break, as the platform writes it."""
    return replace(read_utf8(file), ends=True)


def refuse_cut_off(text: Text) -> None:
    """Raise `BadFileError` where a last line that has to end breaks off."""
    if text.ends and not text.content.endswith((b"\n", b"\r")):
        raise BadFileError(
            text.file,
            expected="a last line that ends with a line break, as the platform writes it",
            found="one that breaks off",
            hint="the file is possibly cut off; export it again and rerun",
        )


def unquoted(content: bytes) -> bytes:
    """The same lines without line breaks inside quotes: then all in quotes has a `q` in its place."""
    return _QUOTED.sub(b"q", content) if _breaks_in_quotes(content) else content


def _breaks_in_quotes(content: bytes) -> bool:
    """Whether a line break has an odd number of quotes before it. Few files do, and replacing is dear."""
    if b'"' not in content:
        return False
    characters = np.frombuffer(content, np.uint8)
    quotes, breaks = (np.flatnonzero(characters == ord(character)) for character in ('"', "\n"))
    return bool((np.searchsorted(quotes, breaks) % 2).any())


def count_lines(lines: bytes) -> int:
    """How many of the lines (`unquoted`) are not blank. No cell is looked at."""
    if b"\n\n" not in lines and b"\n\r\n" not in lines and b"\n " not in lines:
        lines = lines.strip(b"\r\n ")
        return lines.count(b"\n") + 1 if lines else 0
    return sum(1 for line in lines.split(b"\n") if line.strip(b"\r "))


def _decode(name: str, content: bytes) -> bytes:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _transcode(name, content[len(mark) :], encoding)
    try:
        return _transcode(name, content, "utf-8")
    except BadFileError:
        return _transcode(name, content, "gb18030")


def _transcode(name: str, content: bytes, encoding: str) -> bytes:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFileError(
            name,
            row=line,
            expected="text in UTF-8, UTF-16 or GB18030",
            found=f"the byte {content[error.start : error.start + 1].hex()} that is none of them",
        ) from None
    return content if encoding == "utf-8" else text.encode("utf-8")
