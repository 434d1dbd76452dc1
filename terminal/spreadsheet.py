"""Text in a CSV that somebody will open in a spreadsheet."""

from __future__ import annotations

# a spreadsheet takes a cell that begins so for a formula, also after the white space it drops
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
