"""Mails hold in the programs that people read them with: against what caniemail.com has tested of each.

`caniemail.json` is cut to what mails use. Of QQ Mail and 163 it knows nothing; Outlook for Windows, which draws
mails by Word, knows least of all that it knows.
"""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.mail import LeftOut, MailNotes, mail_body
from reports.notices import Asked, Asking, marks_notice
from scoring.text import LocalText

KNOWN = json.loads(Path(__file__).with_name("caniemail.json").read_text("utf-8"))
VOID = {"meta", "br"}

ELEMENTS = {
    **dict.fromkeys(("html", "head", "meta", "title", "br", "a"), ()),
    **dict.fromkeys(("table", "tr", "td", "th"), ("html-table",)),
    **dict.fromkeys(("ul", "li"), ("html-lists",)),
    **{tag: (f"html-{tag}",) for tag in ("body", "div", "p", "span", "strong", "style")},
    "h1": ("html-h1-h6",),
}
ATTRIBUTES = {
    **dict.fromkeys(("charset", "name", "content", "class", "style", "scope", "href", "xmlns:o"), ()),
    **{name: (f"html-{name}",) for name in ("align", "cellpadding", "cellspacing", "lang", "role", "width")},
}
"""Which of what was tested an element or an attribute is; nothing where every program knows it."""

PROPERTIES = {
    **dict.fromkeys(("color", "mso-hide", "border-color"), ()),
    **dict.fromkeys(("border-left", "border-bottom"), ("css-border",)),
    "display": ("css-display-none",),
    "font-family": ("css-font",),
    **{
        name: (f"css-{name}",)
        for name in (
            *("background-color", "border-collapse", "color-scheme", "font-size", "font-weight"),
            *("line-height", "margin", "max-height", "max-width", "overflow", "padding", "text-align"),
            *("white-space", "width", "word-break"),
        )
    },
}
ALWAYS = (
    *("html-doctype", "html-comments", "html-meta-color-scheme", "css-color-scheme", "css-important"),
    *("css-at-media", "css-at-media-prefers-color-scheme", "css-selector-class"),
    *("css-unit-px", "css-unit-percent"),
)
"""What stands in the style sheet, or outside of the elements."""

ON_ITS_OWN = r'<table class="card ink"[^>]*background-color:#FFFFFF;[^>]*color:#14213A;'
HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all;"
STANDS_IN = {
    **dict.fromkeys(("css-at-media", "css-at-media-prefers-color-scheme", "css-selector-class"), ON_ITS_OWN),
    **dict.fromkeys(("css-color-scheme", "html-meta-color-scheme", "html-style"), ON_ITS_OWN),
    **dict.fromkeys(("css-display-none", "css-max-height", "css-overflow"), HIDDEN),
    "html-body": r'<body class="page"[^>]*>(\n<div[^>]*>.*</div>)?\n<table class="page"[^>]* width="100%"',
    # a score is too short to be broken, and Word draws what it likes without a doctype, too
    "css-white-space": r"white-space:nowrap;\">[–0-9.,]{1,8}</td>|</html>",
    "html-doctype": r"^<!DOCTYPE html>",
}
"""What a mail must have for a program that does not know a thing, as a pattern."""


@dataclass
class Piece:
    """A text as it is drawn, with its colours."""

    text: str
    color: str
    ground: str


@dataclass
class Reading(HTMLParser):
    """A mail as a program reads it: which elements, attributes and properties it has, and its texts."""

    dark: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    pieces: list[Piece] = field(default_factory=list)
    open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag, attrs) -> None:
        self.used.update(ELEMENTS[tag])
        for name, _ in attrs:
            self.used.update(ATTRIBUTES[name])
        given = dict(attrs)
        style = dict(declarations(given.get("style", "")))
        self.used.update(feature for name in style for feature in PROPERTIES[name])
        if tag in VOID:
            return
        for name in given.get("class", "").split():
            style |= self.dark.get(name, {})
        inherited = self.open[-1][1] if self.open else {"color": "#000000", "background-color": "#FFFFFF"}
        kept = {name: style[name] for name in ("color", "background-color", "display") if name in style}
        self.open.append((tag, inherited | kept))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data) -> None:
        if data.strip() and self.open and not {tag for tag, _ in self.open} & {"style", "title"}:
            style = self.open[-1][1]
            if style.get("display") != "none":
                self.pieces.append(Piece(data.strip(), style["color"], style["background-color"]))


def declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(None, map(str.strip, style.split(";"))):
        name, _, value = declaration.partition(":")
        yield name.strip(), value.replace("!important", "").strip()


def read(html: str, dark=None) -> Reading:
    reading = Reading(dark or {})
    reading.feed(html)
    reading.close()
    assert reading.open == []
    return reading


def dark_rules(html: str) -> dict[str, dict[str, str]]:
    (media,) = re.findall(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}\n", html, re.DOTALL)
    return {name: dict(declarations(body)) for name, body in re.findall(r"\.([\w-]+) \{(.*?)\}", media)}


def in_word(html: str) -> str:
    """What Word reads: its own comments opened, and what is not for it taken out."""
    html = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.DOTALL)


def notice(language) -> str:
    asked = [Asked(LocalText("EU", "欧洲"), "2026-10", (LocalText("NPS", "净推荐值"),))]
    asking = Asking("Ana", LocalText("Lindner", "林德纳"), language, ("scorewright appraisal form x",))
    return marks_notice(asking, asked).html


def mail(make_card, language) -> str:
    notes = MailNotes(LocalText("Jana Roth", "罗晓婷"))
    left_out = (LeftOut(("a.pdf",), "https://cards.example/a.pdf"),)
    return mail_body(make_card(language, findings=8, missing=("leads",)), notes=notes, left_out=left_out).html


@pytest.fixture(scope="module", params=["mail in English", "mail in Chinese", "a notice", "several cards"])
def html(request, make_card) -> str:
    made: dict[str, Callable[[], str]] = {
        "mail in English": lambda: mail(make_card, "en"),
        "mail in Chinese": lambda: mail(make_card, "zh_CN"),
        "a notice": lambda: notice("zh_CN"),
        "several cards": lambda: mail_body(make_card(), make_card("zh_CN", team="A" * 90)).html,
    }
    return made[request.param]()


def test_what_a_program_does_not_know_has_something_that_stands_in(html):
    used = {*read(html).used, *ALWAYS}
    for feature in sorted(used):
        support = dict(zip(KNOWN["clients"], KNOWN["support"][feature], strict=True))
        lacking = [client for client, known in support.items() if known in "nu"]
        if lacking:
            assert feature in STANDS_IN, f"{feature}: nothing stands in for it in {', '.join(lacking)}"
            assert re.search(STANDS_IN[feature], html, re.DOTALL), f"{feature}: what stands in is not there"


def test_the_data_has_no_more_than_mails_use(make_card):
    every = read(mail(make_card, "en")).used | read(notice("en")).used | {*ALWAYS}
    assert {*KNOWN["support"]} == every
    assert {len(support) for support in KNOWN["support"].values()} == {len(KNOWN["clients"])}


def test_word_gets_a_table_of_fixed_width_around_all_that_it_draws(html):
    word = in_word(html)
    tables = re.findall(r'<table[^>]* width="([0-9]+%?)"', word)
    assert tables[:2] == ["100%", "600"]
    assert word.count('width="600"') == 2
    assert word.count("<table") == word.count("</table>") == len(tables)
    inside = word[word.index('width="600"') :]
    assert inside.index('<table class="card ink"') < inside.index("<h1")
    assert "max-width:600px" in html


def test_word_finds_its_fonts_and_no_style_sheet_but_its_own(html):
    word = in_word(html)
    (sheet,) = re.findall(r"<style>(.*?)</style>", word, re.DOTALL)
    assert "@media" not in sheet
    firsts = [re.split("[,;]", family)[0].strip(" '") for family in re.findall(r"font-family:([^;]*)", word)]
    assert {*firsts} <= {"Arial", "Microsoft YaHei", "Consolas"}
    assert "Inter" not in html
    assert not re.search(r"background:|border:|float:|position:|display:(?!none)|font:", html)


def test_every_text_has_its_size_where_it_stands_for_word_hands_none_on(html):
    for tag in ("p", "h1", "li", "th"):
        for attributes in re.findall(rf"<{tag}( [^>]*)?>", html):
            assert "font-size:" in attributes
            assert "color:" in attributes.replace("background-color:", "")


GRAPHIC = set("●▲◆○")


def luminance(color: tuple[float, float, float]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def rgb(color: str) -> tuple[float, float, float]:
    return tuple(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))


def negative(color):
    return tuple(1 - part for part in color)


def relit(color):
    """Its lightness turned over, as programs do that keep the hue."""
    hue, light, saturation = colorsys.rgb_to_hls(*color)
    return colorsys.hls_to_rgb(hue, 1 - light, saturation)


@pytest.mark.parametrize("eyes", ["light", "dark", "a negative", "turned over"])
def test_every_text_can_be_read_in_light_and_dark_and_where_a_program_turns_colours_over(html, eyes):
    seen = {"a negative": negative, "turned over": relit}.get(eyes, lambda color: color)
    reading = read(html, dark_rules(html) if eyes == "dark" else None)
    assert len(reading.pieces) > 5
    for piece in reading.pieces:
        found = contrast(seen(rgb(piece.color)), seen(rgb(piece.ground)))
        assert found >= (3 if {*piece.text} <= GRAPHIC else 4.5), f"{piece} {found:.2f}"


def test_on_a_dark_screen_no_light_surface_is_left(html):
    for piece in read(html, dark_rules(html)).pieces:
        assert luminance(rgb(piece.ground)) < 0.1 < luminance(rgb(piece.color))
