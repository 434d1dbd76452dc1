"""Wrong parameters of the other rules and of pay: each refused in a sentence."""

from decimal import Decimal

import pytest

from scoring.errors import BookError, UsageError
from scoring.kpi import Direction, RuleSpec
from scoring.pay import pay_of
from scoring.rules import Case, rule_of
from scoring.working import Reason

STAIR = {"per": "0.05", "points": 2}
STEP = {"above": {**STAIR, "at_most": 10}, "below": {**STAIR, "at_most": 10}, "partial": False}
BASE = {"base": 50, "above": STAIR, "cap": 60, "below": STAIR, "floor": 0, "partial": True}
ON = {"at": 1, "score": 100}


@pytest.mark.parametrize(
    ("name", "params", "fault"),
    [
        ("step", {**STEP, "partial": "no"}, "true or false for partial"),
        ("step", {**STEP, "above": "5%"}, "a mapping for above"),
        ("step", {**STEP, "below": STAIR}, "expected the parameters at_most, per, points"),
        ("step", {**STEP, "above": {"per": 0, "points": 1, "at_most": 5}}, "per above 0"),
        ("step", {**STEP, "above": {"per": 1, "points": -1, "at_most": 5}}, "no negative points"),
        ("base_and_bonus", {**BASE, "cap": 40}, "0 <= floor < base <= cap"),
        ("base_and_bonus", {**BASE, "floor": 50}, "0 <= floor < base <= cap"),
        ("piecewise_linear", {"anchors": [ON]}, "two anchors or more"),
        ("piecewise_linear", {"anchors": [ON, {"at": "0.5", "score": 0}]}, "anchors that rise"),
        (
            "piecewise_linear",
            {"anchors": [{"at": 0, "score": 0}, {"at": 2, "score": 100}]},
            "100 at an attainment of 1",
        ),
        ("tolerance", {"limits": [{"up_to": 1, "score": 100}]}, "without up_to"),
        ("tolerance", {"limits": [{"up_to": 1, "score": 90}, {"score": 0}]}, "scores 100"),
        ("tolerance", {"limits": [{"up_to": -1, "score": 100}, {"score": 0}]}, "from 0 up"),
        ("tolerance", {"limits": [{"up_to": 1, "score": 100}, {"score": 110}]}, "scores that fall"),
        ("all_or_some", {"conditions": "a >= 1", "scores": [0, 100]}, "a list for conditions"),
        ("all_or_some", {"conditions": ["a is big"], "scores": [0, 100]}, "a condition such as"),
        ("all_or_some", {"conditions": ["a >= 1"], "scores": [0, 50, 100]}, "expected 2 scores"),
        ("all_or_some", {"conditions": ["a >= 1", "b >= 1"], "scores": [50, 0, 100]}, "no lower score"),
        ("event", {"deduction": 0, "floor": 0}, "a deduction above 0"),
        ("event", {"deduction": 2, "floor": 100}, "0 <= floor < 100"),
        ("veto", {"scope": "team", "value": 0}, "a scope of kpi, area, card"),
        ("veto", {"scope": "card", "value": 100}, "from 0 to under 100"),
        ("qualitative", {"levels": {"good": 5, "fine": 5}, "out_of": 5}, "levels of different points"),
        ("qualitative", {"levels": {}, "out_of": 5}, "a mapping for levels"),
    ],
)
def test_wrong_parameters_are_refused(name, params, fault):
    with pytest.raises(BookError, match=fault):
        rule_of(RuleSpec(name, params))


def test_a_fifth_above_target_is_the_cap_where_the_book_names_none():
    assert rule_of(RuleSpec("proportional", {})) == rule_of(
        RuleSpec("proportional", {"cap": 120, "floor": 0})
    )


def test_what_nobody_has_entered_is_not_available():
    nothing = Case(Direction.LOWER)
    assert rule_of(RuleSpec("event", {"deduction": 2, "floor": 0})).score(nothing) is Reason.NO_DATA
    assert rule_of(RuleSpec("veto", {"scope": "kpi", "value": 0})).score(nothing) is Reason.NO_DATA
    levels = RuleSpec("qualitative", {"levels": {"good": 10, "bad": 0}, "out_of": 10})
    assert rule_of(levels).score(nothing) is Reason.NO_DATA
    with pytest.raises(UsageError, match="one of the levels good, bad, found 'fair'"):
        rule_of(levels).score(Case(Direction.LOWER, level="fair"))


@pytest.mark.parametrize("rule", ["proportional", "tolerance"])
def test_a_rule_over_targets_is_never_asked_without_one(rule):
    params = {
        "proportional": {"cap": 120, "floor": 0},
        "tolerance": {"limits": [{"up_to": 1, "score": 100}, {"score": 0}]},
    }[rule]
    with pytest.raises(BookError, match="expected an"):
        rule_of(RuleSpec(rule, params)).score(Case(Direction.HIGHER))


AXIS = {"kpi": "a", "from": [0, 1]}


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        ({}, "a method of bands, proportional, excess, matrix"),
        ({"method": "bands", "digits": 9, "tiers": []}, "0 to 4 digits"),
        ({"method": "bands", "digits": 2, "tiers": [{"from": 1, "coefficient": 1}]}, "start at 0 and rise"),
        ({"method": "bands", "digits": 2, "tiers": [{"from": 0, "pay": 1}]}, "coefficient, from"),
        ({"method": "proportional", "digits": 2, "cap": "0.9", "floor": 0}, "0 <= floor < 1 <= cap"),
        ({"method": "excess", "digits": 2, "cap": 2, "floor": 0, "excess": "0.5"}, "an excess of 1 or more"),
        ({"method": "matrix", "digits": 2, "rows": AXIS, "columns": AXIS, "cells": [[1, 2]]}, "2 rows of 2 cells"),
        ({"method": "matrix", "digits": 2, "rows": AXIS, "columns": AXIS, "cells": "none"}, "found rows of none"),
        ({"method": "matrix", "digits": 2, "rows": {"kpi": "a", "from": 3}, "columns": AXIS, "cells": []}, "a list for rows"),
    ],
)  # fmt: skip
def test_wrong_pay_is_refused(params, fault):
    with pytest.raises(BookError, match=fault):
        pay_of(params)


@pytest.mark.parametrize(
    ("params", "total", "coefficient"),
    [
        ({"method": "bands", "digits": 1, "tiers": [{"from": 0, "coefficient": 0}, {"from": 80, "coefficient": 1}]}, 80, "1"),
        ({"method": "proportional", "digits": 2, "cap": 1, "floor": 0}, 120, "1"),
        ({"method": "excess", "digits": 2, "cap": 2, "floor": 0, "excess": 3}, 110, "1.3"),
        ({"method": "matrix", "digits": 2, "rows": AXIS, "columns": {"kpi": "b", "from": [0]}, "cells": [[0], [1]]}, 50, "1"),
    ],
)  # fmt: skip
def test_pay_that_is_read_from_a_book_pays(params, total, coefficient):
    attainments = {"a": Decimal(1), "b": Decimal(0)}
    assert pay_of(params).coefficient(Decimal(total), attainments).result == Decimal(coefficient)
