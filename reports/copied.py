"""Text that can be copied out of pages, and read aloud, in scripts whose letters are not drawn one by one.

A page has glyphs, and for each glyph the text it stands for. In Thai and the scripts of India a mark is drawn
before, above or inside of the letter it follows, so that no order of glyphs gives the text back. There each
line says its text besides. WeasyPrint has no way to ask for it: two of its functions are wrapped.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from reports.directions import APART, TOGETHER

_MARKED = re.compile(
    "[\u0900-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\ua82f\ua880-\ua9ff\uaa00-\uaaff\uabc0-\uabff"
    "\U00011000-\U00011fff]"
)
"""India, Tibet, south-east Asia, Mongolia."""
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001eeff]")
"""Readers of PDF turn what such a line says around, while its glyphs are read well."""
_COPIED = {**str.maketrans("", "", f"{APART}{TOGETHER}"), **str.maketrans("−", "-")}
"""What copied text is without, and the minus as a spreadsheet takes it."""
_ONE = {"لا": "ﻻ", "لأ": "ﻷ", "لإ": "ﻹ", "لآ": "ﻵ"}
"""Lam and alef are drawn as one; readers that turn a line around would turn these two around once more."""
NO_TEXT = "\u200b"
"""For a glyph whose text its neighbour has: PDF/UA forbids none at all, and this one has no width."""


def tell_text(draw: Any, pdf: Any) -> None:
    """Have `weasyprint.draw.text` and `weasyprint.pdf` tell the text of what they draw."""
    draw.draw_first_line = _with_text(draw.draw_first_line)
    pdf.build_fonts_dictionary = _without_gaps(pdf.build_fonts_dictionary)


def _with_text(draw: Any) -> Any:
    @wraps(draw)
    def drawn(stream: Any, textbox: Any, *how: Any) -> Any:
        text = textbox.text.translate(_COPIED)
        if not _MARKED.search(text) or _BACKWARDS.search(text):
            return draw(stream, textbox, *how)
        stream.stream.append(f"/Span <</ActualText <feff{text.encode('utf-16-be').hex()}>>> BDC")
        emojis = draw(stream, textbox, *how)
        stream.stream.append("EMC")
        return emojis

    return drawn


def _without_gaps(build: Any) -> Any:
    @wraps(build)
    def built(pdf: Any, fonts: dict[str, Any], *how: Any) -> Any:
        for font in fonts.values():
            told = ((glyph, _ONE.get(text, text) or NO_TEXT) for glyph, text in font.to_unicode.items())
            font.to_unicode = dict(told)
        return build(pdf, fonts, *how)

    return built
