"""Makes text safe to open in a spreadsheet."""

from __future__ import annotations

# a spreadsheet reads a cell that begins like this as a formula, even after white space, which it drops
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text, with a leading apostrophe if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
