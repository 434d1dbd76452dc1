"""The paper that the book names: what is laid out for it, and page 1 that stays one page on each."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

import reports.pdf
from reports.fullness import OverfullError, refuse_overfull
from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenter import present
from reports.revision import render_revision
from reports.workbook.render import render_workbook
from scoring.canonical import content_hash, from_json, says_the_same, to_json
from scoring.comparing.comparing import compare
from scoring.policy import ScoringPolicy
from tests.reports.conftest import front_of
from tests.reports.test_widths import collisions, words_of

LETTER = (612, 792)
SIDE, HIGHEST, LOWEST = 16.95 * 72 / 25.4, 20.0, 792 - 19.0
DETAIL = {"en": "How each score came about", "zh_CN": "各项得分的计算过程"}
LONG = "Ad & Brand – Consumer Marketing and all of Media, Berlin and Vienna"


def on_letter(card):
    return replace(card, paper="Letter")


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {(round(page.mediabox[2]), round(page.mediabox[3])) for page in opened.pages}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_is_of_that_paper_with_nothing_beyond_its_margins(make_card, language: str) -> None:
    pdf = render_pdf(on_letter(make_card(language, lines=12, findings=3)))
    assert sizes_of(pdf) == {LETTER}
    pages = words_of(pdf)
    for words in pages:
        assert collisions(words) == []
        assert min(word[1] for word in words) > SIDE - 1
        assert max(word[2] for word in words) < LETTER[0] - SIDE + 1
        assert min(word[3] for word in words) > HIGHEST
        assert max(word[4] for word in words) < LOWEST
        feet = [word for word in words if word[4] > 792 - 40]
        assert any(word[0].startswith(("PROVISIONAL", "暂定版")) for word in feet)
    assert not any(DETAIL[language].split()[0] == word[0] for word in pages[0])


@pytest.mark.parametrize(("language", "lines"), [("en", 18), ("zh_CN", 14)])
def test_page_1_is_one_page_there_too(make_card, language: str, lines: int) -> None:
    card = on_letter(make_card(language, lines=lines, findings=20, team=LONG))
    pages = front_of(card)
    assert DETAIL[language] not in pages[0]
    assert DETAIL[language] in pages[1]


def test_page_1_says_less_where_less_has_room(make_card) -> None:
    card = make_card(lines=12)
    assert present(card).density == "roomy"
    assert present(on_letter(card)).density == "full"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_where_it_holds_them_it_says_its_highlights_there_too(make_card, language: str) -> None:
    card = on_letter(make_card(language, lines=12))
    view = present(card)
    assert (view.density, len(view.highlights), len(view.before)) == ("full", 3, 2)
    first, second, *_ = front_of(card)
    assert all(sentence[:12] in first for sentence in view.highlights)
    assert DETAIL[language] in second


def test_a_page_that_holds_not_all_of_it_says_fewer_and_keeps_its_earlier_values(make_card) -> None:
    found = [present(on_letter(make_card(lines=lines, findings=1))) for lines in (11, 12, 13, 14)]
    assert {(view.density, len(view.before)) for view in found} == {("full", 2)}
    assert [len(view.highlights) for view in found] == [3, 2, 1, 0]


def test_a_long_table_leaves_no_few_rows_alone(make_card) -> None:
    card = make_card(lines=1, months=1, files=0)
    (area,), (result,) = card.areas, card.results
    many = tuple(replace(result, kpi_id=f"kpi_{at}") for at in range(31))
    pdf = render_pdf(on_letter(replace(card, areas=(replace(area, results=many),))))
    table = []
    for words in words_of(pdf):
        page = [word[0] for word in words]
        if "came" in page:
            break
        table.append(page.count("Marketing"))
    assert len(table) == 2
    assert min(table) > 8


def test_what_compares_revisions_is_of_the_paper_of_the_newer(make_card) -> None:
    old = make_card(lines=3)
    new = on_letter(replace(old, revision=2, total=Decimal(50)))
    assert sizes_of(render_revision(old, new, compare(old, new), (), True)) == {LETTER}


@pytest.mark.parametrize(("paper", "number"), [("A4", "9"), ("Letter", "1")])
def test_a_workbook_is_printed_on_it(make_card, paper, number: str) -> None:
    policy = ScoringPolicy(1, Decimal(95), Decimal(80), has_workbook=True, paper=paper)
    content = zipfile.ZipFile(io.BytesIO(render_workbook(make_card(lines=2, policy=policy))))
    sheets = [name for name in content.namelist() if name.startswith("xl/worksheets/sheet")]
    assert all(f'paperSize="{number}"' in content.read(name).decode() for name in sheets)


def test_another_paper_is_no_other_card(make_card) -> None:
    card = make_card(lines=2)
    other = make_card(lines=2, policy=ScoringPolicy(1, Decimal(95), Decimal(80), paper="Letter"))
    assert other == on_letter(card)
    assert content_hash(other) == content_hash(card)
    assert says_the_same(card, other)
    assert '"paper"' not in to_json(card)
    # a card that was issued on it stays on it
    assert from_json(to_json(other)) == other
    assert "<style>" not in page_html(card)


def test_page_1_is_set_again_where_it_did_not_fit(make_card, monkeypatch, text_of) -> None:
    """What is estimated is a little off for a long title with earlier values: the certificate stood alone."""
    card = make_card(
        "zh_CN", lines=16, findings=1, team='Ad & Brand "Häuser" <EU> – Consumer Marketing, Berlin'
    )
    long = replace(card.certificate.findings[0], entity="customers-europe-and-asia-pacific-2026")
    card = replace(card, certificate=replace(card.certificate, findings=(long,)))
    tried = []
    monkeypatch.setattr(reports.pdf, "page_html", lambda *said: tried.append(said[1]) or page_html(*said))
    pages = text_of(render_pdf(card)).split("\f")
    assert DETAIL["zh_CN"] in pages[1]
    assert tried == [0, 1]
    assert present(card).before
    assert not present(card, 1).before


def test_the_tightest_page_1_goes_over_several_pages(make_card) -> None:
    card = make_card(lines=3)
    settings = [present(card, tighter) for tighter in range(5)]
    assert [view.density for view in settings] == ["roomy", "roomy", "full", "crowded", "long"]
    refuse_overfull(page_html(card, 4), [{"line-a"}, {"line-b"}, {"working-a"}])
    with pytest.raises(OverfullError):
        refuse_overfull(page_html(card, 3), [{"line-a"}, set(), {"working-a"}])
    refuse_overfull(page_html(card), [{"line-a"}, {"working-a"}, {"method"}])
    refuse_overfull("<p>Nothing of a card</p>", [set(), set()])
