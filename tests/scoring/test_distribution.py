"""Proposed grades: held against a naive twin that tries every assignment, in fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.distribution import NOTHING_ASKED, Bound, Graded, GradeShare, distribution_of, proposed
from scoring.errors import BookError
from scoring.grading import grade_table

D = Decimal
GRADES = ("C", "B", "A")
TABLE = grade_table([("C", D(0)), ("B", D(70)), ("A", D(90))])


def asked(*shares, grades=GRADES, is_forced=False):
    """Shares from the best grade down, each as (percent, bound)."""
    named = [
        GradeShare(grade, D(str(percent)), bound)
        for grade, (percent, bound) in zip(reversed(grades), shares, strict=True)
    ]
    return distribution_of(named, grades, is_forced=is_forced, by_department=True)


USUAL = asked((20, Bound.AT_MOST), (70, Bound.ABOUT), (10, Bound.AT_LEAST))
EXACT = asked((20, Bound.EXACTLY), (70, Bound.EXACTLY), (10, Bound.EXACTLY))


def teams_of(*totals):
    return [
        Graded(f"t{number:02}", D(str(total)), TABLE.grade_of(D(str(total))).name)
        for number, total in enumerate(totals)
    ]


def grades_of(distribution, *totals):
    found = proposed(distribution, teams_of(*totals))
    return "".join(found[team.team_id] for team in teams_of(*totals))


def places_by_hand(percents, teams):
    """Largest remainder, in fractions, one place after the other."""
    exact = [Fraction(str(percent)) * teams / 100 for percent in percents]
    places = [part.numerator // part.denominator for part in exact]
    left = teams - sum(places)
    rest = [part - whole for part, whole in zip(exact, places, strict=True)]
    while left:
        at = rest.index(max(rest))
        places[at], rest[at], left = places[at] + 1, Fraction(-1), left - 1
    return places


@pytest.mark.parametrize(
    ("teams", "places"),
    [(0, (0, 0, 0)), (1, (0, 1, 0)), (4, (1, 3, 0)), (7, (1, 5, 1)), (10, (2, 7, 1)), (12, (3, 8, 1))],
)
def test_places_are_whole_and_the_largest_remainders_have_the_rest(teams, places):
    assert USUAL.places(teams) == places


def test_of_equal_remainders_the_better_grade_has_the_place():
    halves = asked((25, Bound.EXACTLY), (50, Bound.EXACTLY), (25, Bound.EXACTLY))
    assert halves.places(2) == (1, 1, 0)


@settings(deadline=None)
@given(
    shares=st.lists(st.integers(0, 1000), min_size=2, max_size=4).filter(any),
    teams=st.integers(0, 60),
)
def test_places_are_those_worked_out_by_hand(shares, teams):
    percents = [D(share) / 10 for share in shares]
    total = sum(percents)
    # the last takes what is missing to 100
    if total > 100:
        percents = [percent / 100 for percent in percents]
    percents[-1] += 100 - sum(percents)
    grades = tuple("DCBA"[: len(percents)])
    found = asked(*((percent, Bound.EXACTLY) for percent in percents), grades=grades).places(teams)
    assert (list(found), sum(found)) == (places_by_hand(percents, teams), teams)


@pytest.mark.parametrize(
    ("distribution", "totals", "grades"),
    [
        # three A of ten teams where two may have it, and nobody C where one has to
        (USUAL, (99, 95, 91, 89, 88, 85, 80, 78, 75, 71), "AABBBBBBBC"),
        # within the shares nobody is moved, not even up
        (USUAL, (99, 89, 88, 85, 80, 78, 75, 74, 71, 60), "ABBBBBBBBC"),
        (EXACT, (99, 89, 88, 85, 80, 78, 75, 74, 71, 60), "AABBBBBBBC"),
        # two of the best are equal where one may have it: neither has
        (USUAL, (95, 95, 88, 85, 80, 50), "BBBBBC"),
        (USUAL, (), ""),
        (NOTHING_ASKED, (95, 95, 50), "AAC"),
    ],
)
def test_the_fewest_grades_are_moved(distribution, totals, grades):
    assert grades_of(distribution, *totals) == grades


def test_what_equal_totals_keep_from_being_met_is_told():
    distribution = asked((50, Bound.EXACTLY), (50, Bound.EXACTLY), (0, Bound.EXACTLY))
    found = proposed(distribution, teams_of(80, 80))
    assert [*map(str, distribution.misses([*found.values()]))] == ["A 0, exactly 1", "B 2, exactly 1"]
    assert [*distribution.told(3)] == ["A exactly 2", "B exactly 1", "C exactly 0"]


def test_ways_are_named():
    assert (USUAL.way, asked((0, Bound.ABOUT), (0, Bound.ABOUT), (100, Bound.ABOUT), is_forced=True).way) == (
        "guided",
        "forced",
    )
    assert NOTHING_ASKED.way == "none"


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ((("A", 50), ("B", 50)), r"each grade of the book \(C, B, A\) once, found A, B"),
        ((("A", 50), ("B", 40), ("C", 20)), "sum to 100, found 110"),
        ((("A", 50), ("A", 20), ("C", 30)), "once, found A, A, C"),
    ],
)
def test_shares_name_every_grade_and_add_up(shares, problem):
    with pytest.raises(BookError, match=problem):
        distribution_of(
            [GradeShare(grade, D(percent), Bound.ABOUT) for grade, percent in shares],
            GRADES,
            is_forced=True,
            by_department=False,
        )


bounds = st.sampled_from(list(Bound))


@st.composite
def distributions(draw):
    best = draw(st.integers(0, 100))
    middle = draw(st.integers(0, 100 - best))
    return asked((best, draw(bounds)), (middle, draw(bounds)), (100 - best - middle, draw(bounds)))


totals = st.lists(st.integers(40, 110), max_size=7)


def off(bound, teams, places):
    """By how many teams a share is missed."""
    too_many = bound in (Bound.EXACTLY, Bound.AT_MOST)
    too_few = bound in (Bound.EXACTLY, Bound.AT_LEAST)
    return max(teams - places, 0) * too_many + max(places - teams, 0) * too_few


def every_fair_assignment(teams):
    """Grades as ranks from the best (0) down: never better with a lower total, equal with equal ones."""
    levels = sorted({team.total for team in teams}, reverse=True)
    for ranks in product(range(3), repeat=len(levels)):
        if all(higher <= lower for higher, lower in pairwise(ranks)):
            by_total = dict(zip(levels, ranks, strict=True))
            yield [by_total[team.total] for team in teams]


def cost_by_hand(distribution, teams, ranks):
    places = places_by_hand([share.percent for share in distribution.shares], len(teams))
    missed = sum(
        off(share.bound, ranks.count(at), places[at]) for at, share in enumerate(distribution.shares)
    )
    moved = sum(abs("ABC".index(team.grade) - rank) for team, rank in zip(teams, ranks, strict=True))
    return missed, moved


@settings(deadline=None)
@given(distribution=distributions(), totals=totals)
def test_a_proposal_costs_as_little_as_the_best_of_all_fair_ones(distribution, totals):
    teams = teams_of(*totals)
    found = proposed(distribution, teams)
    ranks = ["ABC".index(found[team.team_id]) for team in teams]
    fair = list(every_fair_assignment(teams))
    assert ranks in fair
    best = min(cost_by_hand(distribution, teams, each) for each in fair)
    assert cost_by_hand(distribution, teams, ranks) == best
    # what it misses is what it says that it misses
    assert bool(best[0]) == bool([*distribution.misses([*found.values()])])


@settings(deadline=None)
@given(distribution=distributions(), totals=st.lists(st.integers(40, 110), max_size=40, unique=True))
def test_without_equal_totals_a_proposal_meets_the_shares(distribution, totals):
    found = proposed(distribution, teams_of(*totals))
    assert [*distribution.misses([*found.values()])] == []


@settings(deadline=None)
@given(distribution=distributions(), totals=st.lists(st.integers(40, 110), max_size=40), seed=st.randoms())
def test_nobody_gets_a_better_grade_than_a_higher_total_and_order_does_not_matter(distribution, totals, seed):
    teams = teams_of(*totals)
    found = proposed(distribution, teams)
    for one, other in product(teams, teams):
        if one.total >= other.total:
            assert found[one.team_id] <= found[other.team_id]
    shuffled = list(teams)
    seed.shuffle(shuffled)
    assert proposed(distribution, shuffled) == found
