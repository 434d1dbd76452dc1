"""A period of which nothing is new is not drafted again; whatever is new, or lost, makes it be."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest

import killpoints
from archive.standing import DRAFTED
from ledger import DeliveryState
from pipeline.inputs import everything
from scoring.canonical import from_json
from tests.pipeline import late_months
from tests.pipeline.conftest import Place
from tests.pipeline.exports import ANSWERS, OCTOBER, answers

TEAMS = ("2026-10/north/r1", "2026-10/south/r1")


@pytest.fixture(scope="module")
def mailed(unsent, tmp_path_factory):
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("mailed") / "place"))
    place.run()
    return place


@pytest.fixture
def place(mailed, tmp_path):
    return Place(shutil.copytree(mailed.root, tmp_path / "copy"))


@contextmanager
def drafted():
    """How many cards are drafted within the block."""
    reached: list[str] = []
    killpoints.record(reached)
    try:
        yield lambda: reached.count("score.drafted")
    finally:
        killpoints.disarm()


def run(place, *teams, **settings):
    """The names of the cards and how many were drafted."""
    with drafted() as count:
        return place.run(*teams, **settings), count()


def files(place):
    return {path: path.read_bytes() for path in place.home.glob("scorecards/*/*") if path.is_file()}


def test_it_is_run_again_to_the_same_end(place):
    before, mails = files(place), place.mails()
    assert run(place) == (TEAMS, 0)
    assert files(place) == before
    assert place.mails() == mails
    assert place.mail_states() == {team: [DeliveryState.SENT] for team in ("north", "south")}


def test_it_says_the_same_of_each_mail(place):
    said = late_months.do(place, OCTOBER, late_months.NOVEMBER_20)
    assert [line for line in said if ": issue " in line] == [
        f"{name}: issue {number}, mail sent before" for number, name in enumerate(TEAMS, 1)
    ]


def test_a_mail_that_waits_is_sent(unsent, tmp_path):
    place = Place(shutil.copytree(unsent.root, tmp_path / "copy"))
    assert run(place) == (TEAMS, 0)
    assert len(place.mails()) == 2


def _new_answers(place):
    place.export(ANSWERS).write_text(answers((1, 1, 1, 1, 1, 1, 1, 1)), "utf-8")


def _another_target(place):
    path = place.root / "config" / "targets" / "2026.csv"
    line = "north,nps,2026-01-01,2027-01-01,4"
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, line.removesuffix("4") + "5"), "utf-8")


@pytest.mark.parametrize("change", [_new_answers, _another_target])
def test_what_is_new_is_on_the_cards(place, change):
    change(place)
    names, count = run(place)
    assert count == 2
    assert "2026-10/north/r2" in names
    again = Place(shutil.copytree(place.root, place.root.parent / "again"))
    assert run(place) == (names, 0)
    # as if nothing had been noted
    (again.home / "scorecards" / str(OCTOBER) / DRAFTED).unlink()
    assert run(again) == (names, 2)
    assert [issue.card_json for issue in again.issues()] == [issue.card_json for issue in place.issues()]


def test_another_program_drafts_anew(place, monkeypatch):
    monkeypatch.setattr(everything, "_program_sha256", lambda: "another")
    assert run(place) == (TEAMS, 2)


def test_a_card_of_another_period_is_looked_at(place):
    late_months.export(place, 9)
    late_months.do(place, late_months.SEPTEMBER, late_months.NOVEMBER_3)
    # its trend may show it
    assert run(place)[1] == 2


def test_a_single_team_is_drafted_and_takes_nothing_from_what_is_known_of_all(place):
    assert run(place, "north") == (TEAMS[:1], 1)
    assert run(place) == (TEAMS, 0)


@pytest.mark.parametrize("content", [None, b"", b"\xff\x00", b"0" * 64])
@pytest.mark.parametrize("name", [DRAFTED, "north-2026-10-r1.json"])
def test_what_is_lost_or_damaged_is_made_again(place, name, content):
    path = place.home / "scorecards" / str(OCTOBER) / name
    before = path.read_bytes()
    path.unlink() if content is None else path.write_bytes(content)
    assert run(place) == (TEAMS, 2)
    assert path.read_bytes() == before


@pytest.mark.parametrize("ending", ["pdf", "drawn"])
def test_a_document_that_is_lost_is_drawn_again(place, ending):
    path = place.home / "scorecards" / str(OCTOBER) / f"south-2026-10-r1.{ending}"
    before = path.read_bytes()
    path.unlink()
    assert run(place) == (TEAMS, 0)
    assert path.read_bytes() == before


def test_days_that_are_still_to_come_count_as_they_pass(tmp_path, unsent):
    place = Place(shutil.copytree(unsent.root, tmp_path / "copy"))
    shutil.rmtree(place.home)
    for day, number in ((20, 1), (20, 1), (25, 2)):
        late_months.do(place, OCTOBER, late_months.NOVEMBER_3.replace(month=10, day=day), send=False)
        (card, _) = (from_json(issue.card_json) for issue in place.issues())
        assert card.revision == number, day
