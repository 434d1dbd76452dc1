"""What a rule says of itself to those who check a book or ask an appraiser."""

import pytest

from scoring.kpi import RuleSpec
from scoring.rules import rule_of


def conditions(*texts):
    scores = [*([0] * len(texts)), 100]
    return rule_of(RuleSpec("all_or_some", {"conditions": list(texts), "scores": scores}))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("a >= 5", "a <= 5"), ()),
        (("a > 5", "b < 5"), ()),
        (("a >= 5", "a > 7"), ()),
        (("a > 5", "a <= 5"), (("a > 5", "a <= 5"),)),
        (("a >= 5", "a < 5"), (("a >= 5", "a < 5"),)),
        (("a >= 5", "a > 5", "a <= 5", "a <= 9"), (("a > 5", "a <= 5"),)),
        (("a >= 5", "a <= 5", "a < 5"), (("a >= 5", "a < 5"),)),
        (("a >= 6", "a <= 5"), (("a >= 6", "a <= 5"),)),
    ],
)
def test_conditions_that_cannot_hold_together_are_named(texts, found):
    assert conditions(*texts).contradictions == found


def test_conditions_state_their_number_and_their_measures():
    rule = conditions("a >= 5", "b / a < 2")
    assert (rule.stated_target, rule.names) == (2, ("a", "b"))


def test_a_qualitative_rule_offers_its_levels_in_order():
    rule = rule_of(RuleSpec("qualitative", {"levels": {"good": 10, "bad": 0}, "out_of": 10}))
    assert rule.choices == ("good", "bad")


def test_a_rule_that_says_nothing_has_none_of_it():
    rule = rule_of(RuleSpec("proportional", {}))
    assert (rule.stated_target, rule.contradictions, rule.choices) == (None, (), ())
    assert (rule.formulas, rule.names, rule.veto) == ((), (), None)
