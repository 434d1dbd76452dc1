"""Places in a department, and what a card does not say of others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ranking import Rank, places, rank_of
from tests.scoring.conftest import both

GROWTH = both("Growth")


def ranked(team_id, *totals, teams=None, at_least=3):
    known = {
        f"t{number}": None if total is None else Decimal(total)
        for number, total in enumerate(totals, start=1)
    }
    return rank_of(team_id, GROWTH, known, teams=teams or len(known), at_least=at_least)


def test_equal_totals_share_a_place_and_the_next_counts_them_all():
    totals = {"a": Decimal("90"), "b": Decimal("95"), "c": Decimal("90.0"), "d": Decimal("80")}
    assert places(totals) == {"b": 1, "a": 2, "c": 2, "d": 4}


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 20), st.decimals(-50, 200, places=1), max_size=12))
def test_a_place_is_one_more_than_those_with_a_higher_total(totals):
    by_hand = sorted(totals.values(), reverse=True)
    assert places(totals) == {team: by_hand.index(total) + 1 for team, total in totals.items()}


@pytest.mark.parametrize(
    ("totals", "teams", "rank"),
    [
        (("80", "90", "70"), 3, Rank(GROWTH, 2, 3, 3, 3)),
        # one without a total is not ranked, and counted as such
        (("80", "90", None, "70"), 4, Rank(GROWTH, 2, 3, 4, 4)),
        ((None, "90", "80", "70"), 4, Rank(GROWTH, None, 3, 4, 4)),
        # while one has no card, nobody has a place
        (("80", "90", "70"), 4, Rank(GROWTH, None, 3, 3, 4)),
        (("80",), 4, Rank(GROWTH, None, 1, 1, 4)),
        # two with a total would tell each other's
        (("80", "90"), 2, None),
        (("80", "90", None, None), 4, None),
    ],
)
def test_the_rank_of_a_card(totals, teams, rank):
    assert ranked("t1", *totals, teams=teams) == rank


def test_the_book_says_how_many_there_must_be():
    assert ranked("t1", "80", "90", "70", at_least=4) is None
    assert ranked("t1", "80", "90", "70").is_complete
    assert not ranked("t1", "80", "90", "70", teams=4).is_complete
