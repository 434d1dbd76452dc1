"""KPIs without a weight: on the card with all that they have, and in no sum."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.card.card import score_card
from scoring.evidence import CertificateStatus
from scoring.known import Judgement
from scoring.kpi import Direction, RuleSpec
from scoring.pay import Gate, ProportionalPay
from scoring.policy import AppraisalShares, NotAvailable, ScoringPolicy
from scoring.working import Band
from tests.scoring.conftest import KPIS, MONTH, TARGETS, make_kpi, make_target

D = Decimal


def informing(kpi_id, number="10"):
    return replace(make_target(kpi_id, number, "0"), informs=True)


COUNTED = tuple(target for target in TARGETS if target.kpi_id != "posts")
COUNTED = (*COUNTED[:-1], make_target("rate", "0.05", "35"))
WITH_POSTS = (*COUNTED, informing("posts"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    posts=st.none() | st.integers(0, 30),
    leads=st.none() | st.integers(1, 150),
    not_available=st.sampled_from(NotAvailable),
    sums_unrounded=st.booleans(),
)
def test_a_kpi_for_information_changes_nothing_of_what_counts(
    inputs, posts, leads, not_available, sums_unrounded
):
    policy = ScoringPolicy(
        1,
        D(95),
        D(80),
        not_available,
        sums_unrounded,
        pay=ProportionalPay(D(2), D(0), D(1), 2),
        pay_gate=Gate(D(60), D(0)),
    )
    known = {"leads": leads, "posts": posts, "engagements": 30, "reach": 600, "spend": 500}
    measures = {name: str(value) for name, value in known.items() if value is not None}
    with_it = score_card(inputs(measures, targets=WITH_POSTS, policy=policy), 1)
    without = score_card(inputs(measures, targets=COUNTED, policy=policy), 1)
    assert (with_it.total, with_it.pay, with_it.total_weight) == (without.total, without.pay, D(100))
    assert with_it.certificate == without.certificate
    assert with_it.by_kpi["rate"] == without.by_kpi["rate"]
    shown = with_it.by_kpi["posts"]
    assert (shown.effective_weight, shown.points, shown.weight) == (0, None, 0)
    assert shown.score == (None if posts is None else min(D(posts * 10), D(120)))


def test_it_is_printed_with_its_score_and_status_in_an_area_that_may_have_none(inputs):
    targets = (make_target("leads", "100", "75"), make_target("cost", "5", "25"), informing("posts"))
    card = score_card(inputs({"leads": "90", "spend": "450", "posts": "9"}, targets=targets), 1)
    (area,) = [area for area in card.areas if area.area_id == "brand"]
    assert (area.score, area.weight, area.points, area.band) == (None, 0, None, Band.NOT_AVAILABLE)
    assert (card.by_kpi["posts"].score, card.by_kpi["posts"].band) == (90, Band.AMBER)
    assert card.total == D("92.5")


def test_a_card_whose_only_score_is_for_information_has_no_total(inputs):
    card = score_card(
        inputs({"posts": "9"}, targets=(make_target("leads", "100", "100"), informing("posts"))), 1
    )
    assert (card.total, card.by_kpi["posts"].score) == (None, 90)


def test_a_missing_one_holds_no_card(inputs):
    held = ScoringPolicy(1, D(95), D(80), NotAvailable.HOLD)
    card = score_card(
        inputs(
            {"leads": "90", "spend": "450", "engagements": "1", "reach": "20"},
            targets=WITH_POSTS,
            policy=held,
        ),
        1,
    )
    assert card.certificate.status is CertificateStatus.FINAL


@pytest.mark.parametrize(("events", "total"), [(0, D(100)), (1, D(50))])
def test_a_veto_strikes_whatever_it_weighs(inputs, events, total):
    veto = RuleSpec("veto", {"scope": "card", "value": 50})
    breach = replace(make_kpi("breach", "brand", "", Direction.LOWER), rule=veto)
    targets = (make_target("leads", "100", "100"), replace(informing("breach"), target=None))
    card = score_card(
        inputs(
            {"leads": "100"},
            kpis={**KPIS, "breach": breach},
            targets=targets,
            judgements={(MONTH, "breach"): Judgement(events=events)},
        ),
        1,
    )
    assert card.total == total


def test_nobody_marks_it(inputs):
    shares = AppraisalShares(D(50), D(0), D(50), D(120))
    policy = ScoringPolicy(1, D(95), D(80), appraisal=shares)
    card = score_card(
        inputs({"leads": "90", "posts": "9"}, targets=WITH_POSTS, policy=policy, appraiser_name="B"), 1
    )
    assert [line.kpi_id for line in card.appraisal.lines] == ["leads"]
