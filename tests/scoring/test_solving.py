"""The solved threshold does what it says, and nothing below it does."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.kpi import Attainment, Direction, Method, RuleSpec
from scoring.rules import Case, rule_of
from scoring.targets.attainment import attain
from scoring.what_if.solving import Threshold, actual_for, attainment_for
from scoring.working import Reason
from tests.scoring.test_rules_agree import (
    bands_params,
    base_and_bonus_params,
    piecewise_params,
    proportional_params,
    step_params,
)

D = Decimal
TINY = D("1e-15")
RULES = st.one_of(
    st.tuples(st.just("proportional"), proportional_params()),
    st.tuples(st.just("bands"), bands_params()),
    st.tuples(st.just("piecewise_linear"), piecewise_params()),
    st.tuples(st.just("step"), step_params()),
    st.tuples(st.just("base_and_bonus"), base_and_bonus_params()),
)


def scored(rule, attainment):
    return rule.score(Case(Direction.HIGHER, attainment, D(1), attainment)).result


@settings(deadline=None, max_examples=400)
@given(named=RULES, score=st.decimals(0, 150, places=1))
def test_the_threshold_scores_enough_and_a_hair_less_does_not(named, score):
    rule = rule_of(RuleSpec(*named))
    threshold = attainment_for(rule, score)
    if threshold is None:
        assert scored(rule, D(10**6)) < score
        return
    enough = threshold.at + (TINY if threshold.is_open else 0)
    assert scored(rule, enough) >= score - TINY
    if threshold.at > 0:
        below = threshold.at - (0 if threshold.is_open else TINY)
        assert scored(rule, below) < score


@pytest.mark.parametrize("name", ["tolerance", "all_or_some", "event", "veto", "qualitative"])
def test_a_rule_that_does_not_rise_with_attainment_is_not_solved(name):
    params = {
        "tolerance": {"limits": [{"up_to": "0.05", "score": 100}, {"score": 0}]},
        "all_or_some": {"conditions": ["a >= 1"], "scores": [0, 100]},
        "event": {"deduction": 2, "floor": 0},
        "veto": {"scope": "kpi", "value": 0},
        "qualitative": {"levels": {"good": 10, "bad": 0}, "out_of": 10},
    }[name]
    assert attainment_for(rule_of(RuleSpec(name, params)), D(50)) is None


def test_no_attainment_reaches_more_than_the_last_anchor():
    anchors = [{"at": 0, "score": 0}, {"at": 1, "score": 100}]
    assert attainment_for(rule_of(RuleSpec("piecewise_linear", {"anchors": anchors})), D(101)) is None


METHODS = [
    (Direction.HIGHER, Attainment()),
    (Direction.LOWER, Attainment()),
    (Direction.LOWER, Attainment(Method.COMPLEMENT)),
    (Direction.HIGHER, Attainment(Method.BASELINE, D(-50))),
    (Direction.LOWER, Attainment(Method.BASELINE, D(2000))),
]


@settings(deadline=None, max_examples=300)
@given(
    at=st.decimals("0.05", 2, places=4),
    target=st.decimals(1, 1000, places=2),
    way=st.sampled_from(METHODS),
    digits=st.integers(0, 3),
    is_open=st.booleans(),
)
def test_the_actual_reaches_the_threshold_and_one_unit_less_does_not(at, target, way, digits, is_open):
    direction, how = way
    actual = actual_for(Threshold(at, is_open), target, direction, how, digits)

    def reaches(value):
        attainment = attain(value, target, direction, how)
        if isinstance(attainment, Reason):
            return None
        return attainment > at if is_open else attainment >= at

    unit = D(1).scaleb(-digits)
    if actual is None:
        # only 0 would be low enough, and 0 is not ranked
        assert (direction, how) == METHODS[1]
        assert not reaches(unit)
        return
    worse = actual - unit if direction is Direction.HIGHER else actual + unit
    assert reaches(actual)
    assert reaches(worse) in (False, None)


def test_no_actual_reaches_an_attainment_of_zero_or_less_where_lower_is_better():
    assert actual_for(Threshold(D(0)), D(5), Direction.LOWER, Attainment(), 0) is None


STAIR = {"per": "0.05", "points": "2"}
STEP = {
    "above": {**STAIR, "at_most": "10"},
    "below": {**STAIR, "at_most": "20"},
    "partial": False,
}
BONUS = {"base": "50", "above": STAIR, "cap": "60", "below": STAIR, "floor": "40", "partial": True}


@pytest.mark.parametrize(
    ("name", "params", "score", "threshold"),
    [
        ("step", STEP, "104", Threshold(D("1.10"))),
        ("step", STEP, "110", Threshold(D("1.25"))),
        ("step", STEP, "110.1", None),
        # two whole steps are 4 points: just short of the third
        ("step", STEP, "96", Threshold(D("0.85"), is_open=True)),
        ("step", STEP, "80", Threshold(D(0))),
        # 52 of 50 points are 104
        # steps that are worth nothing: beyond the target nothing helps, below it nothing hurts
        ("step", {**STEP, "above": {"per": "0.05", "points": "0", "at_most": "10"}}, "101", None),
        ("step", {**STEP, "below": {"per": "0.05", "points": "0", "at_most": "20"}}, "99", Threshold(D(0))),
        ("base_and_bonus", BONUS, "104", Threshold(D("1.05"))),
        ("base_and_bonus", BONUS, "121", None),
        ("base_and_bonus", BONUS, "96", Threshold(D("0.95"))),
        ("base_and_bonus", BONUS, "80", Threshold(D(0))),
    ],
)
def test_steps_are_counted_backwards(name, params, score, threshold):
    assert attainment_for(rule_of(RuleSpec(name, params)), D(score)) == threshold
