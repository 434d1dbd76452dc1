"""A month from exports to mail, again without change, and again after one export changed."""

from __future__ import annotations

import email
import email.policy
import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from weasyprint.text.ffi import pango

from example.generate import generate
from example.truth import facts
from pipeline.run import RunOptions, run
from scoring.canonical import from_json
from scoring.period import Period
from settings import ROOT
from tests.e2e.conftest import NOW
from tests.e2e.oracle import Oracle

AUGUST = Period(2026, 8)
RESTATED = "meta_ads/act_482910365517/ad sets 2026-08.csv"


KNOWN = Path(__file__).with_name("ten_cards.sha256")
"""What the first run makes of August: change it only together with what a reader sees."""
PANGO = 15012
"""The version of Pango that drew them; another one may place a glyph a hair's breadth elsewhere."""


@dataclass(frozen=True)
class Snapshot:
    """What a run left behind, by file name or team."""

    pdfs: dict[str, str]
    mails: dict[str, str]
    cards: dict[str, str]
    issues: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Story:
    """One site over three runs."""

    site: object
    first: Snapshot
    again: Snapshot
    redrawn: Snapshot
    changed: Snapshot


def hashes(folder, pattern):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(pattern)}


def snapshot(site):
    issues = {
        issue.team_id: (issue.id, issue.revision) for issue in site.ledger.latest_revisions(str(AUGUST))
    }
    drawn = site.settings.scorecards / str(AUGUST)
    return Snapshot(
        hashes(drawn, "*.pdf"), hashes(site.settings.outbox, "*.eml"), hashes(drawn, "*.json"), issues
    )


@pytest.fixture(scope="module")
def story(site_of, exports, tmp_path_factory):
    changing = tmp_path_factory.mktemp("changing")
    generate(changing, "first")
    site = site_of(tmp_path_factory.mktemp("home"), changing)

    def run_once():
        run(site, RunOptions(AUGUST), now=lambda: NOW, say=lambda _: None)
        return snapshot(site)

    first = run_once()
    again = run_once()
    # some of them, in both languages: to draw all ten again would show no more
    for path in sorted((site.settings.scorecards / str(AUGUST)).glob("*.pdf"))[::4]:
        path.unlink()
    redrawn = run_once()
    shutil.copy(exports / RESTATED, changing / RESTATED)
    return Story(site, first, again, redrawn, run_once())


def teams_that_differ():
    """The teams whose card of August or its history says something else in the final vintage."""
    first, final = (Oracle(ROOT / "config", facts(vintage)) for vintage in ("first", "final"))
    months = [(month.year, month.number) for month in AUGUST.window(13)]
    return {
        team
        for team in first.teams
        if any(first.lines(team, month) != final.lines(team, month) for month in months)
    }


def known():
    return {name: sha256 for sha256, name in map(str.split, KNOWN.read_text("utf-8").splitlines())}


def cards(site):
    return [from_json(issue.card_json) for issue in site.ledger.latest_revisions(str(AUGUST))]


def test_every_team_gets_one_pdf_and_every_manager_one_mail(story):
    teams = {team.id for team in story.site.book.teams}
    assert set(story.first.pdfs) == {f"{team}-2026-08-r1.pdf" for team in teams}
    assert len(story.first.mails) == len(teams)
    assert set(story.first.issues) == teams
    assert {revision for _, revision in story.first.issues.values()} == {1}


def test_the_ten_cards_are_the_known_ones(story):
    assert {name: known()[name] for name in story.first.cards} == story.first.cards


@pytest.mark.skipif(
    pango.pango_version() != PANGO, reason="another version of Pango than drew the known ones"
)
def test_the_ten_pdfs_and_mails_are_the_known_ones(story):
    assert known() == story.first.cards | story.first.pdfs | story.first.mails


def test_a_second_run_changes_nothing(story):
    assert story.again == story.first


def test_a_pdf_drawn_anew_has_the_same_bytes(story):
    assert story.redrawn == story.first


def test_a_changed_export_makes_a_second_revision_for_exactly_the_touched_teams(story):
    touched = teams_that_differ()
    assert 1 <= len(touched) < len(story.first.issues)
    revised = {team for team, (_, revision) in story.changed.issues.items() if revision == 2}
    assert revised == touched
    new_pdfs = set(story.changed.pdfs) - set(story.first.pdfs)
    assert new_pdfs == {f"{team}-2026-08-r2.pdf" for team in touched}
    assert {name: story.changed.pdfs[name] for name in story.first.pdfs} == story.first.pdfs
    assert len(story.changed.mails) == len(story.first.mails) + len(touched)


def rows_of(lines: list[str]) -> list[str]:
    """Every two neighbouring lines: two earlier values in a row of page 1 part its text over two."""
    return [" ".join(pair) for pair in zip(lines, [*lines[1:], ""], strict=True)]


def test_each_pdf_shows_its_own_numbers(story):
    for card in cards(story.site):
        lines = text_of(story, card).splitlines()
        assert any(shown(card.total, 1) in line for line in lines)
        for result in card.results:
            cells = [
                in_unit(result.actual, result),
                as_agreed(result),
                "–" if result.attainment is None else f"{shown(result.attainment * 100, 1)}%",
                f"{result.weight.normalize():f}",
                "–" if result.score is None else shown(result.score, 1),
            ]
            rows = [row for row in rows_of(lines) if all(cell in row for cell in cells)]
            assert rows, f"{card.team_id} {result.kpi_id}: no line with {cells}"


def test_no_pdf_names_another_team_or_its_manager(story):
    for card in cards(story.site):
        text = "".join(text_of(story, card).split())
        # an objective may say whose key result it serves: that team's name, and nothing else of it
        served = {o.supports.team_name for o in card.objectives if o.supports is not None}
        for team in story.site.book.teams:
            names = {team.manager.name, team.manager.email}
            if team.name not in served:
                names |= {team.name.en, team.name.zh_CN}
            if team.id == card.team_id:
                assert "".join(team.name.to(card.language).split()) in text
            else:
                assert not [name for name in names if "".join(name.split()) in text]


def test_each_mail_carries_its_managers_pdf_and_nothing_of_others(story):
    managers = {team.manager.email: team for team in story.site.book.teams}
    pdfs = set()
    for path in story.site.settings.outbox.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        team = managers[message["To"].addresses[0].addr_spec]
        assert message["To"].addresses[0].display_name == team.manager.name
        (pdf,) = list(message.iter_attachments())
        assert pdf.get_content_type() == "application/pdf"
        name = pdf.get_filename()
        assert name.startswith(f"{team.id}-2026-08-r")
        assert hashlib.sha256(pdf.get_content()).hexdigest() == story.changed.pdfs[name]
        pdfs.add(name)
        for kind in ("plain", "html"):
            body = message.get_body((kind,)).get_content()
            assert team.name.to(team.manager.language) in body.replace("&amp;", "&")
    assert pdfs == set(story.changed.pdfs)


def text_of(story, card):
    path = story.site.settings.scorecards / str(AUGUST) / f"{card.team_id}-2026-08-r{card.revision}.pdf"
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def shown(value, digits):
    """Half-up, with thousands commas, as both languages write it."""
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"


def as_agreed(result):
    """A target with all its digits."""
    value = result.target * 100 if result.unit == "percent" else result.target
    digits = max(result.decimals, -value.normalize().as_tuple().exponent)
    return f"{shown(value, digits)}{'%' if result.unit == 'percent' else ''}"


def in_unit(value, result):
    if value is None:
        return "–"
    return (
        f"{shown(value * 100, result.decimals)}%"
        if result.unit == "percent"
        else shown(value, result.decimals)
    )


def test_the_totals_printed_are_the_oracles(story, exports):
    oracle = Oracle(ROOT / "config", facts())
    for card in cards(story.site):
        assert Fraction(card.total) == oracle.total(card.team_id, (2026, 8))
