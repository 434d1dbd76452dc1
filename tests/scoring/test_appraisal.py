"""The appraised total: shares of three voices, the system's score untouched, and what waits for a mark."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.canonical import from_json, to_json
from scoring.card.card import score_card
from scoring.evidence import EntryEvidence
from scoring.grading import grade_table
from scoring.known import Judgement
from scoring.kpi import Direction, RuleSpec
from scoring.marks import Mark, MissingMark
from scoring.pay import ProportionalPay
from scoring.policy import AppraisalShares, NotAvailable, ScoringPolicy
from tests.scoring.conftest import KPIS, MEASURES, MONTH, TARGETS, make_kpi, make_target

D = Decimal
SHARES = AppraisalShares(D(70), D(10), D(20), cap=D(120))
POLICY = ScoringPolicy(
    1,
    D(95),
    D(80),
    grades=grade_table([("C", D(0)), ("B", D(80)), ("A", D(95))]),
    pay=ProportionalPay(D("1.2"), D("0.5"), D(1), 2),
    appraisal=SHARES,
)
SYSTEM = {"leads": D(90), "cost": D(90), "rate": D(100), "posts": D(120)}


def mark(score, by="Ana", comment=""):
    return Mark(D(score), comment, by, "2026-11-02")


def marks(own="90", superior="80", kpis=tuple(SYSTEM)):
    return {
        (MONTH, kpi_id): Judgement(
            self_mark=None if own is None else mark(own),
            superior_mark=None if superior is None else mark(superior, "Tove"),
        )
        for kpi_id in kpis
    }


@pytest.fixture
def card(inputs):
    def build(judgements, policy=POLICY, measures=None, appraiser_name="Tove", **changed):
        given = {"policy": policy, "judgements": judgements, "appraiser_name": appraiser_name, **changed}
        return score_card(inputs(measures, **given), 1)

    return build


def test_an_appraised_total_by_hand(card):
    found = card(marks())
    assert {line.kpi_id: line.appraised for line in found.appraisal.lines} == {
        "leads": D(88),  # 63 + 9 + 16
        "cost": D(88),
        "rate": D(95),
        "posts": D(109),
    }
    # 88 x 40 + 88 x 25 + 95 x 20 + 109 x 15 = 9255
    assert (found.total, found.appraisal.total, found.appraisal.system_total) == (
        D("92.6"),
        D("92.6"),
        D("96.5"),
    )
    assert (found.grade, found.pay.result) == ("B", D("0.93"))
    assert found.total_history[-1].actual == D("92.6")


def test_the_score_of_the_system_is_never_overwritten(card):
    found = card(marks("0", "0"))
    assert {line.kpi_id: line.score for line in found.results} == SYSTEM
    assert {line.kpi_id: line.system for line in found.appraisal.lines} == SYSTEM
    assert [area.score for area in found.areas] == [D(90), D("108.6")]


def test_while_a_mark_is_missing_the_total_is_the_systems_and_grade_and_pay_are_not_there(card):
    said = {**marks(kpis=("leads", "cost", "rate")), **marks(own=None, kpis=("posts",))}
    found = card(said)
    assert found.appraisal.missing == (MissingMark("posts", "self"),)
    assert (found.total, found.appraisal.total, found.grade, found.pay) == (D("96.5"), None, None, None)
    posts = found.appraisal.lines[-1]
    assert (posts.superior_mark.score, posts.appraised) == (D(80), None)


def test_without_any_mark_every_voice_is_waited_for(card):
    assert len(card({}).appraisal.missing) == 8


def test_a_voice_without_a_share_is_not_waited_for(card):
    found = card(marks(own=None), replace(POLICY, appraisal=replace(SHARES, self_=D(0), superior=D(30))))
    assert found.appraisal.missing == ()
    assert found.appraisal.lines[0].appraised == 87  # 0.7 x 90 + 0.3 x 80


def test_a_team_without_an_appraiser_and_a_book_without_shares_have_no_appraisal(card):
    assert card(marks(), appraiser_name=None).appraisal is None
    assert card(marks(), replace(POLICY, appraisal=None)).appraisal is None
    assert card(marks(), appraiser_name=None).grade == "A"


def test_a_kpi_without_a_score_is_neither_marked_nor_waited_for(card):
    found = card(
        marks(kpis=("leads", "cost", "posts")), measures={"leads": "90", "spend": "500", "posts": "13"}
    )
    assert [line.kpi_id for line in found.appraisal.lines] == ["leads", "cost", "posts"]
    assert found.appraisal.missing == ()
    # (88 x 40 + 88 x 25 + 109 x 15) / 80
    assert found.total == D("91.9")


def test_a_kpi_that_counts_as_zero_counts_so_for_all_three(card):
    policy = replace(POLICY, not_available=NotAvailable.ZERO)
    found = card(marks(), policy, measures={"leads": "90", "spend": "500", "posts": "13"})
    rate = found.appraisal.lines[2]
    assert (rate.kpi_id, rate.is_given, rate.appraised) == ("rate", True, D(0))


def test_a_month_without_any_score_is_not_appraised(card):
    found = card(marks(), measures={})
    assert (found.total, found.appraisal) == (None, None)


SPOKEN = (
    replace(make_target("slips", "1", "10"), target=None),
    replace(make_target("care", "1", "5"), target=None),
)
JUDGED = {
    "slips": replace(
        make_kpi("slips", "brand", "", Direction.LOWER), rule=RuleSpec("event", {"deduction": 4, "floor": 0})
    ),
    "care": replace(
        make_kpi("care", "brand", ""),
        rule=RuleSpec("qualitative", {"levels": {"good": 10, "poor": 2}, "out_of": 10}),
    ),
}


def test_where_people_already_spoke_their_word_stands_for_all_three(card):
    said = {
        **marks(),
        (MONTH, "slips"): Judgement(events=2, superior_mark=mark("120")),
        (MONTH, "care"): Judgement(level="good"),
    }
    found = card(said, kpis={**KPIS, **JUDGED}, targets=(*TARGETS[:3], *SPOKEN))
    assert found.appraisal.missing == ()
    assert [(line.kpi_id, line.system, line.appraised) for line in found.appraisal.lines[-2:]] == [
        ("slips", D(92), D(92)),
        ("care", D(100), D(100)),
    ]
    slips = next(line for line in found.results if line.kpi_id == "slips")
    assert (slips.actual, slips.history[-1].actual, slips.target) == (D(2), D(2), None)


@pytest.mark.parametrize("scope", ["card", "area"])
def test_no_mark_lifts_what_a_veto_set(card, scope):
    breach = replace(
        make_kpi("breach", "brand", "", Direction.LOWER), rule=RuleSpec("veto", {"scope": scope, "value": 10})
    )
    found = card(
        {**marks("120", "120"), (MONTH, "breach"): Judgement(events=1)},
        kpis={**KPIS, "breach": breach},
        targets=(*TARGETS[:3], replace(make_target("breach", "1", "15"), target=None)),
    )
    brand = {
        line.kpi_id: line.appraised for line in found.appraisal.lines if line.kpi_id in ("rate", "breach")
    }
    if scope == "card":
        assert (found.total, found.overruled_by, found.grade) == (D(10), "breach", "C")
    else:
        assert brand == {"rate": D(10), "breach": D(10)}
        assert found.total == D("67.9")  # (99 x 65 + 10 x 35) / 100


def test_past_months_are_appraised_by_what_was_said_of_them(inputs):
    past = MONTH.shift(-1)
    measures = {(period, name): D(value) for period in (past, MONTH) for name, value in MEASURES.items()}
    said = {**marks(), **{(past, kpi_id): said for (_, kpi_id), said in marks("60", "60").items()}}
    everything = replace(inputs(policy=POLICY, judgements=said, appraiser_name="Tove"), measures=measures)
    found = score_card(everything, 1)
    # 0.7 x 96.5 + 0.3 x 60
    assert [point.actual for point in found.total_history] == [None, D("85.6"), D("92.6")]


def test_an_appraised_card_comes_back_from_its_json_with_who_said_what(card):
    entry = EntryEvidence("leads", "self", "90", "hard month", "Ana", "2026-11-02", "form.xlsx", "a" * 64)
    found = card(marks(), reviewer_name="Ola", entries=(entry,))
    assert from_json(to_json(found)) == found
    assert found.entries == (entry,)


scores = st.integers(0, 1200).map(lambda tenths: D(tenths) / 10)
some_shares = st.tuples(st.integers(1, 99), st.integers(0, 99)).filter(lambda pair: sum(pair) <= 100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(scores, scores), min_size=4, max_size=4), some_shares)
def test_the_appraised_total_agrees_with_fractions(card, given_marks, shares):
    system, own = shares
    policy = replace(POLICY, appraisal=AppraisalShares(D(system), D(own), D(100 - system - own), D(120)))
    said = {
        (MONTH, kpi_id): Judgement(self_mark=mark(one), superior_mark=mark(two))
        for kpi_id, (one, two) in zip(SYSTEM, given_marks, strict=True)
    }
    found = card(said, policy)
    weights = {target.kpi_id: Fraction(target.weight) for target in TARGETS}
    exact = sum(
        weights[kpi_id]
        * (system * Fraction(SYSTEM[kpi_id]) + own * Fraction(one) + (100 - system - own) * Fraction(two))
        / 10000
        for kpi_id, (one, two) in zip(SYSTEM, given_marks, strict=True)
    )
    tenths, rest = divmod(exact * 10, 1)
    assert found.total == D(int(tenths) + (rest >= Fraction(1, 2))) / 10
    assert {line.kpi_id: line.score for line in found.results} == SYSTEM


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores, scores, scores)
def test_a_better_mark_never_lowers_the_total(card, one, two, other):
    low, high = sorted((one, two))
    assert card(marks(low, other)).total <= card(marks(high, other)).total
    assert card(marks(other, low)).total <= card(marks(other, high)).total
