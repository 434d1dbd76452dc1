"""Every rule on its boundaries, and against a naive second implementation in fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BookError
from scoring.kpi import Direction, RuleSpec
from scoring.rules import Case, rule_of
from scoring.targets.attainment import attain
from scoring.working import Operand, Reason

D = Decimal
PROPORTIONAL = RuleSpec("proportional", {"cap": 120, "floor": 10})
EDGES = ("0", "0.6", "0.8", "1", "1.1")
SCORES = ("0", "50", "80", "100", "110")
BANDS = RuleSpec("bands", {"bands": [{"from": e, "score": s} for e, s in zip(EDGES, SCORES, strict=True)]})


def case(attainment: str) -> Case:
    return Case(Direction.HIGHER, D(attainment) * 200, D(200), D(attainment))


@pytest.mark.parametrize(
    ("attainment", "score", "applied"),
    [
        ("1", "100", ()),
        ("1.2", "120", ()),
        ("1.2000001", "120", ("cap",)),
        ("0.1", "10", ()),
        ("0.0999999", "10", ("floor",)),
        ("0", "10", ("floor",)),
        ("-3", "10", ("floor",)),
        ("0.57", "57", ()),
    ],
)
def test_proportional_is_the_attainment_between_floor_and_cap(attainment, score, applied):
    working = rule_of(PROPORTIONAL).score(case(attainment))
    assert (working.result, working.applied) == (D(score), applied)
    assert Operand("cap", D(120)) in working.operands
    assert Operand("attainment", D(attainment)) in working.operands


@pytest.mark.parametrize(
    ("attainment", "score", "until"),
    [
        ("-0.5", "0", "0.6"),
        ("0", "0", "0.6"),
        ("0.5999999999", "0", "0.6"),
        ("0.6", "50", "0.8"),
        ("0.7999999999", "50", "0.8"),
        ("0.8", "80", "1"),
        ("0.9999999999", "80", "1"),
        ("1", "100", "1.1"),
        ("1.0999999999", "100", "1.1"),
        ("1.1", "110", "open"),
        ("99", "110", "open"),
    ],
)
def test_a_band_edge_belongs_to_the_higher_band(attainment, score, until):
    working = rule_of(BANDS).score(case(attainment))
    assert working.result == D(score)
    assert {o.name: str(o.value) for o in working.operands}["band_until"] == until


@given(actual=st.decimals(-1000, 1000, places=3), target=st.decimals("0.001", 1000, places=3))
def test_both_rules_agree_with_a_naive_one_in_fractions(actual, target):
    attainment = attain(actual, target, Direction.HIGHER)
    exact = Fraction(actual) / Fraction(target)
    scored = rule_of(PROPORTIONAL).score(Case(Direction.HIGHER, actual, target, attainment)).result
    assert abs(Fraction(scored) - min(max(exact * 100, 10), 120)) < Fraction(1, 10**25)
    banded = rule_of(BANDS).score(Case(Direction.HIGHER, actual, target, attainment)).result
    naive = [s for e, s in zip(EDGES, SCORES, strict=True) if exact >= Fraction(e)] or ["0"]
    assert banded == D(naive[-1])


@given(
    better=st.decimals("0.01", 1000, places=2),
    worse=st.decimals("0.01", 1000, places=2),
    spec=st.sampled_from([PROPORTIONAL, BANDS]),
    direction=st.sampled_from([Direction.HIGHER, Direction.LOWER]),
)
def test_a_better_actual_never_scores_less(better, worse, spec, direction):
    if (better < worse) == (direction is Direction.HIGHER):
        better, worse = worse, better
    scores = [
        rule_of(spec).score(Case(direction, actual, D(50), attain(actual, D(50), direction))).result
        for actual in (worse, better)
    ]
    assert scores[0] <= scores[1]


def test_lower_is_better_turns_the_quotient_round():
    assert attain(D(40), D(50), Direction.LOWER) == D("1.25")
    assert attain(D(50), D(50), Direction.LOWER) == 1


@pytest.mark.parametrize(
    ("actual", "target", "direction", "reason"),
    [
        (D(0), D(5), Direction.LOWER, Reason.UNRANKED),
        (D(-2), D(5), Direction.LOWER, Reason.UNRANKED),
        (D(5), D(0), Direction.HIGHER, Reason.ZERO_DENOMINATOR),
    ],
)
def test_an_attainment_that_cannot_be_ranked_is_not_available(actual, target, direction, reason):
    assert attain(actual, target, direction) is reason


def bands(*rows):
    return {"bands": [{"from": start, "score": score} for start, score in rows]}


@pytest.mark.parametrize(
    ("name", "params", "fault"),
    [
        ("steps", {}, "expected one of all_or_some, bands"),
        ("proportional", {"caps": 120}, "expected the parameters perhaps cap, floor"),
        ("proportional", {"cap": 120, "floor": 0, "flor": 1}, "expected the parameters"),
        ("proportional", {"cap": 99, "floor": 0}, "0 <= floor < 100 <= cap"),
        ("proportional", {"cap": 120, "floor": 100}, "0 <= floor < 100 <= cap"),
        ("proportional", {"cap": 120, "floor": -1}, "0 <= floor < 100 <= cap"),
        ("proportional", {"cap": "many", "floor": 0}, "expected a number for cap"),
        ("proportional", {"cap": "Infinity", "floor": 0}, "expected a number for cap"),
        ("proportional", {"cap": True, "floor": 0}, "expected a number for cap"),
        ("bands", {"bands": []}, "expected a list for bands"),
        ("bands", {"bands": "0-100"}, "expected a list for bands"),
        ("bands", {"bands": ["0"]}, "each such as"),
        ("bands", {"bands": [{"from": 0, "points": 1}]}, "expected the parameters from, score"),
        ("bands", bands(("0.1", 0), (1, 100)), "start at 0"),
        ("bands", bands((0, 0), (1, 100), (1, 110)), "bands that rise"),
        ("bands", bands((0, 0), (1, 100), ("0.8", 80)), "bands that rise"),
        ("bands", bands((0, 50), (1, 40)), "no lower score"),
        ("bands", bands((0, 0), ("0.9", 100)), "starts at 1"),
    ],
)
def test_wrong_parameters_are_refused_in_a_sentence(name, params, fault):
    with pytest.raises(BookError, match=fault):
        rule_of(RuleSpec(name, params))
