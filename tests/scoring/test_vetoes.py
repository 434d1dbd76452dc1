"""A veto sets its line, its area or the whole card, whatever else the month brought."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.known import Judgement
from scoring.kpi import Area, Direction, RuleSpec
from scoring.policy import NotAvailable, ScoringPolicy
from tests.scoring.conftest import KPIS, MEASURES, MONTH, TARGETS, both, make_kpi, make_target

D = Decimal

TINY = D("1e-25")
"""Weights that were scaled by a third are exact to 34 digits, not further."""


def veto_kpi(scope: str, value: str, kpi_id: str = "breach", area: str = "brand"):
    kpi = make_kpi(kpi_id, area, "", Direction.LOWER)
    return replace(kpi, rule=RuleSpec("veto", {"scope": scope, "value": value}))


# leads 90 x 40, cost 90 x 25, rate 100 x 20, posts 120 x 5; the veto has the last 10
WITH_VETO = (
    *TARGETS[:3],
    replace(TARGETS[3], weight=D(5)),
    replace(make_target("breach", "1", "10"), target=None),
)


@pytest.fixture
def card(inputs):
    def build(scope="card", value="0", events=1, measures=None, **changed):
        said = {} if events is None else {(MONTH, "breach"): Judgement(events=events)}
        parts = {
            "kpis": {**KPIS, "breach": veto_kpi(scope, value)},
            "targets": WITH_VETO,
            "judgements": said,
            **changed,
        }
        return score_card(inputs(measures, **parts), 1)

    return build


def lines(card):
    return {line.kpi_id: line for line in card.results}


def areas(card):
    return {area.area_id: area for area in card.areas}


@pytest.mark.parametrize("scope", ["kpi", "area", "card"])
def test_without_an_event_a_veto_is_a_full_score_and_changes_nothing_else(card, scope):
    found = card(scope, events=0)
    assert lines(found)["breach"].score == 100
    assert found.total == D("94.5")  # 36 + 22.5 + 20 + 6 + 10
    assert found.overruled_by is None
    assert [area.overruled_by for area in found.areas] == [None, None]


def test_a_veto_over_a_kpi_sets_its_own_line_only(card):
    found = card("kpi")
    assert lines(found)["breach"].score == 0
    assert (found.total, found.overruled_by) == (D("84.5"), None)


def test_a_veto_over_an_area_sets_its_score_and_points_but_no_score_of_a_kpi(card):
    found = card("area", "20")
    brand = areas(found)["brand"]
    assert (brand.score, brand.points, brand.overruled_by) == (D(20), D(7), "breach")
    assert {kpi_id: (line.score, line.points) for kpi_id, line in lines(found).items()} == {
        "leads": (D(90), D(36)),
        "cost": (D(90), D("22.5")),
        "rate": (D(100), D(4)),
        "posts": (D(120), D(1)),
        "breach": (D(20), D(2)),
    }
    assert (found.total, found.overruled_by) == (D("65.5"), None)
    assert areas(found)["promotion"].overruled_by is None


def test_what_a_line_brings_in_is_the_vetos_value_and_not_its_score(card):
    struck = lines(card("area", "20"))
    assert (struck["posts"].score, struck["posts"].counted, struck["posts"].overruled_by) == (
        120,
        20,
        "breach",
    )
    assert struck["leads"].counted == struck["leads"].score


def test_a_veto_over_the_card_sets_the_total_and_the_areas_stay(card):
    found = card("card", "40")
    assert (found.total, found.overruled_by) == (D(40), "breach")
    assert areas(found)["promotion"].score == 90
    assert found.total_history[-1].actual == 40


def test_a_veto_holds_where_nothing_else_is_available(card):
    assert card("card", "40", measures={}).total == 40
    brand = areas(card("area", "40", measures={}))["brand"]
    assert (brand.score, brand.points) == (D(40), D(40))


def test_a_veto_never_lifts_what_is_lower_without_it(card):
    low = {"leads": "10", "spend": "500", "engagements": "0", "reach": "600", "posts": "0"}
    without, vetoed = card("card", "99", events=0, measures=low), card("card", "99", measures=low)
    assert vetoed.total <= without.total
    assert vetoed.overruled_by is None
    assert areas(card("area", "99", measures=low))["brand"].overruled_by is None


def test_the_strictest_of_two_vetoes_wins(card):
    found = card(
        kpis={**KPIS, "breach": veto_kpi("card", "40"), "leak": veto_kpi("card", "30", "leak")},
        targets=(*WITH_VETO[:4], make_target("breach", "1", "5"), make_target("leak", "1", "5")),
        judgements={(MONTH, kpi_id): Judgement(events=2) for kpi_id in ("breach", "leak")},
    )
    assert (found.total, found.overruled_by) == (D(30), "leak")


def test_a_kpi_without_a_score_that_counts_as_zero_is_set_with_its_area(card):
    policy = ScoringPolicy(1, D(95), D(80), NotAvailable.ZERO)
    found = card("area", "20", measures={"leads": "90", "spend": "500", "posts": "30"}, policy=policy)
    assert areas(found)["brand"].score == 20
    assert (lines(found)["rate"].score, lines(found)["rate"].points) == (None, D(4))


measured = st.fixed_dictionaries({}, optional={name: st.integers(0, 2000).map(str) for name in MEASURES})
scopes = st.sampled_from(["kpi", "area", "card"])
values = st.integers(0, 999).map(lambda tenths: str(D(tenths) / 10))
policies = st.builds(
    ScoringPolicy,
    digits=st.integers(1, 3),
    green=st.just(D(95)),
    amber=st.just(D(80)),
    not_available=st.sampled_from(NotAvailable),
    sum_unrounded=st.booleans(),
)


@given(scopes, values, measured, policies, st.integers(1, 3))
def test_a_veto_always_wins_and_never_raises_a_total(scope, value, measures, policy, events):
    found, without = (_scored(scope, value, measures, policy, count) for count in (events, 0))
    assert found.total <= without.total
    assert found.total_weight == 100
    assert abs(sum(line.effective_weight for line in found.results) - 100) < TINY
    struck = {"kpi": lines(found)["breach"].score, "area": areas(found)["brand"].score, "card": found.total}
    assert struck[scope] <= D(value)
    overruled = {"kpi": True, "area": areas(found)["brand"].overruled_by, "card": found.overruled_by}
    assert struck[scope] == D(value) or not overruled[scope]
    for area in found.areas:
        points = [line.points for line in area.results if line.points is not None]
        assert abs((area.points or 0) - sum(points)) < TINY


def _scored(scope, value, measures, policy, events):
    return score_card(
        CardInputs(
            organisation=both("Org"),
            team_id="eu-brand",
            team_name=both("Brand"),
            manager_name="M",
            language="en",
            currency_code="EUR",
            period=MONTH,
            kpis={**KPIS, "breach": veto_kpi(scope, value)},
            areas=(Area("promotion", both("P")), Area("brand", both("B"))),
            targets=WITH_VETO,
            measures={(MONTH, name): D(number) for name, number in measures.items()},
            policy=policy,
            findings=(),
            rates=(),
            sources=(),
            history=2,
            judgements={(MONTH, "breach"): Judgement(events=events)},
        ),
        1,
    )
