"""Names in every living script are drawn, can be copied out again, and do not turn a sentence around."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from dataclasses import replace

import openpyxl
import pikepdf
import pytest

from reports.chat import chat_card
from reports.covered import uncovered
from reports.directions import APART, TOGETHER, set_apart
from reports.mail import mail_body
from reports.notices import Asked, Asking, approval_notice
from reports.page import page_html
from reports.pdf import html_to_pdf, render_pdf
from reports.undrawable import UndrawableError
from reports.workbook.render import render_workbook
from scoring.comments import CommentNote
from scoring.text import LocalText
from tests.reports.conftest import POLICY
from tests.reports.names import COPIED_IN_ANOTHER_ORDER, NAMES
from tests.reports.test_chat import TEAM

UNSEEN = dict.fromkeys(
    [*range(0x200B, 0x200C), *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def plain(text: str) -> str:
    """Text without marks of direction, composed, and with joined letters as the letters they are."""
    return unicodedata.normalize("NFKC", text.translate(UNSEEN))


def without_text(pdf: bytes) -> list[tuple[str, int, str]]:
    """What a finished PDF shows as `.notdef` or as a glyph that stands for nothing: font, code and text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [each for page in opened.pages for each in _bad(page)]


def _bad(page):
    fonts = page.resources.get("/Font", {})
    maps, font = {}, ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
            maps.setdefault(font, _maps(fonts[font]))
        elif str(operator) in ("Tj", "TJ"):
            pieces = operands[0] if str(operator) == "TJ" else operands
            raw = b"".join(bytes(each) for each in pieces if isinstance(each, pikepdf.String))
            codes = (high << 8 | low for high, low in zip(raw[::2], raw[1::2], strict=True))
            yield from _lost(font, codes, *maps[font])


def _maps(font):
    encoding = font.Encoding
    cids = None
    if isinstance(encoding, pikepdf.Stream):
        found = re.findall(rb"<([0-9a-fA-F]+)>\s+(\d+)", encoding.read_bytes())
        cids = {int(code, 16): int(cid) for code, cid in found}
    texts = re.findall(rb"<([0-9a-fA-F]{4})>\s+<([0-9a-fA-F]*)>", font.ToUnicode.read_bytes())
    return cids, {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in texts}


def _lost(font, codes, cids, texts):
    for code in codes:
        cid = code if cids is None else cids.get(code, 0)
        if not cid or not texts.get(code):
            yield font, code, texts.get(code, "")


def named(make_card, change, name: str):
    """A card with the name as that of its team, its manager, a KPI, and whoever says something of that."""
    card = make_card(lines=1, months=1, files=1, team=name, policy=replace(POLICY, has_workbook=True))
    note = CommentNote(by=name, on="2026-11-02", cause=f"Asked {name} 3 times", next_step=name, owner=name)
    kpi = card.results[0].kpi_id
    return change(replace(card, manager_name=name), kpi, name=LocalText(name, name), comment=note)


def together() -> list[list[str]]:
    """The scripts, four to a card: those read from the right come first, and are together."""
    scripts = sorted(NAMES, key=lambda each: not is_backwards(NAMES[each]))
    return [scripts[at : at + 4] for at in range(0, len(scripts), 4)]


def is_backwards(name: str) -> bool:
    return unicodedata.bidirectional(name[0]) in ("R", "AL")


def test_check_knows_that_every_name_can_be_drawn():
    assert {script: uncovered(name) for script, name in NAMES.items()} == {each: [] for each in NAMES}


def test_no_glyph_is_lost_and_what_is_copied_from_pages_has_each_name(make_card, change, text_of):
    often = {}
    for scripts in together():
        pdf = render_pdf(named(make_card, change, " · ".join(map(NAMES.get, scripts))))
        assert without_text(pdf) == []
        text = plain(text_of(pdf))
        often |= {script: text.count(plain(NAMES[script])) for script in scripts}
    rare = {script for script, count in often.items() if count < 4}
    assert rare == {*COPIED_IN_ANOTHER_ORDER}


def test_mail_and_workbook_have_the_name_as_it_was_written(make_card, change):
    for scripts in together():
        name = " · ".join(map(NAMES.get, scripts))
        card = named(make_card, change, name)
        mail = mail_body(card)
        assert all(name in form for form in (mail.subject, mail.text, mail.html))
        book = openpyxl.load_workbook(io.BytesIO(render_workbook(card)))
        cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert any(name in str(each) for each in cells)


@pytest.mark.parametrize("script", ["Arabic", "Hebrew", "Thaana", "Adlam"])
def test_a_name_read_from_the_right_stands_for_itself_wherever_it_is(make_card, change, script):
    card = named(make_card, change, NAMES[script])
    mail = mail_body(card)
    for form in (page_html(card), mail.subject, mail.text, mail.html, str(chat_card(card, TEAM, None).title)):
        bare = re.sub(f"{APART}[^{TOGETHER}]*{TOGETHER}", "", form)
        assert not [each for each in bare if unicodedata.bidirectional(each) in ("R", "AL")]
    assert f"Asked {APART}{NAMES[script]}{TOGETHER} 3 times" in page_html(card)


def test_what_people_are_asked_has_names_set_apart():
    asking = Asking("נועה", LocalText("Lantern", "灯"), "zh_CN", ("scorewright approve",))
    notice = approval_notice(asking, [Asked(LocalText("נועה לוי", "נועה לוי"), "2026-10", ())])
    for form in (notice.text, notice.html):
        assert f"{APART}נועה{TOGETHER}" in form
        assert f"{APART}נועה לוי{TOGETHER}" in form


def test_names_that_begin_alike_and_names_cut_short_are_set_apart(make_card, change):
    card = replace(named(make_card, change, "נועה, לוי"), manager_name="2 נועה")
    apart = set_apart("נועה, לוי 3 · 2 נועה 4 · 12 נועהל · <לוי… 5", (card,), markup=False)
    seen = apart.replace(APART, "[").replace(TOGETHER, "]")
    assert seen == "[נועה, לוי] 3 · [2 נועה] 4 · 12 [נועהל] · <[לוי]… 5"
    assert set_apart(apart, (card,), markup=False) == apart


def seen(html: str) -> list[str]:
    """The words of a page as they stand on it from left to right, with `…` for each of a name."""
    command = ["pdftotext", "-bbox", "-", "-"]
    boxes = subprocess.run(command, input=html_to_pdf(html), capture_output=True, check=True).stdout.decode()
    words = sorted(re.findall(r'xMin="([\d.]+)".*>(.*)</word>', boxes), key=lambda found: float(found[0]))
    return ["…" if is_backwards(word) else word for _, word in words]


def test_numbers_stay_on_their_side_of_a_name():
    html = f"<html lang='en'><title>t</title><p>{NAMES['Hebrew']} −3.2 and {NAMES['Arabic']} 81.5</p>"
    assert seen(html) == ["3.2-", "…", "…", "and", "81.5", "…", "…"]
    assert seen(set_apart(html, (), markup=True)) == ["…", "…", "-3.2", "and", "…", "…", "81.5"]


def test_what_nobody_can_draw_is_refused_and_known_before(make_card):
    hostile = [
        *("\u0378", "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\ufffe", "\uffff", "\U0001ffff"),
        *("\U00020000", "\U0003fffd", "\U00013000"),
    ]
    card = replace(make_card(lines=1, months=1, files=1), manager_name=f"Ana {' '.join(hostile)}")
    assert uncovered("".join(hostile)) == hostile
    with pytest.raises(UndrawableError, match=r"\(U\+\w{4,6}, .* in manager_name") as refused:
        render_pdf(card)
    assert {*refused.value.characters} == {*hostile}


def test_what_has_no_look_of_its_own_leaves_no_box(make_card):
    selectors = ("\ufe0f", "葛\U000e0100", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "e\u0301\u0302\u0303")
    tags = ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U000e0041")
    joiners = ("\u200d", "👨\u200d👩\u200d👧\u200d👦", "\u115f", "\u3164", "👍🏽")
    name = " ".join((*selectors, *tags, *joiners))
    card = replace(make_card(lines=1, months=1, files=1), manager_name=f"Ana {name}")
    assert uncovered(name) == []
    assert without_text(render_pdf(card)) == []
