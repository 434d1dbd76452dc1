"""The PDF: the same bytes each time, our fonts only, nothing fetched, readable by machine."""

import hashlib
import io
import logging
import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from weasyprint import CSS

from reports.page import page_html
from reports.pdf import html_to_pdf, render_pdf
from reports.presenter import present
from reports.presenting.headings import short_hash
from reports.templating import stylesheet
from scoring.canonical import from_json, to_json
from scoring.errors import DataError
from scoring.evidence import Finding
from scoring.scorecard import Scorecard
from tests.reports.conftest import front_of

NAME = 'Ad & Brand "Häuser" <EU>'
OURS = re.compile(r"/[A-Z]{6}\+(Inter(-Semi-Bold|-Bold)?|Noto-Sans-SC(-Bold)?)")
HARD = {
    "language": "zh_CN",
    "lines": 16,
    "team": NAME,
    "findings": 20,
    "files": 40,
    "missing": ("market_size",),
}
OTHER_PROCESS = """
import hashlib, pathlib, sys
from reports.pdf import render_pdf
from reports.templating import stylesheet
from scoring.canonical import from_json
print(hashlib.sha256(render_pdf(from_json(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")))).hexdigest())
"""


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def test_the_same_card_gives_the_same_bytes_also_after_another(printed, make_card) -> None:
    printed(**HARD)
    assert render_pdf(make_card()) == printed()[0]


def test_a_card_read_back_from_the_ledger_gives_the_same_bytes(printed, make_card) -> None:
    assert render_pdf(from_json(to_json(make_card()))) == printed()[0]


def test_another_process_gives_the_same_bytes_whatever_its_hash_seed_zone_and_locale(
    printed, make_card, tmp_path
) -> None:
    path = tmp_path / "card.json"
    path.write_text(to_json(make_card()), encoding="utf-8")
    elsewhere = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    run = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(path)],
        env=os.environ | elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(printed()[0]).hexdigest()


@pytest.mark.parametrize("wishes", [{}, HARD], ids=["en", "zh_CN"])
def test_only_our_fonts_are_in_it_and_only_the_letters_used(printed, wishes) -> None:
    with opened(printed(**wishes)[0]) as pdf:
        fonts = {
            str(item.FontName): item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }
        assert fonts
        for name, font in fonts.items():
            assert OURS.fullmatch(name), name
            assert len(font.FontFile2.read_bytes()) < 1_000_000


@pytest.mark.parametrize("wishes", [{}, HARD], ids=["en", "zh_CN"])
def test_it_is_small(printed, wishes) -> None:
    assert len(printed(**wishes)[0]) < 400_000


@pytest.mark.parametrize(("wishes", "lang"), [({}, "en"), (HARD, "zh-CN")], ids=["en", "zh_CN"])
def test_it_is_tagged_titled_and_dated_by_its_period(printed, wishes, lang: str) -> None:
    with opened(printed(**wishes)[0]) as pdf:
        assert str(pdf.Root.Lang) == lang
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "2026" in str(pdf.docinfo.Title)
        assert str(pdf.docinfo.CreationDate).startswith("D:20261101")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("wishes", [{}, HARD], ids=["en", "zh_CN"])
def test_every_chart_has_its_words_and_every_table_its_headers(printed, wishes) -> None:
    with opened(printed(**wishes)[0]) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        figures = [element for element in elements if element.S == "/Figure"]
        assert len(figures) == 16 * 3 + 1 - ("missing" in wishes)
        assert all(str(figure.Alt) for figure in figures)
        cells = [element for element in elements if element.S == "/TD"]
        assert cells
        assert all(len(cell.A.Headers) for cell in cells)


def long_findings(card: Scorecard, number: int) -> tuple[Finding, ...]:
    """The card's finding, of so many accounts."""
    names = (f"customers-europe-and-asia-pacific-20{at:02}" for at in range(26, 26 + number))
    return tuple(replace(card.certificate.findings[0], entity=name) for name in names)


@pytest.mark.parametrize(
    ("lines", "without"),
    [(12, ()), (18, ("followers", "csat")), (18, ())],
    ids=["12", "16 in four areas", "18"],
)
def test_page_1_is_one_page_also_with_long_names_and_many_long_findings(
    make_card, lines: int, without: tuple[str, ...]
) -> None:
    card = make_card(lines=lines, without=without, team=f"{NAME} – Consumer Marketing, Berlin", findings=1)
    card = replace(card, certificate=replace(card.certificate, findings=long_findings(card, 20)))
    pages = front_of(card)
    assert "more findings" in pages[0]
    assert "How each score came about" in pages[1]
    assert "Product promotion" in pages[1]


def test_page_1_is_one_page_with_as_many_highlights_as_findings_leave_room_for(make_card) -> None:
    card = make_card(lines=11, team=f"{NAME} – Consumer Marketing, Berlin", findings=1)
    for findings, told in ((0, 3), (3, 3), (5, 1), (6, 0)):
        certificate = replace(card.certificate, findings=long_findings(card, findings))
        found = replace(card, certificate=certificate)
        assert (present(found).density, len(present(found).highlights)) == ("roomy", told)
        if findings in (3, 5):
            pages = front_of(found)
            assert pages[0].count("customers-europe-and-asia-pacific-20") == findings
            assert "Page 1 of" in pages[0]
            assert "How each score came about" in pages[1]


def test_every_page_says_which_it_is(printed, make_card) -> None:
    pages = printed()[1].split("\f")[:-1]
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Revision 1" in page
        assert short_hash(make_card()) in page
        assert "EU Brand" in page
        assert "October 2026" in page


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_say_how_to_trace_a_number_and_name_every_kpi_by_its_id(make_card, language: str) -> None:
    card = make_card(language, lines=4, months=2, files=1)
    html = page_html(card)
    assert f"scorewright trace {short_hash(card)} KPI" in html
    for result in card.results:
        assert f'<span class="kpi-id">{result.kpi_id}</span>' in html


@pytest.mark.parametrize(
    "address", ["https://example.com/a.png", "file:///etc/hostname", "data:image/png;base64,AAAA", "a.png"]
)
def test_pages_that_ask_for_anything_are_refused(make_card, address: str) -> None:
    html = f'<html lang="en"><title>t</title><img alt="a" src="{address}"><base href="https://example.com/">'
    with pytest.raises(DataError, match="fetch nothing"):
        html_to_pdf(html)


def test_names_are_text_and_never_markup(printed, make_card) -> None:
    assert "&lt;EU&gt;" in page_html(make_card(team=NAME))
    assert NAME in printed(**HARD)[1]


def test_rare_characters_of_chinese_names_are_printed(make_card) -> None:
    from_rare = render_pdf(make_card("zh_CN", lines=2, files=1, months=1, team="㛃䶮"))
    assert from_rare.startswith(b"%PDF")


def test_the_engine_understands_every_line_of_pages_and_style_sheet(make_card, caplog) -> None:
    card = make_card(lines=3, months=2, files=2, findings=1)
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        CSS(string=stylesheet())
        render_pdf(card)
    assert [record.getMessage() for record in caplog.records] == []


def test_a_card_with_holes_and_single_months_is_printed(make_card, change, history) -> None:
    card = make_card(lines=3, months=1, files=0)
    card = change(card, "mql_count", history=history([None, Decimal(3), None, None], None))
    card = change(card, "sql_count", history=())
    assert render_pdf(card).startswith(b"%PDF")
