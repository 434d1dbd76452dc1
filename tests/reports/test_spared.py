"""What is spared while pages are drawn: they are read and styled with less, and are the same to the byte."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
import weasyprint
from weasyprint.html import UA
from weasyprint.pdf import fonts
from weasyprint.text import line_break

import reports.pdf
from reports.attached import attached
from reports.page import page_html
from reports.pdf import html_to_pdf
from reports.spared import OneArrayType, read_pages, spare_rules
from scoring.scorecard import Scorecard
from tests.reports.workbook_cards import HOSTILE, LINE, PROPORTIONAL, Row, books, card_of

AWKWARD = [Row(PROPORTIONAL, "83", name=text) for text in (*HOSTILE, "a\tb", "½ & <b>\u00a0\U0001f600")]


@pytest.fixture(scope="module")
def cards(make_card) -> dict[str, Scorecard]:
    return {
        "en": make_card(lines=6, files=2),
        "zh_CN": make_card(language="zh_CN", lines=3, missing=("sqls",), findings=20),
        "awkward": card_of([*AWKWARD, Row(LINE, None)]),
        **dict([*books().items()][::4]),
    }


def told(root: Element) -> Iterator[tuple[Any, ...]]:
    """All that a tree says, but for breaks around elements, which HTML moves into `body`, and what XML read."""
    for each in root.iter():
        kept = {name: value for name, value in each.attrib.items() if not name.endswith("xmlns")}
        yield each.tag, kept, (each.text or "").strip("\n"), (each.tail or "").strip("\n")


def test_pages_are_read_as_a_browser_reads_them(cards) -> None:
    assert len(cards) > 8
    for name, card in cards.items():
        html = page_html(card)
        read, wanted = (
            [*told(read_pages(html))],
            [*told(tinyhtml5.parse(html, namespace_html_elements=False))],
        )
        assert len(read) > 100
        assert [pair for pair in zip(read, wanted, strict=True) if pair[0] != pair[1]] == [], name


@pytest.mark.parametrize("name", ["en", "zh_CN", "awkward"])
def test_the_file_is_the_one_that_weasyprint_makes_with_all_of_it(cards, name, monkeypatch) -> None:
    card = cards[name]
    html = page_html(card)
    spared = html_to_pdf(html, attached(card))
    as_ever = replace(
        reports.pdf._engine(),
        pages=lambda source, fetcher: weasyprint.HTML(string=source, url_fetcher=fetcher),
    )
    monkeypatch.setattr(reports.pdf, "_engine", lambda: as_ever)
    assert html_to_pdf(html, attached(card)) == spared


@pytest.fixture
def shaped_again(monkeypatch) -> None:
    """Texts are shaped anew to be drawn, as WeasyPrint does."""
    reports.pdf._engine()
    for name in ("set_text", "deactivate", "reactivate"):
        as_ever = getattr(line_break.Layout, name).__wrapped__
        monkeypatch.setattr(line_break.Layout, name, as_ever)


@pytest.mark.parametrize("name", ["en", "zh_CN", "awkward"])
def test_text_that_is_shaped_once_is_drawn_as_if_it_were_shaped_again(cards, name, request) -> None:
    html = page_html(cards[name])
    once = html_to_pdf(html)
    request.getfixturevalue("shaped_again")
    assert html_to_pdf(html) == once


SET_OTHERWISE = (
    '<p style="text-align: justify; width: 40mm">Leads of the month came from two campaigns and a fair</p>',
    '<p style="width: 12mm; hyphens: auto">Acquisition of unusually characteristic opportunities</p>',
    '<p style="white-space: pre-wrap">First\nsecond\tthird</p>',
    '<p style="white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 20mm">Cost per lead by far</p>',
    '<p style="letter-spacing: 1mm; text-decoration: underline">Reach</p>',
    '<p dir="rtl">\u0645\u0628\u064a\u0639\u0627\u062a 42 \u05e9\u05d9\u05d5\u05d5\u05e7</p>',
    "<svg width='90' height='20'><text x='5' y='15' font-size='9'>98.5 %</text></svg>",
)


@pytest.mark.parametrize("set_otherwise", SET_OTHERWISE)
def test_text_that_no_page_of_ours_has_is_drawn_so_too(set_otherwise, request) -> None:
    html = f'<html lang="en"><head><title>t</title></head><body>{set_otherwise}</body></html>'
    once = html_to_pdf(html)
    request.getfixturevalue("shaped_again")
    assert html_to_pdf(html) == once


def test_other_pages_are_read_as_ever() -> None:
    well_formed = '<html lang="en"><head><title>t</title></head><body><p>a<br/>b</p></body></html>'
    as_written = '<html lang="en"><head><title>t</title></head><body><p>a<br>b'
    assert html_to_pdf(as_written) == html_to_pdf(well_formed)
    # a part of a page is no page of its own: its fonts would be none of ours
    assert html_to_pdf("<p>a</p>") == html_to_pdf("<html><head></head><body><p>a</p></body></html>")


def test_no_rule_of_the_style_sheet_of_all_documents_is_for_every_element_but_those_for_layout() -> None:
    assert UA.count("\n::") > 3
    rules = spare_rules(UA)
    assert "\n::" not in rules
    assert "\nli::marker {" in rules
    assert len(rules.splitlines()) == len(UA.splitlines()) - 5


def test_no_array_type_is_declared_for_its_length() -> None:
    assert isinstance(fonts.ffi, OneArrayType)
    before = {*fonts.ffi._parsed_types}
    html_to_pdf('<html lang="en"><head><title>t</title></head><body><p>Quick zephyrs blow</p></body></html>')
    assert not [kind for kind in {*fonts.ffi._parsed_types} - before if "codepoint" in kind]
    assert len(fonts.ffi.new("int[3]", [4, 5, 6])) == 3
    assert len(fonts.ffi.new("int[3]")) == 3
