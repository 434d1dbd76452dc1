"""A name that no font can draw keeps back the cards it is on, and no others; the run says so at its end."""

from __future__ import annotations

import shutil

import pytest

from archive.documents import can_be_sent
from pipeline.backfill import BackfillOptions, backfill
from reports.undrawable import UndrawableError
from scoring.period import Period
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import OCTOBER, change
from tests.pipeline.late_months import BAD, NOVEMBER_3, do, export, issues

NEVER = "\u0378"
"""It is not a character, and no font has it."""


def spoil(place: Place) -> None:
    change(
        place.root / "config/teams.yaml", lambda text: text.replace("name: Ana Ruiz", f"name: Ana {NEVER}")
    )


class Quiet:
    """Watches a backfill and says nothing."""

    def __init__(self) -> None:
        self.done = 0

    def say(self, line: str) -> None:
        """Nothing of it is looked at."""

    def plan(self, cards: int) -> None:
        """Nor of that."""

    def card_done(self) -> None:
        self.done += 1


def test_the_other_cards_are_issued_and_mailed_and_the_run_ends_with_the_reason(place):
    spoil(place)
    with pytest.raises(UndrawableError) as refused:
        place.run()
    assert [issue.team_id for issue in place.issues()] == ["south"]
    assert len(place.mails()) == 1
    assert str(refused.value).startswith("2026-10 north: expected only characters that our fonts can draw")
    assert f"({'U+0378'}, which has no name) in manager_name, 'Ana \\u0378'" in str(refused.value)
    assert refused.value.exit_code == 4


def test_where_the_name_is_corrected_the_next_run_issues_what_was_kept_back(place):
    spoil(place)
    with pytest.raises(UndrawableError):
        place.run()
    change(place.root / "config/teams.yaml", lambda text: text.replace(NEVER, "Ruiz"))
    place.run()
    assert [(issue.team_id, issue.revision) for issue in place.issues()] == [("north", 1), ("south", 1)]
    assert len(place.mails()) == 2


def test_no_card_at_all_is_no_other_failure(place):
    spoil(place)
    with pytest.raises(UndrawableError):
        place.run("north")
    assert place.issues() == ()


def test_a_backfill_goes_on_to_the_other_cards(place):
    spoil(place)
    watch = Quiet()
    with pytest.raises(UndrawableError):
        backfill(place.open(), BackfillOptions((OCTOBER,)), now=lambda: NOW, watch=watch)
    assert watch.done == 1
    assert [issue.team_id for issue in place.issues()] == ["south"]


def test_an_earlier_card_that_cannot_be_drawn_any_more_keeps_its_revision_and_stops_nothing(
    september, tmp_path
):
    place = Place(shutil.copytree(september.root, tmp_path / "place"))
    spoil(place)
    export(place, 9, BAD)
    with pytest.raises(Exception, match="in manager_name") as refused:
        do(place, OCTOBER, NOVEMBER_3)
    assert "2026-09 north: expected only characters" in str(refused.value)
    assert "2026-10 north: expected only characters" in str(refused.value)
    kept = {issue.team_id: issue.revision for issue in issues(place, Period(2026, 9))}
    assert kept == {"north": 1, "south": 2}
    assert [issue.team_id for issue in issues(place, OCTOBER)] == ["south"]


def test_a_lost_document_that_would_lose_characters_now_is_not_sent(issued, monkeypatch):
    site = issued.open()
    for path in (issued.home / "scorecards/2026-10").glob("*.pdf"):
        path.unlink()

    def lose(card):
        raise UndrawableError("it would lose a letter.", ("x",))

    monkeypatch.setattr("archive.documents.draw", lose)
    assert [can_be_sent(site.cards, issue) for issue in issued.issues()] == [False, False]
