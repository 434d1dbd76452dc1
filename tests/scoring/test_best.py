"""The most that a rule can score."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.kpi import Direction, RuleSpec
from scoring.rules import Case, rule_of
from tests.scoring import test_rules_agree as agree

D = Decimal
FLAT = {"per": "0.1", "points": "0"}


@pytest.mark.parametrize(
    ("name", "params", "best"),
    [
        ("proportional", {"cap": 120, "floor": 0}, "120"),
        (
            "bands",
            {"bands": [{"from": 0, "score": 0}, {"from": 1, "score": 100}, {"from": 2, "score": 130}]},
            "130",
        ),
        ("step", {"above": {**FLAT, "at_most": 9}, "below": {**FLAT, "at_most": 9}, "partial": False}, "100"),
        (
            "base_and_bonus",
            {"base": 50, "cap": 60, "floor": 0, "above": FLAT, "below": FLAT, "partial": True},
            "100",
        ),
        ("tolerance", {"limits": [{"up_to": "0.1", "score": 100}, {"score": 0}]}, "100"),
        ("all_or_some", {"conditions": ["a > 1"], "scores": [0, 100]}, "100"),
        ("event", {"deduction": 2, "floor": 0}, "100"),
        ("veto", {"scope": "kpi", "value": 0}, "100"),
        ("qualitative", {"levels": {"good": 12, "poor": 0}, "out_of": 10}, "120"),
    ],
)
def test_the_best_score_of_a_rule(name, params, best):
    assert rule_of(RuleSpec(name, params)).best == D(best)


RULES_OVER_TARGETS = st.one_of(
    st.tuples(st.just("proportional"), agree.proportional_params()),
    st.tuples(st.just("bands"), agree.bands_params()),
    st.tuples(st.just("step"), agree.step_params()),
    st.tuples(st.just("base_and_bonus"), agree.base_and_bonus_params()),
    st.tuples(st.just("piecewise_linear"), agree.piecewise_params()),
)


@given(RULES_OVER_TARGETS, st.decimals(0, 3, places=3))
def test_nothing_scores_more_than_the_best_and_a_huge_attainment_scores_it(named, attainment):
    rule = rule_of(RuleSpec(*named))

    def score(value):
        return rule.score(Case(Direction.HIGHER, value, D(1), value)).result

    assert score(attainment) <= rule.best
    if named[0] not in ("step", "base_and_bonus"):
        assert score(D(10**9)) == rule.best
