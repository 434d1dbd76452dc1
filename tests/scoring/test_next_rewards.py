"""The least that would reach the next grade or pay tier."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.aims import Basis, Cumulative, Growth, Milestone, Range
from scoring.grading import grade_table
from scoring.known import Judgement, Known
from scoring.kpi import Direction, RuleSpec
from scoring.pay import BandedPay, MatrixPay, ProportionalPay, Tier
from scoring.policy import ScoringPolicy
from scoring.targets.terms import targets_of
from scoring.what_if.next_rewards import next_rewards
from scoring.what_if.outcome import Change, changed, outcome
from tests.scoring.conftest import KPIS, MEASURES, TARGETS, make_kpi, make_target
from tests.scoring.conftest import MONTH as OCTOBER

D = Decimal
GRADES = grade_table([("C", D(0)), ("B", D(80)), ("A", D(100)), ("S", D(115))])
POLICY = ScoringPolicy(1, D(95), D(80), grades=GRADES)
TERMS = targets_of(TARGETS, OCTOBER)
MONTH = {name: D(value) for name, value in MEASURES.items()}
TIERS = BandedPay((Tier(D(0), D(0)), Tier(D(70), D("0.8")), Tier(D(98), D("0.8")), Tier(D(104), D(1))), 2)
NO_GRADES = ScoringPolicy(1, D(95), D(80))


def rewards(policy, measures=MONTH):
    return next_rewards(outcome(KPIS, TERMS, Known(measures), policy), policy)


def test_each_kpi_alone_says_what_it_would_take():
    # 96.5 must become 99.95: 345 more weighted points, so 8.625 more for leads (weight 40) and so on
    (reward,) = next_rewards(outcome(KPIS, TERMS, Known(MONTH), POLICY), POLICY)
    assert (reward.grade, reward.total) == ("A", D(100))
    # leads 98.65 of 100, cost 5 / 1.0375, posts beyond the cap; the rate's digits are none here
    assert {need.kpi_id: need.actual for need in reward.needs} == {
        "leads": D(99),
        "cost": D(4),
        "rate": D(1),
        "posts": None,
    }


def test_at_the_top_there_is_no_next_grade():
    best = changed(
        MONTH, [Change.parse("leads=500"), Change.parse("posts=50"), Change.parse("engagements=99")]
    )
    assert outcome(KPIS, TERMS, Known(best), POLICY).grade == "S"
    assert next_rewards(outcome(KPIS, TERMS, Known(best), POLICY), POLICY) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    leads=st.integers(1, 150),
    posts=st.integers(0, 15),
    engagements=st.integers(0, 60),
    unrounded=st.booleans(),
)
def test_the_least_reaches_the_grade_and_one_less_does_not(leads, posts, engagements, unrounded):
    policy = replace(POLICY, sum_unrounded=unrounded, pay=TIERS)
    measures = {**MONTH, "leads": D(leads), "posts": D(posts), "engagements": D(engagements)}
    now = outcome(KPIS, TERMS, Known(measures), policy)
    for reward in next_rewards(now, policy):
        # of these KPIs, posts is a measure by itself, so it can be set alone
        wanted = next((need.actual for need in reward.needs if need.kpi_id == "posts"), None)
        if wanted is not None:
            reached = outcome(KPIS, TERMS, Known({**measures, "posts": wanted}), policy)
            missed = outcome(KPIS, TERMS, Known({**measures, "posts": wanted - 1}), policy)
            assert reached.total >= reward.total
            assert missed.total < reward.total


def test_the_next_pay_tier_is_the_first_that_pays_more():
    # 96.5 has 0.8, and so has the tier from 98
    (reward,) = rewards(replace(NO_GRADES, pay=TIERS))
    assert (reward.total, reward.coefficient, reward.grade) == (D(104), D(1), None)
    assert {need.kpi_id for need in reward.needs} == {"leads", "cost", "rate", "posts"}


def test_grade_and_pay_tier_are_two_rewards():
    assert [reward.grade for reward in rewards(replace(POLICY, pay=TIERS))] == ["A", None]


def test_pay_in_proportion_has_no_tiers_and_neither_has_the_top():
    assert rewards(replace(NO_GRADES, pay=ProportionalPay(D("1.5"), D(0), D(2), 2))) == ()
    top = BandedPay((Tier(D(0), D(1)),), 2)
    assert rewards(replace(NO_GRADES, pay=top)) == ()


def test_a_matrix_has_a_reward_by_either_kpi_with_the_actual_at_the_next_band():
    # leads are at 0.9 of 100, posts at 1.3 of 10
    starts = (D(0), D("0.95"), D(1))
    cells = ((D(0), D("0.5"), D("0.6")), (D(0), D("0.6"), D("0.6")), (D("0.5"), D("0.8"), D("1.2")))
    matrix = MatrixPay("leads", starts, "posts", (D(0), D(1), D("1.5")), cells, 2)
    found = rewards(replace(NO_GRADES, pay=matrix))
    told = [(g.total, g.coefficient, [(n.kpi_id, n.actual) for n in g.needs]) for g in found]
    assert told == [(None, D("0.6"), [("leads", D(95))]), (None, D("0.6"), [("posts", D(15))])]


def test_a_matrix_whose_next_bands_pay_no_more_has_no_reward():
    flat = MatrixPay("leads", (D(0), D(1)), "posts", (D(0), D(2)), ((D(1), D(1)), (D(1), D(1))), 2)
    assert rewards(replace(NO_GRADES, pay=flat)) == ()


def test_without_a_total_there_is_no_reward():
    assert rewards(replace(POLICY, pay=TIERS), {}) == ()


def need(kpi, row, known):
    (terms,) = targets_of([row], OCTOBER)
    (reward,) = next_rewards(outcome({kpi.id: kpi}, [terms], known, POLICY), POLICY)
    return reward.needs[0].actual


LEADS_IN_RANGE = make_kpi("leads", "promotion", "leads", Direction.RANGE)
RANGE = replace(make_target("leads", "0", "100"), target=None, aim=Range(D(200), D(220)))


def test_what_a_range_a_year_to_date_growth_and_a_milestone_would_take():
    # both are at C, and B is from 80: 200 x 0.8 and 220 / 0.8
    assert need(LEADS_IN_RANGE, RANGE, Known({"leads": D(100)})) == 160
    assert need(LEADS_IN_RANGE, RANGE, Known({"leads": D(400)})) == 275
    to_date = replace(make_target("leads", "365", "100"), aim=Cumulative())
    assert need(KPIS["leads"], to_date, Known({"leads__year_to_date": D(290)})) == 304
    growth = replace(make_target("leads", "0.1", "100"), aim=Growth(Basis.PREVIOUS_PERIOD))
    assert need(KPIS["leads"], growth, Known({"leads": D(100), "leads__previous": D(100)})) == 110
    launch = make_kpi("launch", "promotion", "", Direction.LOWER)
    due = replace(make_target("launch", "0", "100"), target=None, aim=Milestone(date(2026, 1, 10)))
    assert need(launch, due, Known({}, {"launch": Judgement(done_on=date(2026, 1, 20))})) is None


def test_conditions_have_no_actual_to_reach():
    spec = RuleSpec("all_or_some", {"conditions": ["leads >= 100"], "scores": [50, 100]})
    for direction in Direction:
        kpi = replace(make_kpi("leads", "promotion", "", direction), rule=spec)
        assert need(kpi, make_target("leads", "1", "100"), Known({"leads": D(9)})) is None


def test_a_matrix_over_a_range_says_the_actual_of_its_next_band():
    matrix = MatrixPay("leads", (D(0), D("0.8")), "posts", (D(0), D(9)), ((D(0), D(0)), (D(1), D(1))), 2)
    kpis = {**KPIS, "leads": LEADS_IN_RANGE}
    terms = targets_of([RANGE, TARGETS[-1]], OCTOBER)
    known = Known({"leads": D(100), "posts": D(10)})
    policy = replace(NO_GRADES, pay=matrix)
    (reward,) = next_rewards(outcome(kpis, terms, known, policy), policy)
    assert [(n.kpi_id, n.actual) for n in reward.needs] == [("leads", D(160))]


def test_nothing_lifts_a_total_that_a_veto_holds_down():
    breach = replace(
        KPIS["posts"], id="breach", formula="", rule=RuleSpec("veto", {"scope": "card", "value": "0"})
    )
    rows = (*TERMS, *targets_of((make_target("breach", "1", "10"),), OCTOBER))
    known = Known(MONTH, {"breach": Judgement(events=1)})
    now = outcome({**KPIS, "breach": breach}, rows, known, POLICY)
    assert now.total == 0
    assert next_rewards(now, POLICY) == ()


@pytest.mark.parametrize(
    ("scope", "needs"), [("card", []), ("area", [("leads", None), ("posts", D(10))])], ids=str
)
def test_what_a_veto_would_hold_down_later_is_not_proposed(scope, needs):
    """Both KPIs are at 50, under the veto's 60: it sets nothing now, and would with more leads."""
    breach = replace(
        make_kpi("breach", "promotion", ""), rule=RuleSpec("veto", {"scope": scope, "value": "60"})
    )
    rows = (
        make_target("leads", "100", "60"),
        make_target("posts", "10", "40"),
        replace(make_target("breach", "1", "0"), target=None, informs=True),
    )
    known = Known({"leads": D(50), "posts": D(5)}, {"breach": Judgement(events=1)})
    policy = replace(NO_GRADES, grades=grade_table([("C", D(0)), ("B", D(70))]))
    now = outcome({**KPIS, "breach": breach}, targets_of(rows, OCTOBER), known, policy)
    assert now.total == 50
    found = [(each.kpi_id, each.actual) for reward in next_rewards(now, policy) for each in reward.needs]
    assert found == needs
