"""Every rule says how it is solved and which operands are its own; none is silently out of reach."""

import re
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
STAIR = {"per": "0.01", "points": 1}
SOLVED = {
    "proportional": {"cap": 120, "floor": 0},
    "bands": {"bands": [{"from": 0, "score": 0}, {"from": 1, "score": 100}]},
    "step": {"above": {**STAIR, "at_most": 5}, "below": {**STAIR, "at_most": 9}, "partial": True},
    "base_and_bonus": {"base": 50, "above": STAIR, "cap": 60, "below": STAIR, "floor": 0, "partial": False},
    "piecewise_linear": {"anchors": [{"at": "0.5", "score": 0}, {"at": 1, "score": 100}]},
}
PLACES = range(1, 121)
OF_MANY = {
    "bands": {"bands": [{"from": 0, "score": 0}, *({"from": f"{n / 100}", "score": n} for n in PLACES)]},
    "piecewise_linear": {"anchors": [{"at": f"{n / 100}", "score": n} for n in PLACES]},
    "tolerance": {"limits": [{"up_to": f"{n / 100}", "score": 100} for n in PLACES] + [{"score": 0}]},
    "all_or_some": {"conditions": ["a >= 1"] * len(PLACES), "scores": [0] * len(PLACES) + [100]},
    "qualitative": {"levels": {f"level {n}": n for n in PLACES}, "out_of": 120},
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_declares_what_is_asked_of_it(name):
    kind = RULES[name]
    assert kind.name == name
    assert isinstance(kind.rule.needs, Needs)
    assert isinstance(kind.rule.parameters, Parameters)
    assert any(getattr(kind.rule.parameters, part.name) for part in fields(Parameters))
    # an abstract class has left out its score, its best, its solver or its formula
    assert not kind.rule.__abstractmethods__
    assert kind.rule.solve is not Rule.solve


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_a_formula_of_its_own_settings_and_of_the_line(name):
    cells = rule_of(RuleSpec(name, {**SOLVED, **SAMPLES}[name])).in_cells
    asked = set(re.findall(r"\{([^{}]+)\}", cells.formula))
    settings = {setting.name for setting in cells.settings}
    assert settings <= asked
    of_the_line = {asked for asked in asked - settings if not asked.startswith("measure:")}
    assert of_the_line <= {"attainment", "actual", "held_against", "events", "level"}


@pytest.mark.parametrize("name", ["bands", "piecewise_linear", "tolerance", "all_or_some", "qualitative"])
def test_a_rule_of_more_parts_than_a_formula_takes_has_none(name):
    assert rule_of(RuleSpec(name, OF_MANY[name])).in_cells is None


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
