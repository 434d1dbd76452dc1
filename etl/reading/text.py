"""From bytes to text: the encodings that platforms actually export."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from etl.landing import LandedFile
from etl.reading.door import kind_of
from scoring.errors import BadFileError

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MOST_LINES = 1_000_000
_PART = 2**20
_AS_CSV = "export the report again as CSV (UTF-8) and rerun"
_BREAK, _RETURN, _QUOTE = ord("\n"), ord("\r"), ord('"')
_BLANKS = np.frombuffer(b"\r ", np.uint8)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text as UTF-8 without a byte order mark; `left_out` are the rows to skip.

    If `ends` is true, the file has no totals, and only the end of its last line shows that it is complete.
    """

    file: str
    content: bytes
    left_out: frozenset[int] = frozenset()
    ends: bool = False


def read_utf8(file: LandedFile) -> Text:
    """The file's text.

    A byte order mark decides; else what is valid UTF-8 is UTF-8, and the rest must be GB18030. Raises
    `BadFileError` for an empty file, for neither encoding, and for NUL characters, which mean UTF-16 without
    its mark, or a spreadsheet rather than text.
    """
    text = _decoded(file)
    if b"\0" in text:
        raise BadFileError(
            file.name,
            expected="text",
            found="NUL characters",
            hint=_AS_CSV,
        )
    _refuse_many_lines(file.name, text)
    _refuse_bare_returns(file.name, text)
    return Text(file.name, text, file.left_out)


def _decoded(file: LandedFile) -> bytes:
    """The text in UTF-8; the bytes of the file are let go of."""
    content = file.read_bytes()
    if not content or content.isspace():
        raise BadFileError(file.name, expected="a table", found="an empty file")
    kind = kind_of(content)
    if kind is not None:
        raise BadFileError(file.name, expected="a table as text", found=kind, hint=_AS_CSV)
    return _decode(file.name, content)


def _refuse_many_lines(name: str, text: bytes) -> None:
    count = text.count(b"\n")
    if count > MOST_LINES:
        raise BadFileError(
            name,
            expected=f"at most {MOST_LINES:,} lines",
            found=f"{count:,}",
            hint="export fewer rows at once, a campaign or a day for a row instead of more, and rerun",
        )


def _refuse_bare_returns(name: str, text: bytes) -> None:
    """A carriage return alone ends a line for some and not for others; in quotes it is part of a cell."""
    if text.count(b"\r") == text.count(b"\r\n"):
        return
    place = _bare_return(np.frombuffer(text, np.uint8))
    # a file cut off between the two has its last line all the same
    if place is not None and place < len(text) - 1:
        before, _ = _breaks(np.frombuffer(text, np.uint8, place)) if place else ((), 0)
        raise BadFileError(
            name,
            row=len(before) + 1,
            expected="lines that end with a line feed",
            found="a carriage return alone",
            hint=_AS_CSV,
        )


def read_whole_lines(file: LandedFile) -> Text:
    """The text of a file that declares no total: it must end with a line break, as the platform writes it."""
    return replace(read_utf8(file), ends=True)


def refuse_cut_off(text: Text) -> None:
    """Raise `BadFileError` if the last line lacks its line break."""
    if text.ends and not text.content.endswith((b"\n", b"\r")):
        raise BadFileError(
            text.file,
            expected="a last line that ends with a line break, as the platform writes it",
            found="one that breaks off",
            hint="the file is possibly cut off; export it again and rerun",
        )


@dataclass(frozen=True, slots=True)
class Lines:
    """Facts about a table's lines without parsing their cells: how many are not blank, which is the first
    blank one (counted from 0), and whether a quote is open at the end. A line break inside quotes ends no
    line.
    """

    filled: int
    first_blank: int | None
    is_quote_open: bool


def lines_of(content: bytes | memoryview) -> Lines:
    """Count the lines, by where quotes and line breaks stand."""
    if not len(content):
        return Lines(0, None, is_quote_open=False)
    characters = np.frombuffer(content, np.uint8)
    breaks, quotes = _breaks(characters)
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(content)]))
    # few lines begin like a blank one; only those are checked
    first = characters[np.minimum(starts, len(content) - 1)]
    begin_blank = (starts == ends) | np.isin(first, _BLANKS)
    blank = [
        int(index)
        for index in np.flatnonzero(begin_blank)
        if not bytes(content[starts[index] : ends[index]]).strip(b"\r ")
    ]
    return Lines(len(starts) - len(blank), blank[0] if blank else None, is_quote_open=bool(quotes % 2))


def _breaks(characters: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], int]:
    """Where lines end, and how many quotes there are; a part at a time, to save memory."""
    found, quotes_before = [], 0
    for begin in range(0, len(characters), _PART):
        part = characters[begin : begin + _PART]
        breaks, quotes = (np.flatnonzero(part == character) for character in (_BREAK, _QUOTE))
        outside = (np.searchsorted(quotes, breaks) + quotes_before) % 2 == 0
        found.append(breaks[outside] + begin)
        quotes_before += len(quotes)
    return np.concatenate(found), quotes_before


def _bare_return(characters: npt.NDArray[np.uint8]) -> int | None:
    """Where the first carriage return outside quotes stands that no line feed follows."""
    quotes_before = 0
    for begin in range(0, len(characters), _PART):
        # one more, to see what follows
        part = characters[begin : begin + _PART + 1]
        returns, quotes = (np.flatnonzero(part[:_PART] == character) for character in (_RETURN, _QUOTE))
        bare = returns[part[np.minimum(returns + 1, len(part) - 1)] != _BREAK]
        outside = bare[(np.searchsorted(quotes, bare) + quotes_before) % 2 == 0]
        if len(outside):
            return begin + int(outside[0])
        quotes_before += len(quotes)
    return None


def _decode(name: str, content: bytes) -> bytes:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _transcode(name, content[len(mark) :], encoding)
    try:
        return _transcode(name, content, "utf-8")
    except BadFileError:
        return _transcode(name, content, "gb18030")


def _transcode(name: str, content: bytes, encoding: str) -> bytes:
    """The content in UTF-8; a part at a time, for the whole as characters would need four times the memory.

    Raises `BadFileError` unless it is in `encoding`.
    """
    parts = _transcoded(name, content, encoding)
    if encoding == "utf-8":
        deque(parts, maxlen=0)  # it is what it was: only looked at
        return content
    return b"".join(parts)


def _transcoded(name: str, content: bytes, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    view, begin = memoryview(content), 0
    try:
        for begin in range(0, len(content), _PART):
            text = decoder.decode(bytes(view[begin : begin + _PART]), final=begin + _PART >= len(content))
            yield b"" if encoding == "utf-8" else text.encode()
    except UnicodeDecodeError as error:
        # the decoder's position counts the bytes it kept from the part before
        kept = len(error.object) - len(view[begin : begin + _PART])
        raise _undecodable(name, content, begin - kept + error.start) from None


def _undecodable(name: str, content: bytes, position: int) -> BadFileError:
    return BadFileError(
        name,
        row=content.count(b"\n", 0, position) + 1,
        expected="text in UTF-8, UTF-16 or GB18030",
        found=f"the byte {content[position : position + 1].hex()} that is none of them",
    )
