"""Texts of which a spreadsheet has put every line into one quoted cell."""

from __future__ import annotations

import re

_LINE = re.compile(rb'"((?:[^"]|"")*)"\r?')
_BARE = re.compile(rb'[^",;\t|]*\r?')
_WRAPPED_OR_BARE = re.compile(rb"%b|%b" % (_LINE.pattern, _BARE.pattern))
_PARTED = re.compile(rb"[,;\t|]")


def unwrapped(text: bytes) -> bytes:
    """The text without the quotes around its lines, where all that have a separator are quoted whole.

    So a spreadsheet saves what it took for one column, because its own separator is another.
    """
    first = next(filter(_PARTED.search, text[:4096].split(b"\n")), b"")
    if not _LINE.fullmatch(first):
        return text
    lines = text.split(b"\n")
    if not all(map(_WRAPPED_OR_BARE.fullmatch, lines)):
        return text
    return b"\n".join(map(_without_quotes, lines))


def _without_quotes(line: bytes) -> bytes:
    found = _LINE.fullmatch(line)
    return line if found is None else found[1].replace(b'""', b'"')
