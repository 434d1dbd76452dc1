"""What a card says of earlier ones that were restated: short on page 1, whole behind it, no pay in the mail."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from reports.mail import mail_body
from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenter import present
from reports.presenting.reader import reader_of
from reports.presenting.restatements import restated_sentences
from scoring.canonical import from_json, to_json
from scoring.restatement import Cause, LateSource, Moved, MovedText, RestatedKpi, RestatementNote
from scoring.text import LocalText
from tests.reports.conftest import front_of
from tests.reports.test_judged_cards import everything

D = Decimal
SURVEY = LateSource("survey", LocalText("Customer survey", "客户调查"), "panel", "2026-09")
NPS = RestatedKpi(
    LocalText("Net promoter score", "净推荐值"), Moved(D(80), D(75)), (Cause.LATE_DATA,), (SURVEY,)
)
NOTE = RestatementNote(
    "2026-09", 1, 2, Moved(D("93.2"), D("92.1")), MovedText("A", "B"), Moved(D(1), D("0.95")), (NPS,)
)
QUIET = RestatementNote("2026-08", 1, 2, Moved(D(90), D(90)), MovedText("A", "A"), Moved(D(1), D(1)))
LONG = "Customer relations and satisfaction of all markets in Europe, Asia and the Pacific " * 2


def telling(card, *notes):
    return replace(card, restatements=notes)


def long_notes():
    kpi = replace(
        NPS,
        name=LocalText(LONG, "客户关系与满意度" * 12),
        causes=tuple(Cause),
        sources=(replace(SURVEY, name=LocalText(LONG, "客户调查" * 20)),) * 3,
    )
    return tuple(replace(NOTE, period=f"2026-{month:02d}", restated=(kpi,) * 2) for month in range(6, 10))


def test_a_card_that_tells_nothing_prints_nothing(make_card):
    card = make_card()
    assert present(card).restated is None
    assert "estated" not in page_html(card) + mail_body(card).text


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        (
            "en",
            "September 2026",
            "total 93.2 → 92.1, grade A → B, pay coefficient 1 → 0.95; "
            "Net promoter score 80.0 → 75.0 (late data: Customer survey)",
        ),
        (
            "zh_CN",
            "2026年9月",
            "总分 93.2 → 92.1、等级 A → B、绩效系数 1 → 0.95；净推荐值 80.0 → 75.0（数据迟到：客户调查）",
        ),
    ],
)
def test_page_1_says_which_card_what_moved_and_why(make_card, language, label, text):
    view = present(telling(make_card(language), NOTE)).restated
    assert [(line.label, line.text) for line in view.lines] == [(label, text)]
    assert view.more == ""


def test_what_did_not_move_is_not_said_to(make_card):
    rest = replace(NOTE, total=Moved(D(93), D(93)), grade=MovedText("A", "A"), pay=Moved(D(1), D(1)))
    (line,) = present(telling(make_card(), rest)).restated.lines
    assert line.text.startswith("total unchanged (93.0); Net promoter score")
    several = replace(NOTE, restated=(NPS, NPS, NPS))
    (line,) = present(telling(make_card(), several)).restated.lines
    assert line.text.endswith("(late data: Customer survey) and 2 more KPIs")
    gone = replace(NOTE, total=Moved(D(93), None), grade=MovedText("A", None), restated=())
    (line,) = present(telling(make_card(), gone)).restated.lines
    assert line.text == "total 93.0 → –, grade A → –, pay coefficient 1 → 0.95"


def test_cards_whose_scores_stayed_are_named_in_one_line_and_after_the_others(make_card):
    view = present(telling(make_card(), QUIET)).restated
    assert [(line.label, line.text) for line in view.lines] == [
        ("Without a change of any score", "August 2026")
    ]
    assert restated_sentences(telling(make_card(), QUIET), reader_of(make_card())) == ()
    both = present(telling(make_card(), QUIET, NOTE)).restated
    assert [line.label for line in both.lines] == ["September 2026"]
    assert both.more == "and 1 more card, listed under “Earlier cards that were restated”"
    assert [card.title for card in both.cards] == ["September 2026", "August 2026"]
    assert both.cards[1].note.startswith("No KPI moved")
    many = tuple(replace(QUIET, period=f"2026-0{month}") for month in range(1, 6))
    (line,) = present(telling(make_card(), *many)).restated.lines
    assert line.text == "May 2026, April 2026, March 2026 and 2 more cards"


def test_the_page_behind_tells_every_kpi_with_its_account(make_card):
    (card,) = present(telling(make_card(), NOTE)).restated.cards
    assert card.facts.startswith("revision 1 → 2 · total 93.2 → 92.1")
    (row,) = card.rows
    assert (row.old, row.new, row.delta) == ("80.0", "75.0", "−5.0")
    assert row.cause == "late data: Customer survey (panel) of September 2026"
    added = replace(NPS, score=Moved(None, D(75)), causes=(Cause.ADDED, Cause.EXCHANGE_RATE), sources=())
    (card,) = present(telling(make_card(), replace(NOTE, restated=(added,)))).restated.cards
    assert (card.rows[0].old, card.rows[0].delta, card.rows[0].cause) == (
        "–",
        "–",
        "KPI added, exchange rate",
    )


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_mail_has_a_sentence_without_grade_and_pay(make_card, language):
    body = mail_body(telling(make_card(language), NOTE, QUIET))
    sentence = {
        "en": "September 2026 was restated: total 93.2, now 92.1.",
        "zh_CN": "2026年9月计分卡已重述：总分原为 93.2，现为 92.1。",
    }[language]
    for text in (body.text, body.html):
        assert sentence in text
        assert not any(word in text for word in ("0.95", "pay coefficient", "绩效系数", "A → B"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("lines", [9, 12, 13, 18])
def test_page_1_is_one_page_with_long_restatements_and_all_else(make_inputs, language, lines):
    card = telling(everything(make_inputs, language, lines), *long_notes())
    pages = front_of(card)
    detail = "How each score came about" if language == "en" else "各项得分的计算过程"
    assert detail not in pages[0]
    assert detail in pages[1]
    assert ("Restated since" if language == "en" else "上期以来的重述") in pages[0]


@pytest.mark.parametrize(("lines", "findings"), [(5, 0), (12, 20), (14, 20), (16, 0), (18, 20)])
def test_page_1_is_one_page_with_restatements_and_plain_findings(make_card, lines, findings):
    card = telling(make_card(lines=lines, findings=findings), *long_notes())
    pages = front_of(card)
    assert "How each score came about" in pages[1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_are_read_in_order_and_cell_by_cell_and_the_bytes_are_the_same(make_card, language):
    card = telling(make_card(language, lines=4), NOTE, QUIET)
    pdf_bytes = render_pdf(card)
    assert render_pdf(from_json(to_json(card))) == pdf_bytes
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        assert all(len(cell.A.Headers) for cell in elements if cell.S == "/TD")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    html = page_html(card)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_names_of_restated_kpis_are_text_and_never_markup(make_card):
    hostile = replace(NPS, name=LocalText("<script>x</script>", "<b>"))
    html = page_html(telling(make_card(lines=2), replace(NOTE, restated=(hostile,))))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 2
