"""What would do where a range is best."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.kpi import Direction, RuleSpec
from scoring.rules import Case, rule_of
from scoring.targets.attainment import attain
from scoring.what_if.solving_ranges import actual_in_range

D = Decimal
PROPORTIONAL = rule_of(RuleSpec("proportional", {"cap": 120, "floor": 0}))
LIMITS = [{"up_to": "0.05", "score": "100"}, {"up_to": "0.2", "score": "80"}, {"score": "0"}]
TOLERANCE = rule_of(RuleSpec("tolerance", {"limits": LIMITS}))
STEP = rule_of(
    RuleSpec(
        "step",
        {
            "above": {"per": "0.01", "points": "1", "at_most": "10"},
            "below": {"per": "0.1", "points": "10", "at_most": "50"},
            "partial": False,
        },
    )
)
ENDS = (D(40), D(60))


@pytest.mark.parametrize(
    ("rule", "wanted", "actual", "found"),
    [
        (PROPORTIONAL, "80", "10", "32"),
        (PROPORTIONAL, "80", "100", "75"),
        (PROPORTIONAL, "100", "10", "40"),
        (PROPORTIONAL, "101", "50", None),
        (PROPORTIONAL, "100", "50", "50"),
        (TOLERANCE, "100", "10", "38"),
        (TOLERANCE, "100", "100", "63"),
        (TOLERANCE, "80", "10", "32"),
        (TOLERANCE, "101", "10", None),
        # two whole steps are lost at 28; just above it only one
        (STEP, "90", "10", "33"),
        (STEP, "90", "1000", "74"),
        (PROPORTIONAL, "0", "0", "0"),
    ],
)
def test_the_nearest_actual_on_its_side(rule, wanted, actual, found):
    expected = None if found is None else D(found)
    assert actual_in_range(rule, D(wanted), D(actual), ENDS, 0) == expected


def test_no_actual_scores_where_the_range_is_not_above_zero():
    assert actual_in_range(PROPORTIONAL, D(50), D(-5), (D(0), D(0)), 0) is None


@settings(deadline=None, max_examples=300)
@given(
    rule=st.sampled_from([PROPORTIONAL, TOLERANCE, STEP]),
    wanted=st.decimals(1, 100, places=1),
    actual=st.decimals("0.1", 400, places=1),
    digits=st.integers(0, 2),
)
def test_what_is_found_scores_enough_and_one_unit_further_away_does_not(rule, wanted, actual, digits):
    def score(value):
        nearest = min(max(value, ENDS[0]), ENDS[1])
        attainment = attain(value, nearest, Direction.RANGE)
        return rule.score(Case(Direction.RANGE, value, nearest, attainment)).result

    found = actual_in_range(rule, wanted, actual, ENDS, digits)
    assert found is not None
    assert score(found) >= wanted
    if score(actual) < wanted:
        away = D(1).scaleb(-digits) * (1 if actual > ENDS[1] else -1)
        assert score(found + away) < wanted
