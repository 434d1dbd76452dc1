"""What is known of the fonts without opening them is what they have, and what pages then show."""

from __future__ import annotations

import html
import random
import runpy
import sys
from pathlib import Path
from unicodedata import category

from reports.covered import RANGES, uncovered
from reports.pdf import _engine
from reports.undrawable import lost

ROOT = Path(__file__).parents[2]
SHOWN = (
    "Zoë Łukasz Trần Đức Ünlü Ελένη Жанна 王薇 䶮 ẍ e\u0301 ℃ ≠ ↚ ❤\ufe0f 葛\U000e0100 a\u00adb\u2060c\u200d"
)
"""Latin with accents, Greek, Cyrillic, Chinese, what is made of parts, and what nobody sees."""
LOST = "𠀀 \U00013000 \U00012000 \U0002f800 \u0378 \uffff"
"""A character of dictionaries, scripts of the dead, what parts are not taken for, and what is none."""
OWN = "\ue000\uf8ff\U000f0000"
"""Private Use: nobody but a font's maker knows what it is. Inter has icons at two of these."""


def drawn_without(characters: str) -> set[str]:
    """The characters for which pages show boxes, each drawn by itself."""
    engine, boxes = _engine(), []
    spans = " ".join(f"<span>{html.escape(each)}</span>" for each in characters)
    engine.pages(f"<p>{spans}</p>", engine.fetcher).write_pdf(
        font_config=engine.fonts,
        stylesheets=[engine.css],
        finisher=lambda document, _: boxes.extend(lost(document.fonts.values())),
    )
    return set(boxes)


def test_the_file_is_what_the_fonts_have():
    assert runpy.run_path(str(ROOT / "script/font_ranges.py"))["content"]() == RANGES.read_text("utf-8")


def test_pages_lose_what_is_not_covered_and_nothing_else():
    assert drawn_without(SHOWN) == set(uncovered(SHOWN)) == set()
    without_blanks = LOST.replace(" ", "") + OWN
    assert drawn_without(without_blanks) == set(uncovered(without_blanks)) == set(without_blanks)


def test_any_five_hundred_characters_are_judged_as_pages_draw_them():
    numbers = range(0x20, sys.maxunicode + 1)
    by_kind = {"assigned": [], "none": []}
    for character in map(chr, numbers):
        if (kind := category(character)) not in ("Cc", "Cs"):
            by_kind["none" if kind in ("Cn", "Co") else "assigned"].append(character)
    chosen = random.Random(7)
    some = "".join(chosen.sample(by_kind["assigned"], 450) + chosen.sample(by_kind["none"], 50))
    assert drawn_without(some) == set(uncovered(some))


def test_each_is_named_once_and_in_order():
    assert uncovered("𓀀𓁐 𓀀𓁐𓂀 Luxor") == ["𓀀", "𓁐", "𓂀"]


def test_what_we_ship_can_be_drawn():
    shipped = [*(ROOT / "book/dictionary").rglob("*.yaml"), *(ROOT / "reports/locale").rglob("*.po")]
    assert len(shipped) > 20
    assert {path.name: uncovered(path.read_text("utf-8")) for path in shipped} == {
        path.name: [] for path in shipped
    }
