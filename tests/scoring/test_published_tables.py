"""Rules that published tables state, with the answers that they state."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.card.line import score_line
from scoring.errors import BookError
from scoring.known import Known
from scoring.kpi import Attainment, Direction, Method, RuleSpec
from scoring.rules import Case, rule_of
from scoring.rules.threshold import Threshold
from scoring.targets.terms import targets_of
from tests.scoring.conftest import MONTH, make_kpi, make_target

D = Decimal
LEADS = make_kpi("leads", "promotion", "leads")


def scored(value, target, rule, kpi=LEADS, how=None):
    (terms,) = targets_of([make_target("leads", target, "100")], MONTH)
    kpi = replace(kpi, rule=rule, attainment=how or kpi.attainment)
    return score_line(kpi, terms, Known({"leads": D(value)}), 2).score


def anchors(*pairs):
    return RuleSpec("piecewise_linear", {"anchors": [{"at": at, "score": score} for at, score in pairs]})


JUMP = anchors(("0.5", "0"), ("0.5", "80"), ("1", "100"), ("1.25", "120"))


@pytest.mark.parametrize(
    ("value", "score"),
    [("8", "0"), ("9.99", "0"), ("10", "80"), ("14", "88"), ("20", "100"), ("23", "112"), ("30", "120")],
)
def test_below_10_nothing_and_from_there_on_a_line(value, score):
    assert scored(value, "20", JUMP) == D(score)


def test_what_if_finds_the_jump():
    solved = [rule_of(JUMP).solve(D(score)) for score in (0, 1, 80, 90)]
    assert solved == [Threshold(D(0)), Threshold(D("0.5")), Threshold(D("0.5")), Threshold(D("0.75"))]


@pytest.mark.parametrize(("value", "score"), [("0.99", "80"), ("1", "100"), ("2", "100")])
def test_a_line_may_end_with_a_jump(value, score):
    ending = anchors(("0.5", "80"), ("1", "80"), ("1", "100"))
    assert rule_of(ending).score(Case(Direction.HIGHER, attainment=D(value))).result == D(score)


def test_two_anchors_that_say_the_same_or_fall_at_one_place_are_refused():
    for second in ("0", "-1"):
        with pytest.raises(BookError, match="expected anchors that rise"):
            rule_of(anchors(("0.5", "0"), ("0.5", second), ("1", "100")))


@pytest.mark.parametrize(("value", "off"), [("0.98", 0), ("0.75", 23), ("0.975", "0.5"), ("1", -2)])
def test_steps_in_percentage_points_are_those_from_a_baseline_one_below_the_target(value, off):
    side = {"per": "0.01", "points": "1", "at_most": "100"}
    rule = RuleSpec("step", {"above": side, "below": side, "partial": True})
    assert scored(value, "0.98", rule, how=Attainment(Method.BASELINE, D("-0.02"))) == 100 - D(off)


@pytest.mark.parametrize(
    ("value", "score"), [("620", "50"), ("1313", "75.16"), ("1997", "100"), ("2400", "150"), ("100", "50")]
)
def test_anchors_in_the_kpis_own_unit_are_those_from_a_baseline_one_below_the_target(value, score):
    rule = anchors(("-1376", "50"), ("1", "100"), ("404", "150"))
    assert scored(value, "1997", rule, how=Attainment(Method.BASELINE, D(1996))) == D(score)


@pytest.mark.parametrize(
    ("value", "score"),
    [("79.9", 0), ("80", 50), ("90", 80), ("99", 80), ("100", 100), ("109", 100), ("110", 120), ("120", 150)],
)
def test_bands_begin_at_their_edge(value, score):
    starts = (("0", 0), ("0.8", 50), ("0.9", 80), ("1", 100), ("1.1", 120), ("1.2", 150))
    rule = RuleSpec("bands", {"bands": [{"from": start, "score": each} for start, each in starts]})
    assert scored(value, "100", rule) == score
