"""Every rule says how it is solved and which operands are its own; none is silently out of reach."""

from dataclasses import fields

import pytest

from scoring.kpi import RuleSpec
from scoring.rules import RULES, find_rules, rule_of
from scoring.rules.case import Needs
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Rule
from scoring.rules.threshold import Unsolvable

SAMPLES = {
    "tolerance": {"limits": [{"up_to": "0.05", "score": 100}, {"score": 0}]},
    "all_or_some": {"conditions": ["a >= 1"], "scores": [0, 100]},
    "event": {"deduction": 2, "floor": 0},
    "veto": {"scope": "kpi", "value": 0},
    "qualitative": {"levels": {"good": 10, "bad": 0}, "out_of": 10},
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_declares_what_is_asked_of_it(name):
    kind = RULES[name]
    assert kind.name == name
    assert isinstance(kind.rule.needs, Needs)
    assert isinstance(kind.rule.parameters, Parameters)
    assert any(getattr(kind.rule.parameters, part.name) for part in fields(Parameters))
    # an abstract class has left out its score, its best or its solver
    assert not kind.rule.__abstractmethods__
    assert kind.rule.solve is not Rule.solve


@pytest.mark.parametrize("name", SAMPLES)
def test_a_rule_that_cannot_be_solved_says_why(name):
    solved = rule_of(RuleSpec(name, SAMPLES[name])).solve(50)
    assert isinstance(solved, Unsolvable)
    assert solved.why


def test_the_rules_are_those_of_the_package():
    assert find_rules() == RULES


def test_a_rule_without_a_solver_cannot_be_made():
    class Unfinished(Rule):
        best = 100

        def score(self, case):
            """Nothing is scored."""

    with pytest.raises(TypeError, match="solve"):
        Unfinished()
