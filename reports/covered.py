"""The characters that our fonts can draw, known without opening a font, which costs a quarter of a second."""

from __future__ import annotations

from functools import cache
from itertools import chain, filterfalse
from pathlib import Path

RANGES = Path(__file__).parent / "fonts" / "characters.txt"
"""Ranges of the characters that can be drawn, in hexadecimal digits; script/font_ranges.py writes it."""


def uncovered(text: str) -> list[str]:
    """The characters of a text that pages would lose, each once and in order."""
    return [*filterfalse(_covered().__contains__, dict.fromkeys(text))]


@cache
def _covered() -> frozenset[str]:
    return frozenset(map(chr, chain.from_iterable(map(_range, RANGES.read_text("utf-8").split()))))


def _range(spelled: str) -> range:
    """The numbers of `0020-007E`, or of one alone."""
    start, _, end = spelled.partition("-")
    return range(int(start, 16), int(end or start, 16) + 1)
