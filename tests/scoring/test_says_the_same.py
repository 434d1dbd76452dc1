"""A card is revised for what it says of its own period, and a note may withhold what it knows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from scoring.canonical import content_hash, says_the_same
from scoring.card.card import score_card
from scoring.period import Period
from scoring.restatement import Moved, MovedText, Restatement, RestatementNote
from tests.scoring.conftest import MEASURES, MONTH


def with_last_month(inputs, leads):
    known = inputs()
    before = {
        (MONTH.shift(-1), name): Decimal(number) for name, number in {**MEASURES, "leads": leads}.items()
    }
    return score_card(replace(known, measures={**known.measures, **before}), 1)


def test_a_trend_alone_says_the_same_under_another_hash(inputs):
    old, new = with_last_month(inputs, "50"), with_last_month(inputs, "60")
    assert old.total_history != new.total_history
    assert content_hash(old) != content_hash(new)
    assert says_the_same(old, new)


def test_the_own_period_does_not(inputs):
    assert not says_the_same(score_card(inputs(), 1), score_card(inputs({**MEASURES, "leads": "91"}), 1))


def test_another_state_of_the_data_is_no_content(inputs):
    card = score_card(inputs(load_state="a"), 1)
    assert card.load_state == "a"
    assert content_hash(card) == content_hash(replace(card, load_state="b"))


def test_a_withheld_note_has_the_month_and_nothing_that_moved():
    moved = Restatement(
        "2026-09",
        "eu-brand",
        1,
        2,
        Moved(Decimal(90), Decimal(80)),
        MovedText("A", "B"),
        Moved(Decimal(1), Decimal(2)),
        Moved(),
    )
    note = RestatementNote.withheld(moved)
    assert (note.period, note.old_revision, note.new_revision, note.is_withheld) == ("2026-09", 1, 2, True)
    assert (note.total, note.grade, note.pay, note.restated) == (Moved(), MovedText(), Moved(), ())
    assert Period.parse(note.period) < MONTH
