"""Work that WeasyPrint does for any document and that no page of ours needs: left out, to the same bytes.

WeasyPrint reads whatever a browser reads, in Python; styles five kinds of notes of each element; has the
declaration of an array read anew for each length of it; and shapes each text once more to draw it. Together
that is a quarter of a card's cost.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

_NOTES = re.compile("^::(?:footnote|note)-[^\n]*\n", re.MULTILINE)
"""Rules for notes in the style sheet of all documents: they match every element, and none of ours is one."""
_MARKERS = re.compile("^::marker ", re.MULTILINE)
"""The one for the signs before the items of a list, which matches every element, too."""
_PARAGRAPHS = re.compile("[\n\r\u2028\u2029]")
_LENGTH = re.compile(r"\[[0-9]+\]$")


def spare_rules(rules: str) -> str:
    """The style sheet of all documents without what only costs."""
    return _MARKERS.sub("li::marker ", _NOTES.sub("", rules))


def pages_class(html: Any, wrapped: Any, rules: Any) -> Any:
    """WeasyPrint's `HTML` for pages that are well-formed as XML, too; others it reads as it always does.

    `wrapped` is what it wraps elements in, and `rules` the style sheet of all documents.
    """

    def read(self: Any, source: str, url_fetcher: Any) -> None:
        try:
            root = read_pages(source)
        except ParseError:
            html.__init__(self, string=source, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = wrapped.from_html_root(root, content_language=None)
        self.etree_element = root

    def styles_of_all(_: Any, forms: bool = False) -> list[Any]:
        return [rules]

    return type("Pages", (html,), {"__init__": read, "_ua_stylesheets": styles_of_all})


def read_pages(source: str) -> Element:
    """The root of pages as the XML they are. Raises `ParseError` if they are none, or no whole document."""
    parser: XMLPullParser[Element] = XMLPullParser(["start"])
    # XML would take a tab in an attribute for a blank
    parser.feed(source.replace("\t", "&#9;"))
    parser.close()
    first: Any = next(parser.read_events())
    root: Element = first[1]
    if root.tag != "html":
        raise ParseError("not a whole document")
    return root


class OneArrayType:
    """The `ffi` of `weasyprint.pdf.fonts`, for which lists of all lengths are of one type."""

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, kind: str, *values: Any) -> Any:
        """An array that is as long as its values."""
        return self._ffi.new(_LENGTH.sub("[]", kind) if values else kind, *values)


def shape_once(lines: Any) -> None:
    """Have `weasyprint.text.line_break` keep the shape of a text from its layout until it is drawn.

    It drops each, for pages are laid out long before they are drawn, and a document may have thousands. What
    is spaced to fill its lines is not the same when it is drawn, and is shaped again.
    """
    layout: Any = lines.Layout
    set_text, drop, shape_again = layout.set_text, layout.deactivate, layout.reactivate

    @wraps(set_text)
    def set_as_drawn(self: Any, text: str, justify: bool = False) -> None:
        # a change of the mode before it is drawn would have it shaped again
        if not _PARAGRAPHS.search(text):
            lines.pango.pango_layout_set_single_paragraph_mode(self.layout, True)
        set_text(self, text, justify)

    @wraps(drop)
    def keep(self: Any) -> None:
        """Nothing is dropped."""

    @wraps(shape_again)
    def draw_as_set(self: Any, style: Any) -> None:
        if self.justification_spacing:
            shape_again(self, style)

    layout.set_text, layout.deactivate, layout.reactivate = set_as_drawn, keep, draw_as_set
