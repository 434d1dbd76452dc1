"""From bytes to text: the encodings in which platforms really export."""

from __future__ import annotations

import codecs

from etl.landing import LandedFile
from scoring.errors import BadFileError

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_utf8(file: LandedFile) -> bytes:
    """The file's text as UTF-8 without a byte order mark.

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
    return text


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
