"""Every formula of a workbook comes to what the engine says, worked out in binary as a spreadsheet does."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.card.card import score_card
from scoring.cells import InCells, looked_up, settings_of
from scoring.conditional import Asked, OnlyIf
from scoring.formula import Formula
from scoring.grading import grade_table
from scoring.kpi import Attainment, Direction, Method, RuleSpec
from scoring.pay import gate_of, pay_of
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.rules import Case, rule_of
from scoring.targets.attainment import attain, attainment_in_cells
from scoring.working import Reason
from tests.scoring import test_rules_agree as generated
from tests.scoring.spreadsheet import rounded, worked_out

D = Decimal
EXAMPLES = settings(max_examples=int(os.environ.get("SCORING_EXAMPLES", "60")), deadline=None)
HIGHER, LOWER, RANGE = Direction.HIGHER, Direction.LOWER, Direction.RANGE
BY_TARGET = {
    "proportional": generated.proportional_params(),
    "bands": generated.bands_params(),
    "step": generated.step_params(),
    "base_and_bonus": generated.base_and_bonus_params(),
    "piecewise_linear": generated.piecewise_params(),
    "tolerance": generated.tolerance_params(),
}
NUMBERS = generated.decimals(1, 200)
METHODS = st.one_of(
    st.just(Attainment()),
    st.just(Attainment(Method.COMPLEMENT)),
    st.builds(Attainment, st.just(Method.BASELINE), baseline=generated.decimals(-9, 9)),
    st.builds(Attainment, at_zero=generated.decimals(0, 2)),
)


def in_a_cell(attainment: Decimal) -> Decimal:
    return D(repr(round(float(attainment), 12)))


@pytest.mark.parametrize("name", BY_TARGET)
@EXAMPLES
@given(st.data(), generated.ACTUALS, NUMBERS, generated.DIRECTIONS)
def test_the_score_of_each_rule(name, data, actual, target, direction):
    attainment = attain(actual, target, direction)
    if isinstance(attainment, Reason):
        return
    rule = rule_of(RuleSpec(name, data.draw(BY_TARGET[name])))
    found = worked_out(rule.in_cells, actual=actual, held_against=target, attainment=in_a_cell(attainment))
    exact = rule.score(Case(direction, actual, target, attainment)).result
    assert rounded(found, 4) == pytest.approx(rounded(float(exact), 4), abs=1e-9)


def test_a_jump_counts_from_where_it_is_on():
    anchors = [("0.5", 0), ("0.8", 40), ("0.8", 60), ("1", 100), ("1.3", 110), ("1.3", 120)]
    params = {"anchors": [{"at": at, "score": score} for at, score in anchors]}
    rule = rule_of(RuleSpec("piecewise_linear", params))
    for at in ("0.2", "0.5", "0.7999", "0.8", "0.9", "1", "1.2999", "1.3", "2"):
        exact = rule.score(Case(HIGHER, attainment=D(at))).result
        assert worked_out(rule.in_cells, attainment=D(at)) == pytest.approx(float(exact))


@EXAMPLES
@given(generated.decimals(-50, 300), generated.decimals(0, 200), generated.DIRECTIONS, METHODS)
def test_the_attainment_of_each_method(actual, target, direction, how):
    exact = attain(actual, target, direction, how)
    if not isinstance(exact, Reason):
        found = worked_out(attainment_in_cells(direction, how), actual=actual, held_against=target)
        assert found == pytest.approx(float(exact), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("direction", "how"),
    [
        (HIGHER, Attainment()),
        (LOWER, Attainment()),
        (LOWER, Attainment(at_zero=D("1.2"))),
        (LOWER, Attainment(Method.COMPLEMENT)),
        (RANGE, Attainment()),
        (HIGHER, Attainment(Method.BASELINE, D(3))),
    ],
)
@pytest.mark.parametrize("actual", ["0", "4", "5", "7"])
def test_the_attainment_where_it_turns(direction, how, actual):
    cells = attainment_in_cells(direction, how)
    for target in (D(5), D(0)):
        exact = attain(D(actual), target, direction, how)
        if not isinstance(exact, Reason):
            found = worked_out(cells, actual=D(actual), held_against=target)
            assert found == pytest.approx(float(exact))


def test_what_ranks_nothing_is_no_number():
    assert math.isnan(worked_out(attainment_in_cells(LOWER), actual=D(0), held_against=D(5)))


@pytest.mark.parametrize(("actual", "steps"), [("1.15", 15), ("1.149999", 14), ("1.1", 10), ("1.07", 7)])
def test_a_whole_step_is_one_in_binary_too(actual, steps):
    side = {"per": "0.01", "points": 1, "at_most": 50}
    rule = rule_of(RuleSpec("step", {"above": side, "below": side, "partial": False}))
    assert worked_out(rule.in_cells, attainment=D(actual)) == 100 + steps
    assert worked_out(rule.in_cells, attainment=2 - D(actual)) == 100 - steps - (actual == "1.149999") * 0


def test_conditions_over_measures():
    asked = ["a >= 3", "a / b < 0.1", "b - abs(-a) > -2.5"]
    rule = rule_of(RuleSpec("all_or_some", {"conditions": asked, "scores": [0, 20, 60, 100]}))
    for a, b in (("3", "40"), ("3", "30"), ("2.99", "30"), ("5", "1"), ("3", "20")):
        measures = {"a": D(a), "b": D(b)}
        exact = rule.score(Case(HIGHER, measures=measures)).result
        assert worked_out(rule.in_cells, measure__a=D(a), measure__b=D(b)) == exact


def test_what_people_say():
    event = rule_of(RuleSpec("event", {"deduction": "8.5", "floor": 40}))
    veto = rule_of(RuleSpec("veto", {"scope": "kpi", "value": 30}))
    for events in (0, 1, 3, 12):
        for rule in (event, veto):
            exact = rule.score(Case(LOWER, events=events)).result
            assert worked_out(rule.in_cells, events=D(events)) == exact
    levels = {"good": 15, "Good": 10, "差": 0}
    rule = rule_of(RuleSpec("qualitative", {"levels": levels, "out_of": 15}))
    for level in levels:
        exact = rule.score(Case(HIGHER, level=level)).result
        assert worked_out(rule.in_cells, level=level) == pytest.approx(float(exact))
    assert math.isnan(worked_out(rule.in_cells, level="better"))


def test_a_formula_names_its_measures():
    found = Formula.parse("(a__last_year - abs(b)) / a * 1e2").in_cells
    assert found == "({measure:a__last_year} - ABS({measure:b})) / {measure:a} * 100.0"


GRADES = grade_table([("D", D(0)), ("C", D(70)), ("B", D("85.5"))])
TIERS = [{"from": 0, "coefficient": "0.1"}, {"from": 80, "coefficient": "0.8", "per_point": "0.015"}]
MATRIX = {
    "method": "matrix",
    "digits": 1,
    "rows": {"kpi": "leads", "from": [0, "0.8", 1]},
    "columns": {"kpi": "cost", "from": [0, "0.9"]},
    "cells": [["0.5", "0.6"], ["0.7", "0.85"], ["0.9", "1.2"]],
}
PAYS = (
    {"method": "bands", "digits": 2, "tiers": TIERS},
    {"method": "proportional", "digits": 2, "cap": "1.5", "floor": "0.5"},
    {"method": "excess", "digits": 2, "cap": "1.5", "floor": "0.5", "excess": 2},
    MATRIX,
)


@pytest.mark.parametrize("total", ["0", "12.3", "70", "79.9", "80", "85.5", "85.4", "100", "104.4", "150"])
def test_grade_and_pay(total):
    assert worked_out(GRADES.in_cells, total=D(total)) == GRADES.grade_of(D(total)).name
    reached = {"leads": D(total) / 100, "cost": D("0.9")}
    line = {f"attainment__{kpi_id}": value for kpi_id, value in reached.items()}
    for said in PAYS:
        pay = pay_of(said)
        found = rounded(worked_out(pay.in_cells, total=D(total), **line), pay.digits)
        assert found == float(pay.coefficient(D(total), reached).result)


def test_tables_that_are_too_long_for_a_formula():
    many = [{"from": n, "coefficient": n} for n in range(101)]
    assert pay_of({"method": "bands", "digits": 2, "tiers": many}).in_cells is None
    starts = [D(n) for n in range(11)]
    wide = {
        **MATRIX,
        "rows": {"kpi": "leads", "from": starts},
        "columns": {"kpi": "cost", "from": starts},
        "cells": [starts] * 11,
    }
    assert pay_of(wide).in_cells is None
    assert looked_up("{total}", [D(n) for n in range(101)], [D(0)] * 101) is None


def test_a_card_has_the_formulas_only_if_the_book_asks_for_a_workbook(inputs):
    policy = ScoringPolicy(1, D(95), D(80), grades=GRADES, pay=pay_of(PAYS[0]))
    assert score_card(inputs(policy=policy), 1).in_cells is None
    found = score_card(inputs(policy=replace(policy, has_workbook=True)), 1).in_cells
    assert (found.digits, found.sums_unrounded, found.gates) == (1, False, ())
    assert (found.grade, found.pay.coefficient) == (GRADES.in_cells, pay_of(PAYS[0]).in_cells)
    leads = found.lines[0]
    assert (leads.kpi_id, leads.unrounded) == ("leads", D(90))
    assert leads.attainment == InCells("{actual}/{held_against}")
    assert leads.score.settings == settings_of(cap=D(120), floor=D(0))


def test_the_gates_of_the_book_go_along(inputs):
    gates = (OnlyIf((Asked("leads", D(95)),), D(60), area="brand"),)
    said = {**PAYS[0], "gate": {"lowest_score": 60, "coefficient": "0.3"}}
    policy = ScoringPolicy(
        1, D(95), D(80), NotAvailable.ZERO, pay=pay_of(said), pay_gate=gate_of(said), only_if=gates
    )
    values = {"leads": "90", "spend": "500", "posts": "13"}
    found = score_card(inputs(values, policy=replace(policy, has_workbook=True)), 1).in_cells
    assert found.gates == gates
    assert (found.pay.lowest_score, found.pay.at_most) == (D(60), D("0.30"))
    # the rate has no score, and counts as 0
    assert (found.pay.asked, found.pay.counts_0) == (("leads", "cost", "posts"), True)
    without = next(line for line in found.lines if line.kpi_id == "rate")
    assert (without.attainment, without.score, without.unrounded) == (None, None, None)
