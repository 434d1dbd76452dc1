"""Other measures, and the least that would reach the next grade."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.errors import UsageError
from scoring.grading import grade_table
from scoring.known import Known
from scoring.policy import ScoringPolicy
from scoring.whatif import Change, changed, next_grade, outcome
from tests.scoring.conftest import KPIS, MEASURES, TARGETS

D = Decimal
GRADES = grade_table([("C", D(0)), ("B", D(80)), ("A", D(100)), ("S", D(115))])
POLICY = ScoringPolicy(1, D(95), D(80), grades=GRADES)
MONTH = {name: D(value) for name, value in MEASURES.items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("leads=120", "120"),
        ("leads=+6", "96"),
        ("leads=-6.5", "83.5"),
        ("leads=+10%", "99"),
        ("leads=-10%", "81"),
    ],
)
def test_a_change_sets_or_moves_a_measure(text, value):
    assert changed(MONTH, [Change.parse(text)])["leads"] == D(value)


@pytest.mark.parametrize(
    "text", ["leads", "leads=", "=5", "leads=5%", "leads=+x", "Leads=5", "leads = 5", "leads=1e3"]
)
def test_what_is_no_change_is_refused_with_examples(text):
    with pytest.raises(UsageError, match=r"expected one such as leads=120, sqls=\+6"):
        Change.parse(text)


def test_a_measure_the_month_does_not_have_cannot_be_moved_but_set():
    with pytest.raises(UsageError, match="expected one of the month's measures"):
        changed(MONTH, [Change.parse("clicks=+5")])
    assert changed(MONTH, [Change.parse("clicks=5")])["clicks"] == 5


def test_a_change_moves_every_kpi_that_the_measure_is_in():
    before = outcome(KPIS, TARGETS, Known(MONTH), POLICY)
    after = outcome(KPIS, TARGETS, Known(changed(MONTH, [Change.parse("leads=+10")])), POLICY)
    assert (before.total, before.grade) == (D("96.5"), "B")
    # leads 100 of 100 -> 100; cost 500/100 = 5 -> 100
    assert [line.score for line in after.lines] == [100, 100, 100, 120]
    assert (after.total, after.grade) == (D(103), "A")


def test_each_kpi_alone_says_what_it_would_take():
    # 96.5 must become 99.95: 345 more weighted points, so 8.625 more for leads (weight 40) and so on
    goal = next_grade(outcome(KPIS, TARGETS, Known(MONTH), POLICY), POLICY)
    assert (goal.grade, goal.total) == ("A", D(100))
    assert {need.kpi_id: (need.score, need.actual) for need in goal.needs} == {
        "leads": (D("98.7"), D(99)),
        "cost": (D("103.8"), D(4)),
        "rate": (D("117.3"), D(1)),
        "posts": (D("143.0"), None),
    }


def test_at_the_top_there_is_no_next_grade():
    best = changed(
        MONTH, [Change.parse("leads=500"), Change.parse("posts=50"), Change.parse("engagements=99")]
    )
    assert outcome(KPIS, TARGETS, Known(best), POLICY).grade == "S"
    assert next_grade(outcome(KPIS, TARGETS, Known(best), POLICY), POLICY) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    leads=st.integers(1, 150),
    posts=st.integers(0, 15),
    engagements=st.integers(0, 60),
    unrounded=st.booleans(),
)
def test_the_least_reaches_the_grade_and_one_less_does_not(leads, posts, engagements, unrounded):
    policy = replace(POLICY, sum_unrounded=unrounded)
    measures = {**MONTH, "leads": D(leads), "posts": D(posts), "engagements": D(engagements)}
    now = outcome(KPIS, TARGETS, Known(measures), policy)
    goal = next_grade(now, policy)
    for need in goal.needs if goal else ():
        # of these KPIs, posts is a measure by itself, so it can be set alone
        if need.kpi_id == "posts" and need.actual is not None:
            reached = outcome(KPIS, TARGETS, Known({**measures, "posts": need.actual}), policy)
            missed = outcome(KPIS, TARGETS, Known({**measures, "posts": need.actual - 1}), policy)
            assert reached.total >= goal.total
            assert missed.total < goal.total
