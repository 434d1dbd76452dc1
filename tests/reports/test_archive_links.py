"""The short id of a card leads to its page in the archive, where the book says where that is published."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from pydantic import TypeAdapter, ValidationError

from book.files.fields import ArchiveAddress
from reports.mail import mail_body
from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenting.headings import short_hash
from scoring.canonical import content_hash, from_json, to_json
from scoring.policy import ScoringPolicy

ADDRESS = "https://cards.lantern.example/all"
PAGE = f"{ADDRESS}/2026-10/eu-brand-2026-10-r1.html"


@pytest.fixture(scope="module")
def card(make_card):
    return make_card(lines=2, months=2, files=1)


@pytest.fixture(scope="module")
def linked(card):
    return replace(card, archive=ADDRESS)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pdf_has_the_link_with_words_and_asks_nothing_of_it(make_card, language: str) -> None:
    linked = replace(make_card(language, lines=2, months=2, files=1), archive=f"{ADDRESS}/")
    with pikepdf.open(io.BytesIO(render_pdf(linked))) as pdf:
        links = [note for page in pdf.pages for note in page.get("/Annots", ()) if "/A" in note]
        (to_archive,) = (link for link in links if str(link.A.get("/S")) == "/URI")
        assert str(to_archive.A.URI) == PAGE
        said = {"en": "This card in the archive", "zh_CN": "存档中的本计分卡"}
        assert str(to_archive.Contents) == said[language]
        assert "/StructParent" in to_archive


def test_the_mail_has_it_in_both_forms(linked) -> None:
    body = mail_body(linked)
    assert body.text.rstrip().endswith(f"{short_hash(linked)}\nThis card in the archive: {PAGE}")
    assert f'href="{PAGE}"' in body.html
    assert f">{short_hash(linked)}</a>" in body.html


def test_without_an_address_nothing_is_different(card, linked) -> None:
    assert content_hash(linked) == content_hash(card)
    assert '"archive"' not in to_json(card)
    assert 'href="http' not in page_html(card) + mail_body(card).html
    assert mail_body(card).text.endswith(short_hash(card))


def test_a_card_keeps_the_address_and_a_later_revision_leads_to_its_own_page(make_card, linked) -> None:
    policy = ScoringPolicy(1, Decimal(95), Decimal(80), archive=ADDRESS)
    made = make_card(lines=2, months=2, files=1, policy=policy)
    assert from_json(to_json(made)) == linked
    assert PAGE.replace("-r1.html", "-r2.html") in page_html(replace(linked, revision=2))


@pytest.mark.parametrize(
    "address", [ADDRESS, "http://intranet:8080/", "https://a.example", "https://a.example/b/c/"]
)
def test_an_address_is_that_of_a_folder(address: str) -> None:
    assert TypeAdapter(ArchiveAddress).validate_python(address) == address


@pytest.mark.parametrize(
    "address",
    ["cards.example", "ftp://a.example/", "https://u:p@a.example/", "https://a.example/?q=1", "https://a.example/#x",
     "https://a.example/index html", "javascript:alert(1)", 'https://a.example/"x', "https://a.example//x", ""],
)  # fmt: skip
def test_any_other_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="the address of a folder of an archive"):
        TypeAdapter(ArchiveAddress).validate_python(address)
