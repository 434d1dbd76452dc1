"""Write `reports/fonts/characters.txt` anew: which characters pages can show with the shipped fonts.

A test fails where the file is not what the fonts have; this puts it right after a change of fonts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import category, normalize

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reports.covered import RANGES  # noqa: E402 - the checkout comes first

FIRST = "Inter"
NEEDS_NO_GLYPH = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0xAD, 0x34F, 0x61C, 0x1680, 0x17B4, 0x17B5, *range(0x180B, 0x180F)),
    *(*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), 0xFEFF, *range(0xFFF0, 0xFFF9)),
    *(*range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
)
"""Breaks and spaces, and what Unicode lets nobody see, such as joiners and selectors of variants."""


def family(name: str) -> set[int]:
    """The numbers of the characters that a family has in each of its weights.

    Not those of Private Use: what a font has there is its own, such as Inter's icons, and nobody wrote that.
    """
    weights = [set(TTFont(path, lazy=True).getBestCmap()) for path in RANGES.parent.rglob(f"{name}_*.ttf")]
    return {number for number in set.intersection(*weights) if category(chr(number)) != "Co"}


def families() -> set[str]:
    """The names of all families."""
    return {path.name.partition("_")[0] for path in RANGES.parent.rglob("*.ttf")}


def characters() -> set[int]:
    """The numbers of the characters that can be drawn.

    One that no font has is put together from its parts, but only if the first family has them all: it is
    the one that is asked what nobody has.
    """
    first = family(FIRST)
    parts = ((number, normalize("NFD", chr(number))) for number in range(sys.maxunicode + 1))
    composed = {number for number, text in parts if first.issuperset(map(ord, text))}
    return composed.union(NEEDS_NO_GLYPH, *map(family, families()))


def ranges(numbers: Iterable[int]) -> Iterator[str]:
    """The numbers as ranges, such as `0020-007E`."""
    found = set(numbers)
    starts = sorted(each for each in found if each - 1 not in found)
    ends = sorted(each for each in found if each + 1 not in found)
    for start, end in zip(starts, ends, strict=True):
        yield f"{start:04X}" if start == end else f"{start:04X}-{end:04X}"


def content() -> str:
    """The file's content, a range a line."""
    return "".join(f"{each}\n" for each in ranges(characters()))


if __name__ == "__main__":
    RANGES.write_text(content(), "utf-8")
