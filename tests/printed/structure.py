"""The tagged structure of a PDF with the text of its elements: what a reader of screens goes by.

`pdfinfo -struct-text` tells the same, and draws a page anew for each of its elements.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pikepdf

_MARKS = str.maketrans("", "", "\u2068\u2069\u200b")
_GLYPH = re.compile(rb"<([0-9a-f]+)> <([0-9a-f]+)>")
BREAK = "NonStruct"
Texts = dict[tuple[int, int], str]
"""By the number of a page and of a marked content on it."""


@dataclass
class Element:
    """An element, or the text in one (of no kind). `alt` is what is read instead of a drawing."""

    kind: str
    said: str = ""
    alt: str = ""
    inner: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that is said in it."""
        return self.said + "".join(each.text for each in self.inner)

    @property
    def parts(self) -> list[str]:
        """The same, a text for each line that was broken on purpose."""
        groups = groupby(self.inner, lambda each: each.kind == BREAK)
        return ["".join(each.text for each in group) for is_break, group in groups if not is_break]

    def all(self, *kinds: str) -> list[Element]:
        """Every element of these kinds within, in order."""
        found = [inner for each in self.inner for inner in (each, *each.all())]
        return [each for each in found if not kinds or each.kind in kinds]


def structure(pdf: bytes) -> Element:
    """The document."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        texts: Texts = {}
        for page in opened.pages:
            marked = _Marked()
            marked.read(page.obj, page.obj.Resources)
            number = page.obj.objgen[0]
            texts |= {(number, mark): "".join(said).translate(_MARKS) for mark, said in marked.found.items()}
        return Element(
            "Root", inner=[_element(each, texts, 0) for each in _listed(opened.Root.StructTreeRoot.K)]
        )


class _Marked:
    """The text of each marked content of a page, with that of the drawings in it.

    What is in a mark without a number, which only says something of it, is in the one around it.
    """

    def __init__(self) -> None:
        self.found: dict[int, list[str]] = {}
        self._open = [-1]

    def read(self, content: Any, resources: Any) -> None:
        fonts = {name: _characters(font) for name, font in resources.get("/Font", {}).items()}
        characters: dict[bytes, str] = {}
        for operands, operator in pikepdf.parse_content_stream(content):
            what = str(operator)
            if what in ("BDC", "BMC"):
                self._open.append(_mark(operands, self._open[-1]))
            elif what == "EMC":
                self._open.pop()
            elif what == "Tf":
                characters = fonts[str(operands[0])]
            elif what == "TJ":
                self.found.setdefault(self._open[-1], []).append(_shown(operands[0], characters))
            elif what == "Do":
                drawing = resources.XObject[str(operands[0])]
                self.read(drawing, drawing.get("/Resources", resources))


def _mark(operands: Any, around: int) -> int:
    said = operands[1] if len(operands) > 1 else None
    return int(said.MCID) if isinstance(said, pikepdf.Dictionary) and "/MCID" in said else around


def _characters(font: Any) -> dict[bytes, str]:
    """What each glyph stands for."""
    found = _GLYPH.findall(font.ToUnicode.read_bytes().lower())
    texts = ((bytes.fromhex(glyph.decode()), bytes.fromhex(text.decode())) for glyph, text in found)
    return {glyph: text.decode("utf-16-be") for glyph, text in texts}


def _shown(strings: Any, characters: dict[bytes, str]) -> str:
    glyphs = b"".join(bytes(each) for each in strings if isinstance(each, pikepdf.String))
    return "".join(characters[glyphs[at : at + 2]] for at in range(0, len(glyphs), 2))


def _listed(told: Any) -> list[Any]:
    return [*told] if isinstance(told, pikepdf.Array) else [told]


def _element(told: Any, texts: Texts, page: int) -> Element:
    """An element of the structure; `page` is the one that its contents are on, unless they say so."""
    if "/Pg" in told:
        page = told.Pg.objgen[0]
    made = Element(str(told.get("/S", ""))[1:], alt=str(told.get("/Alt", "")).translate(_MARKS))
    for each in _listed(told.get("/K", pikepdf.Array())):
        if isinstance(each, int):
            made.inner.append(Element("", texts.get((page, each), "")))
        elif "/MCID" in each:
            made.inner.append(Element("", texts.get((each.Pg.objgen[0], int(each.MCID)), "")))
        elif each.get("/Type") != "/OBJR":
            made.inner.append(_element(each, texts, page))
    return made


def rows_of(element: Element) -> list[Element]:
    """The rows of a table, without those of tables in it."""
    found = []
    for each in element.inner:
        found += [each] if each.kind == "TR" else [] if each.kind == "Table" else rows_of(each)
    return found


def tables(root: Element) -> list[tuple[list[str], list[Element]]]:
    """Of each table the texts of its head, and its rows below; one that goes over pages is there for each."""
    found = []
    for table in root.all("Table"):
        head, *rows = rows_of(table)
        found.append(([cell.text for cell in head.inner], rows))
    return found
