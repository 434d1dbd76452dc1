"""For whom an archive is: which cards of one's own are still kept back, and what the command says of it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from ledger import Approval, Decision
from publishing import readers
from publishing.folder import MARK
from publishing.publish import Wanted, publish
from publishing.readers import may_see, reader_called
from scoring.canonical import from_json
from scoring.comments import Action, ActionState
from scoring.evidence import CertificateStatus
from tests.pipeline.conftest import Place
from tests.pipeline.late_months import NOVEMBER_3

ANA, WANG = "ana.ruiz@lantern.example", "wang.wei@lantern.example"
NOBODY_HAS = 1_000_000
"""The id of an issue without a mail."""


def names_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def archive_for(site, folder, address):
    publish(site, folder, Wanted(reader=reader_called(site, address)))
    return names_in(folder)


def everything_in(folder):
    return "\n".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())


def test_a_manager_gets_their_own_cards_in_their_own_language(october, tmp_path):
    assert archive_for(october.open(), tmp_path / "wang", WANG) == {
        "index.html",
        "2026-09/south-2026-09-r1.html",
        "2026-09/south-2026-09-r2.html",
        "2026-10/south-2026-10-r1.html",
    }
    text = everything_in(tmp_path / "wang")
    assert '<html lang="zh-CN">' in (tmp_path / "wang/index.html").read_text("utf-8")
    assert "供王薇查阅" in text
    for other in ("north", "Ana Ruiz", "北方市场部", "Marketing North"):
        assert other not in text


def test_who_received_what_is_in_the_archive_for_all_alone(october, archive, tmp_path):
    archive_for(october.open(), tmp_path / "ana", ANA)
    assert ANA in (archive / "2026-09/north-2026-09-r2.html").read_text("utf-8")
    assert ANA not in (tmp_path / "ana/2026-09/north-2026-09-r2.html").read_text("utf-8")
    assert "KPIs that changed" in (tmp_path / "ana/2026-09/north-2026-09-r2.html").read_text("utf-8")


def test_what_was_rejected_is_not_in_it_nor_its_difference_nor_its_day(issued, tmp_path):
    site = issued.open()
    for period, revision in (("2026-09", 2), ("2026-10", 1)):
        issue = site.ledger.revision(period, "north", revision)
        said = Approval(
            issue.id, issue.content_hash, Decision.REJECTED, "Jana", NOVEMBER_3, "a target is wrong"
        )
        assert site.ledger.enter_approval(said)
    assert archive_for(site, tmp_path / "ana", ANA) == {"index.html", "2026-09/north-2026-09-r1.html"}
    text = everything_in(tmp_path / "ana")
    assert "October 2026" in (tmp_path / "ana/2026-09/north-2026-09-r1.html").read_text("utf-8")
    assert "as issued up to 3 October 2026" in text
    assert "r2" not in text
    assert "November" not in text


def test_where_the_book_asks_for_approval_what_waits_is_not_in_it(october, tmp_path):
    site = october.open()
    book = replace(site.book, approving=replace(site.book.approving, is_required=True))
    site = replace(site, book=book)
    issue = site.ledger.latest_revision("2026-10", "north")
    assert not may_see(site, reader_called(site, ANA), issue)


@pytest.mark.parametrize("wish", ["held", "without a total", "of a team that is gone"])
def test_what_is_mailed_to_nobody_is_not_in_it(october, wish, monkeypatch):
    site = october.open()
    issue, reader = site.ledger.latest_revision("2026-10", "north"), reader_called(site, ANA)
    assert may_see(site, reader, issue)
    card = from_json(issue.card_json)
    changed = {
        "held": replace(card, certificate=replace(card.certificate, status=CertificateStatus.HELD)),
        "without a total": replace(card, total=None),
    }
    monkeypatch.setattr(readers, "from_json", lambda _: changed.get(wish, card))
    if wish == "of a team that is gone":
        issue = replace(issue, id=NOBODY_HAS, team_id="east")
    assert not may_see(site, reader, issue)


@pytest.mark.parametrize("tells", ["nothing", "the total", "a next step"])
def test_one_of_their_own_that_tells_of_what_is_by_now_anothers_is_not_in_it(issued, monkeypatch, tells):
    path = issued.root / "config/teams.yaml"
    book = yaml.safe_load(path.read_text("utf-8"))
    manager = {"name": "Bo Berg", "email": "bo.berg@lantern.example", "language": "en"}
    book["north"] |= {"changes": [{"from": "2026-10-01", "manager": book["north"]["manager"]}]}
    book["north"]["manager"] = manager
    path.write_text(yaml.safe_dump(book, allow_unicode=True), "utf-8")
    site = issued.open()
    september, october = (site.ledger.latest_revision(f"2026-{month}", "north") for month in ("09", "10"))
    # both were issued to Ana; the book says by now that September was Bo's
    card = from_json(october.card_json)
    assert any(point.period == "2026-09" for point in card.total_history)
    silent = replace(card, total_history=(), restatements=())
    step = Action("2026-09", "nps", card.team_name, "call them", ActionState.OPEN)
    told = {"nothing": silent, "the total": card, "a next step": replace(silent, actions=(step,))}
    monkeypatch.setattr(readers, "from_json", lambda _: told[tells])
    ana, bo = (reader_called(site, address) for address in (ANA, manager["email"]))
    assert may_see(site, ana, october) == (tells == "nothing")
    assert not any(may_see(site, *asked) for asked in ((ana, september), (bo, september), (bo, october)))


@pytest.mark.parametrize(("after", "is_theirs"), [(timedelta(seconds=-1), False), (timedelta(0), True)])
def test_a_card_of_the_days_so_far_is_not_in_it(october, after, is_theirs):
    """Its period is over at midnight of the organisation, which is not that of Greenwich."""
    site = october.open()
    over = datetime(2026, 11, 1, tzinfo=ZoneInfo(site.book.time_zone)) + after
    issue = replace(site.ledger.latest_revision("2026-10", "north"), issued_at=over.astimezone(UTC))
    assert may_see(site, reader_called(site, ANA), replace(issue, id=NOBODY_HAS)) is is_theirs
    # an older program could mail it once its month was over: whoever has it may see it
    assert may_see(site, reader_called(site, ANA), issue)


def test_a_successor_of_the_same_name_sees_their_own_alone(issued, tmp_path):
    path = issued.root / "config/teams.yaml"
    book = yaml.safe_load(path.read_text("utf-8"))
    namesake = {**book["north"]["manager"], "email": "ana.ruiz.2@lantern.example"}
    book["north"] |= {"changes": [{"from": "2026-10-01", "manager": namesake}]}
    path.write_text(yaml.safe_dump(book, allow_unicode=True), "utf-8")
    site = issued.open()
    assert archive_for(site, tmp_path / "first", "Ana.Ruiz@Lantern.Example") == {
        "index.html",
        "2026-09/north-2026-09-r1.html",
        "2026-09/north-2026-09-r2.html",
    }
    assert archive_for(site, tmp_path / "second", namesake["email"]) == {
        "index.html",
        "2026-10/north-2026-10-r1.html",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--for", "Ana Ruiz"),
            "--for: expected the mail address of a manager in teams.yaml, found 'Ana Ruiz'",
        ),
        (("--for", "ana.ruiz@lantern.exampel"), f"(did you mean {ANA}?)"),
        (("--period", "2026-08"), "period: expected one that an issued card has, found '2026-08'"),
        (("--for", ANA, "--team", "south"), f"expected issued cards for {ANA}, found none"),
    ],
)
def test_a_request_that_no_card_meets_is_refused(command, october, tmp_path, words, said):
    done = command(october, "archive", tmp_path / "cards", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "cards").exists()


def test_the_command_says_what_it_wrote(command, october, tmp_path):
    done = command(october, "archive", tmp_path / "cards", "--period", "2026-09", "--team", "north")
    assert (done.code, done.err, done.out) == (0, "", f"{tmp_path}/cards: 1 card, 2 revisions\n")
    assert names_in(tmp_path / "cards") == {
        "index.html",
        *(f"2026-09/north-2026-09-r{number}.html" for number in (1, 2)),
    }


def test_a_damaged_document_is_named_and_the_pages_say_so(command, issued, tmp_path):
    folder = issued.home / "scorecards/2026-09"
    (folder / "north-2026-09-r2.pdf").write_bytes(b"%PDF damaged")
    (folder / "south-2026-09-r1.pdf").unlink()
    done = command(issued, "archive", tmp_path / "cards")
    assert (done.code, done.out) == (4, f"{tmp_path}/cards: 4 cards, 6 revisions\n")
    assert "found others or none of 2026-09/north-2026-09-r2.pdf, 2026-09/south-2026-09-r1.pdf;" in done.err
    there = tmp_path / "cards"
    assert "north-2026-09-r2.pdf is not here as it was issued" in (
        there / "2026-09/north-2026-09-r2.html"
    ).read_text("utf-8")
    assert (there / "index.html").read_text("utf-8").count("a document is damaged") == 1
    kept = (there / MARK).read_text("utf-8")
    assert "north-2026-09-r1.pdf" in kept
    assert "north-2026-09-r2.pdf" not in kept


def test_what_they_were_mailed_of_a_team_that_has_another_id_by_now_is_in_it(october, tmp_path):
    place = Place(shutil.copytree(october.root, tmp_path / "renamed"))
    for name in ("teams.yaml", "targets/2026.csv"):
        path = place.root / "config" / name
        path.write_text(re.sub("^south([:,])", r"southwest\1", path.read_text("utf-8"), flags=re.M), "utf-8")
    for path in (place.root / "config" / "okrs").glob("*"):
        path.unlink()
    assert "2026-10/south-2026-10-r1.html" in archive_for(place.open(), tmp_path / "wang", WANG)
    assert archive_for(place.open(), tmp_path / "ana", ANA) >= {"2026-10/north-2026-10-r1.html"}
    assert "south" not in everything_in(tmp_path / "ana")
