"""What the ledger holds of people's words becomes part of the card, for every period that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from ledger import Entry, EntryKind, migrate_ledger
from scoring.canonical import content_hash
from scoring.working import Reason
from tests.book.books import HERE, lay_out
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import write_exports


def said(kpi_id: str, kind: EntryKind, value: str, period: str = "2026-10", comment: str = "") -> Entry:
    return Entry(
        period=period,
        team_id="north",
        kpi_id=kpi_id,
        kind=kind,
        value=value,
        comment=comment,
        said_by="Ana Ruiz" if kind is EntryKind.SELF else "Tove Lind",
        said_on=date(2026, 11, 2),
        entered_at=NOW,
        form_name="appraisal.xlsx",
        form_sha256="c" * 64,
    )


ALL = (
    said("teamwork", EntryKind.LEVEL, "良好"),
    said("violations", EntryKind.EVENTS, "1"),
    said("grave_mistake", EntryKind.EVENTS, "0"),
    said("clicks", EntryKind.SELF, "100"),
    said("clicks", EntryKind.SUPERIOR, "90"),
    said("cost_per_click", EntryKind.SELF, "100"),
    said("cost_per_click", EntryKind.SUPERIOR, "95.5", comment="auctions were dear"),
)


@pytest.fixture
def judged(tmp_path) -> Place:
    """A place whose north team is judged and appraised."""
    lay_out(HERE / "appraised", tmp_path / "config")
    write_exports(tmp_path / "exports")
    return Place(tmp_path)


def enter(place: Place, entries: Iterable[Entry]) -> None:
    site = place.open()
    site.settings.home.mkdir(exist_ok=True)
    migrate_ledger(site.settings.ledger_url)
    site.ledger.enter_judgements([*entries])


def test_nobody_has_spoken_yet(judged):
    card = judged.cards()["north"]
    reasons = {line.kpi_id: line.reason for line in card.results}
    assert {kpi_id for kpi_id, reason in reasons.items() if reason is Reason.NO_DATA} == {
        "violations",
        "grave_mistake",
        "teamwork",
    }
    assert card.total == card.appraisal.system_total
    assert (card.grade, card.pay, card.entries) == (None, None, ())
    assert len(card.appraisal.missing) == 4


def test_what_people_said_is_scored_and_named_on_the_card(judged):
    enter(judged, ALL)
    card = judged.cards()["north"]
    scores = {line.kpi_id: line.score for line in card.results}
    assert [scores[kpi] for kpi in ("violations", "grave_mistake")] == [92, 100]
    assert str(scores["teamwork"]) == "66.7"
    assert card.appraisal.missing == ()
    assert card.total == card.appraisal.total != card.appraisal.system_total
    assert card.grade is not None
    entry = next(entry for entry in card.entries if entry.comment)
    assert (entry.kpi_id, entry.kind, entry.value, entry.said_by) == (
        "cost_per_click",
        "superior",
        "95.5",
        "Tove Lind",
    )
    assert (entry.said_on, entry.form_name, entry.form_sha256) == ("2026-11-02", "appraisal.xlsx", "c" * 64)
    assert (card.appraiser_name, card.reviewer_name) == ("Tove Lind", "Ola Berg")


def test_entering_it_again_makes_the_same_card_and_a_changed_mark_another(judged):
    enter(judged, ALL)
    first = judged.cards()["north"]
    enter(judged, ALL)
    assert content_hash(judged.cards()["north"]) == content_hash(first)
    enter(judged, [replace(ALL[4], value="60", form_sha256="d" * 64)])
    assert judged.cards()["north"].total < first.total


def test_what_was_said_of_another_month_or_kpi_is_not_on_the_card(judged):
    enter(
        judged,
        [*ALL, said("violations", EntryKind.EVENTS, "7", "2026-09"), said("gone", EntryKind.SELF, "1")],
    )
    card = judged.cards()["north"]
    assert len(card.entries) == len(ALL)
    violations = next(line for line in card.results if line.kpi_id == "violations")
    assert [(point.period, point.actual) for point in violations.history] == [("2026-09", 7), ("2026-10", 1)]


def test_a_grave_mistake_sets_the_whole_card_whatever_the_marks(judged):
    enter(judged, [*ALL[:2], said("grave_mistake", EntryKind.EVENTS, "1"), *ALL[3:]])
    card = judged.cards()["north"]
    assert (card.total, card.overruled_by, card.grade) == (50, "grave_mistake", "C")


def test_what_if_knows_what_people_said_and_that_it_is_not_the_appraisal(judged, command):
    enter(judged, ALL)
    judged.run(send=False)
    done = command(judged, "what-if", "2026-10", "north", "ad_clicks=+100")
    assert done.code == 0
    assert "66.7" in done.out
    assert "By the system's scores alone" in done.out
