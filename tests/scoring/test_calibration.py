"""A grade that a person decided on stands on the card while the score gives the grade it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scoring.calibration import Calibration, Decided, calibrated, newest
from scoring.canonical import content_hash, from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.comparing.comparing import compare
from scoring.grading import grade_table
from scoring.ranking import Rank
from scoring.restatement import MovedText, RestatementNote
from tests.scoring.conftest import MEASURES, MONTH, both

GRADES = grade_table([("C", Decimal(0)), ("B", Decimal(80)), ("A", Decimal(95))])
ENTRY = Decided(MONTH, "eu-brand", "A", "B", "Konrad Funkelmeyer", date(2026, 11, 12), "Help from the fair")


@pytest.fixture
def card(inputs):
    def build(decided=ENTRY, measures=None, **changed):
        known = inputs(measures, **changed)
        return score_card(replace(known, decided=decided, policy=replace(known.policy, grades=GRADES)), 1)

    return build


def test_the_decided_grade_is_on_the_card_beside_that_by_score(card):
    found = card()
    assert (found.grade, found.grade_by_score) == ("B", "A")
    assert found.calibration == Calibration(
        "A", "A", "B", "Konrad Funkelmeyer", "2026-11-12", "Help from the fair"
    )
    assert card(decided=None).grade == card(decided=None).grade_by_score == "A"


def test_nothing_else_on_the_card_is_another(card):
    plain = card(decided=None)
    assert replace(card(), grade=plain.grade, calibration=None) == plain


def test_it_is_content_and_survives_the_way_through_json(card):
    assert content_hash(card()) != content_hash(card(decided=None))
    assert from_json(to_json(card())) == card()
    reworded = replace(ENTRY, reason="Help from two fairs")
    assert not says_the_same(card(), card(decided=reworded))


def test_another_grade_by_score_is_not_what_was_decided_about(card):
    found = card(measures={**MEASURES, "leads": "30"})
    assert (found.calibration.by_score, found.calibration.stands, found.grade) == ("C", False, "C")


def test_a_book_names_its_grades_from_the_lowest_up(inputs):
    policy = inputs().policy
    assert policy.grade_names == ()
    assert replace(policy, grades=GRADES).grade_names == ("C", "B", "A")


def test_without_a_grade_there_is_nothing_to_decide_about():
    found = calibrated(ENTRY, None)
    assert (found.stands, found.final) == (False, None)
    assert calibrated(None, "A") is None


def test_of_two_decisions_the_later_counts():
    later = replace(ENTRY, on=date(2026, 11, 20), grade="C")
    others = (replace(later, team_id="eu-crm"), replace(later, period=MONTH.shift(-1)))
    assert newest((later, ENTRY, *others), MONTH, "eu-brand") == later
    assert newest((ENTRY,), MONTH, "eu-crm") is None


def test_a_revision_says_that_the_grade_moved_by_a_decision(card):
    found = compare(card(decided=None), replace(card(), revision=2))
    assert (found.grade, found.is_decided) == (MovedText("A", "B"), True)
    assert [other.field for other in found.others] == ["calibration"]
    assert RestatementNote.of(found).is_decided
    late = compare(card(), replace(card(measures={**MEASURES, "leads": "30"}), revision=2))
    # the decision is the same one, it just does not count any more
    assert (late.grade, late.is_decided) == (MovedText("B", "C"), False)


def test_another_rank_is_no_reason_for_a_revision_but_part_of_the_content(card):
    second, third = (replace(card(), rank=Rank(both("Growth"), place, 7, 7, 7)) for place in (2, 3))
    assert says_the_same(second, third)
    assert content_hash(second) != content_hash(third)
    assert from_json(to_json(third)) == third
