"""The pages of an archive: whole in themselves, readable by everybody, with the cards' own numbers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, product
from urllib.parse import unquote

import pytest

from publishing.folder import MARK
from publishing.publish import Wanted, publish
from reports import palette
from reports.presenter import present
from reports.presenting.headings import page_of
from reports.published import DocumentCopy, Index, Version, card_page, entry_of, index_page
from scoring.canonical import from_json
from scoring.comments import Action, ActionState, CommentNote
from scoring.drivers.note import DriverPart, DriversNote
from scoring.outlook import Outlook
from scoring.text import LocalText
from scoring.to_date import YearToDate
from scoring.working import MeasureValue
from tests.publishing.read_back import check_numbers, read

NASTY = '</title></script><script>alert(1)</script><img src=x onerror="alert(1)">\'&amp;--><!--'


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def pages(archive):
    """Every page by its path."""
    return {name: content.decode() for name, content in files_of(archive).items() if name.endswith(".html")}


def cards_of(place):
    issues = place.open().ledger.issues_of(all_revisions=True)
    return {f"{issue.period}/{issue.team_id}-{issue.period}-r{issue.revision}": issue for issue in issues}


def test_there_is_a_page_for_each_revision_and_the_documents_are_those_issued(archive, october):
    found, expected = files_of(archive), {"index.html", MARK}
    for name, issue in cards_of(october).items():
        expected |= {f"{name}.html", *(f"{issue.period}/{document.name}" for document in issue.documents)}
        for document in issue.documents:
            content = found[f"{issue.period}/{document.name}"]
            assert hashlib.sha256(content).hexdigest() == document.sha256
    assert set(found) == expected
    assert len(expected) == 2 + 6 * 2


def test_the_link_on_a_card_leads_to_its_page(pages, october):
    for name, issue in cards_of(october).items():
        card = replace(from_json(issue.card_json), archive="https://cards.lantern.example/all/")
        path = page_of(card).removeprefix("https://cards.lantern.example/all/")
        assert path == f"{name}.html"
        assert path in pages


def test_every_number_is_the_cards(pages, october):
    compared = sum(
        check_numbers(pages[f"{name}.html"], from_json(issue.card_json))
        for name, issue in cards_of(october).items()
    )
    assert compared > 80


def test_the_index_has_each_newest_card_with_its_total_status_state_and_revision(pages, october):
    page = read(pages["index.html"])
    cells = {unquote(link["href"]): link.text for link in page.all("a") if "/" in link["href"]}
    newest = {issue.name: issue for issue in october.open().ledger.latest_revisions()}
    assert len(cells) == len(newest) == 4
    for issue in newest.values():
        card = from_json(issue.card_json)
        text = cells[f"{issue.period}/{issue.team_id}-{issue.period}-r{issue.revision}.html"]
        assert re.search(
            rf"^{card.team_name.en}, \w+ 2026: {card.total} .*(On|Near|Below) target.*FINAL · r{card.revision}$",
            text,
        )


def test_a_replaced_revision_says_so_and_the_newer_one_says_what_changed(pages):
    before, now = (pages[f"2026-09/north-2026-09-r{number}.html"] for number in (1, 2))
    assert "A later revision has replaced this one" in before
    assert "Net promoter score" in now.partition("KPIs that changed")[2]
    assert "late data" in now
    assert "KPIs that changed" not in before


def test_every_link_leads_to_a_file_of_the_archive_and_none_out_of_it(archive, pages):
    for name, html in pages.items():
        for link in read(html).all("a"):
            path, _, anchor = link["href"].partition("#")
            goal = ((archive / name).parent / unquote(path)).resolve() if path else archive / name
            assert goal.is_file()
            assert goal.is_relative_to(archive)
            assert not anchor or f'id="{anchor}"' in goal.read_text("utf-8")
        assert "//" not in re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
        assert not re.search(r"<(?:link|img|iframe|object|embed|base|form)\b|\bsrc=|url\(|@import", html)


def test_a_page_may_use_exactly_its_own_style_and_script(pages):
    for name, html in pages.items():
        page = read(html)
        (policy,) = [meta["content"] for meta in page.all("meta") if meta["http-equiv"]]
        code = [*page.all("style"), *(one for one in page.all("script") if not one["type"])]
        assert set(re.findall(r"'sha256-[^']+'", policy)) == {hash_of(node.text) for node in code}
        assert policy.startswith("default-src 'none'; ")
        assert len(code) == (2 if name == "index.html" else 1)
        assert not [node for node in page.all() if {"style", "onclick", "onload"} & set(node.attributes)]


def hash_of(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_everybody_can_read_a_page(pages):
    for name, html in pages.items():
        page = read(html)
        (whole,), (main,) = page.all("html"), page.all("main")
        assert whole["lang"] == ("zh-CN" if "/south" in name else "en")
        assert page.all("title")[0].text.strip()
        assert len(page.all("h1")) == 1
        skip = page.all("a")[0]
        assert (skip["class"], skip["href"]) == ("skip", f"#{main['id']}")
        levels = [int(node.tag[1]) for node in page.all() if re.fullmatch("h[1-6]", node.tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = [node["id"] for node in page.all() if node["id"]]
        assert len(ids) == len(set(ids))
        assert {node["aria-labelledby"] for node in page.all() if node["aria-labelledby"]} <= set(ids)
        for table in page.all("table"):
            columns = len(table.all("thead")[0].all("th"))
            assert {th["scope"] for th in table.all("th")} == {"col", "row"}
            for row in table.all("tr"):
                assert len([*row.all("th"), *row.all("td")]) == columns
        for box in page.all("input"):
            assert [label for label in page.all("label") if label["for"] == box["id"]]


def test_without_scripts_there_is_no_search_and_all_else(pages):
    page = read(pages["index.html"])
    (search,) = [node for node in page.all() if node["role"] == "search"]
    assert "hidden" in search.attributes
    assert page.all("table")


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_text_has_contrast_in_light_and_dark(scheme):
    texts = [scheme.ink, scheme.muted, scheme.link, *(tone.text for tone in scheme.tones.values())]
    for text, behind in product(texts, (scheme.paper, scheme.panel)):
        light, dark = sorted(map(luminance, (text, behind)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, behind)


def test_the_same_ledger_gives_the_same_bytes(archive, october, tmp_path):
    publish(october.open(), tmp_path / "again", Wanted())
    assert files_of(tmp_path / "again") == files_of(archive)
    publish(october.open(), tmp_path / "again", Wanted())
    assert files_of(tmp_path / "again") == files_of(archive)


def test_text_from_outside_stays_text(october):
    card = from_json(cards_of(october)["2026-09/north-2026-09-r1"].card_json)
    area = card.areas[0]
    said = CommentNote(NASTY, "2026-10-02", NASTY, NASTY, NASTY, "2026-10-09")
    line = replace(area.results[0], name=LocalText(NASTY, NASTY), comment=said)
    step = Action("2026-08", line.kpi_id, line.name, NASTY, ActionState.OVERDUE, NASTY, "2026-08-09")
    nasty = replace(
        card,
        team_name=LocalText(NASTY, NASTY),
        organisation=LocalText(NASTY, NASTY),
        manager_name=NASTY,
        grade=NASTY,
        actions=(step,),
        areas=(replace(area, name=LocalText(NASTY, NASTY), results=(line, *area.results[1:])),),
    )
    document = DocumentCopy("a b#?%&.pdf", "application/pdf", True)
    version = Version(1, "north.html", date(2026, 10, 3), (document,))
    index = Index(NASTY, "en", date(2026, 10, 3), NASTY)
    for html in (
        card_page(nasty, [version], None),
        index_page(index, [entry_of(nasty, version, "en"), entry_of(nasty, version, "zh_CN")]),
    ):
        page = read(html)
        assert not page.all("img")
        assert len(page.all("script")) == (2 if page.all("input") else 0)
        assert NASTY in page.all("title")[0].text
        assert [th for th in page.all("th") if NASTY in th.text]
        for node in page.all("script"):
            if node["type"]:
                assert json.loads(node.text)["cards"][0]["words"].startswith(NASTY)
                assert "<" not in node.text
    text = read(card_page(nasty, [version], None)).text
    assert f"Next step {NASTY} · {NASTY} · by 9 October 2026" in text
    assert "What became of earlier next steps" in text
    assert "overdue" in text
    (link,) = [node for node in read(card_page(nasty, [version], None)).all("a") if "pdf" in node["href"]][:1]
    assert unquote(link["href"]) == document.name


def test_the_year_to_date_what_is_left_and_what_moved_a_figure_are_on_the_page_as_on_the_card(october):
    plain = from_json(cards_of(october)["2026-09/north-2026-09-r1"].card_json)
    first, *others = plain.areas[0].results
    year = YearToDate(
        "2026-01-01", Decimal("4021.5"), (MeasureValue("leads", Decimal("4021.5")),), None, ("2026-02",)
    )
    parts = (
        DriverPart(NASTY, Decimal(3), Decimal(1), Decimal(2)),
        DriverPart("", Decimal(-1), Decimal(0), Decimal(-1)),
    )
    note = DriversNote("2026-08", Decimal(2), ("campaign",), (DriverPart("leads", Decimal(2)),), parts, 7)
    outlook = Outlook(
        "2026-09-19", "2026-09-30", Decimal(420), Decimal(131), 11, 9, None, Decimal(32), Decimal(238)
    )
    line = replace(first, formula="leads", year_to_date=year, drivers=note, outlook=outlook)
    card = replace(plain, areas=(replace(plain.areas[0], results=(line, *others)), *plain.areas[1:]))
    version = Version(1, "north.html", date(2026, 10, 3), ())
    page = read(card_page(card, [version], None))
    detail = next(item for area in present(card).areas for item in area.details if item.kpi_id == line.kpi_id)
    assert [step.label for step in detail.steps[-4:]] == [
        "Year to date",
        "To the target",
        "Forecast",
        "Since August 2026",
    ]
    said = [each.text for each in page.all("li")]
    assert all(f"{step.label} {step.text}" in said for step in detail.steps[-4:])
    (_,) = [
        each.text
        for each in page.all("td")
        if each["data-name"] == "Year to date" and each.text.endswith("*")
    ]
    assert "* In the year to date data are missing: Feb 26." in page.text
    (table,) = [each for each in page.all("table") if each["aria-labelledby"] == f"further-kpi-{line.kpi_id}"]
    rows = [[cell.text for cell in row.all() if cell.tag in ("th", "td")] for row in table.all("tr")]
    first, others = ([name, *cells] for name, cells in detail.drivers.rows)
    assert rows == [["By campaign", "Change", "by mix", "by rate"], first, others]
    assert first[0].startswith(NASTY[:70])
    assert [each["data-name"] for each in table.all("td")] == ["Change", "by mix", "by rate"] * 2
    without = read(card_page(plain, [version], None))
    assert not [each for each in without.all("section") if each["aria-labelledby"] == "further"]
    assert "Year to date" not in without.text


def test_names_of_mixed_direction_are_set_apart_on_every_page_and_in_what_a_search_finds(october):
    name, apart = "צוות Alpha 2026", "\u2068צוות Alpha 2026\u2069"
    card = from_json(next(iter(cards_of(october).values())).card_json)
    card = replace(card, team_name=LocalText(name, name), organisation=LocalText(name, name))
    version = Version(card.revision, "p.html", date(2026, 10, 3), ())
    index = index_page(Index(name, "en", date(2026, 10, 3), name), [entry_of(card, version, "en")])
    for html in (index, card_page(card, [version], None)):
        page = read(html)
        assert f"<h1>{apart}" in html or f">{apart}</th>" in html
        assert page.text.count(name) == page.text.count(apart)
        assert page.all("title")[0].text.count(apart) == page.all("title")[0].text.count(name)
    (data,) = (json.loads(node.text) for node in read(index).all("script") if node["type"])
    (found,) = data["cards"]
    assert found["name"].startswith(f"{apart} · ")
    # what is searched has no marks that nobody types
    assert apart not in found["words"]
    assert name in found["words"]
