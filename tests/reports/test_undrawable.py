"""No page with a lost character is ever made: drawing it is refused, with the character and its place."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from reports.page import page_html
from reports.pdf import html_to_pdf, render_pdf
from reports.undrawable import UndrawableError, named
from scoring.evidence import EntryEvidence
from scoring.text import LocalText

NEVER = "\u0378"
"""It is not a character, and no font has it."""


def refusal(card) -> str:
    with pytest.raises(UndrawableError) as refused:
        render_pdf(card)
    return str(refused.value)


def test_the_sentence_has_the_character_its_name_its_field_and_what_to_do(make_card) -> None:
    assert refusal(replace(make_card(), manager_name=f"Ana {NEVER}\U00013000")) == (
        "2026-10 eu-brand: expected only characters that our fonts can draw, found '\\u0378' (U+0378, which has "
        "no name) and '\U00013000' (U+13000, EGYPTIAN HIEROGLYPH A001) in manager_name, 'Ana \\u0378\U00013000'; "
        "a card that loses one is not issued: write the text without it where it comes from, and run "
        "again; `scorewright check` names the lines of the book."
    )


def test_it_says_of_which_kpi_the_field_is(make_card, change) -> None:
    card = change(make_card(), "roas", name=LocalText(f"ROAS {NEVER}", "回报率"))
    assert "in name of roas, 'ROAS \\u0378'" in refusal(card)
    # the other language is not printed
    assert render_pdf(replace(card, language="zh_CN"))


def test_very_many_are_not_all_listed(make_card) -> None:
    texts = [chr(0x13000 + number) for number in range(5)]
    entries = tuple(
        EntryEvidence("nps", "mark", "1", text * 2 + texts[0], "Ana", "2026-11-01", "form.xlsx", "0" * 64)
        for text in texts
    )
    found = refusal(replace(make_card(), manager_name="".join(texts), entries=entries))
    assert "and 2 more in manager_name, " in found


def test_a_label_inside_a_chart_is_seen_too(make_card) -> None:
    html = page_html(make_card())
    label = html.index("<text")
    spoiled = html[:label] + html[label:].replace("</text>", f"{NEVER}</text>", 1)
    with pytest.raises(UndrawableError, match=r"pages: .*\(U\+0378"):
        html_to_pdf(spoiled)


def test_a_silent_log_hides_nothing(make_card) -> None:
    logger = logging.getLogger("weasyprint")
    logger.disabled = True
    try:
        assert "U+0378" in refusal(replace(make_card(), manager_name=NEVER))
    finally:
        logger.disabled = False


def test_a_private_use_character_is_named_by_its_number() -> None:
    assert named(["\ue000"]) == "'\\ue000' (U+E000, which has no name)"
